import { chooseColumns } from '../columns.js';
import { EXPORT_TYPES, exportedBytes, parseFormat } from '../send.js';
import type { ExportContent, ExportedTable } from './export.js';

/** A table as the content of a file. */
export const tableContent = <Row>(table: ExportedTable<Row>): ExportContent => ({
  title: table.title,
  async write({ format: wanted, columns: keys, reader, tell }) {
    const format = parseFormat(wanted);
    const rows = await table.rows();
    const list = { title: table.title, columns: chooseColumns(table.columns, keys), rows };
    const total = Array.isArray(rows) ? rows.length : null;
    await tell(0, total);
    const bytes = await exportedBytes(format, list, reader, (done) => tell(done, total));
    return { bytes, type: EXPORT_TYPES[format].replace(/;.*/, ''), extension: format };
  },
});
