export { chooseColumns, type Column, type ColumnKind, type Reader, type Tone } from './columns.js';
export { fileName } from './file-name.js';
export {
  EXPORT_FORMATS,
  EXPORT_TYPES,
  exportedBytes,
  sendExport,
  type ExportedList,
  type ExportFormat,
} from './send.js';
export { CELL_DATE, isFigure, tableRow, type TableCell } from './table.js';
