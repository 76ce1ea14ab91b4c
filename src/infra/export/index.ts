export { chooseColumns, type Column, type ColumnKind, type Reader, type Tone } from './columns.js';
export { attachment, fileName } from './disposition.js';
export { EXPORT_FORMATS, sendExport, type ExportedList, type ExportFormat } from './send.js';
export { CELL_DATE, isFigure, tableRow, type TableCell } from './table.js';
