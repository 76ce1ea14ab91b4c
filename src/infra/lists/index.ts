export { defineList, type List, type ListSpec, type Wanted } from './define.js';
export {
  choiceFilter,
  linkedFilter,
  rangeFilter,
  recordFilter,
  textFilter,
  type Choice,
  type DateRange,
} from './filters.js';
export { address, exportView, listView, type ListView } from './list.view.js';
export { orderBy, pageOf, type RowsPage, type SortValue } from './rows.js';
