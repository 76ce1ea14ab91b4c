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
export {
  KEPT_DAYS,
  type ExportContent,
  type ExportedTable,
  type ExportKind,
  type ExportParameters,
  type ExportRecord,
  type FindActor,
  type WritingOptions,
  type WrittenExport,
} from './background/export.js';
export { createExports, type Exports, type TableExport } from './background/exports.js';
export { writeTable } from './background/table-content.js';
export { exportRecordView } from './background/exports.view.js';
