import type { English } from '../english.js';
import type { lists as ru } from '../ru/lists.js';

export const lists: English<typeof ru> = {
  any: 'All',
  show: 'Show',
  reset: 'Reset',
  from: 'from',
  to: 'to',
  total: '{{count}} in all',
  noneFound: 'Nothing matches these conditions.',
  order: 'Order',
  ascending: 'ascending',
  descending: 'descending',
  first: 'To the beginning',
  minutes_one: '{{count}} minute',
  minutes_other: '{{count}} minutes',
  save: 'Download the list',
  format: { xlsx: 'Excel', csv: 'CSV', json: 'JSON' },
  chooseColumns: 'Only some of the columns',
  columns: 'Columns',
};
