import { chooseColumns } from '../columns.js';
import { EXPORT_TYPES, exportedBytes, parseFormat } from '../send.js';
import type { ExportContent, ExportedTable, WritingOptions, WrittenExport } from './export.js';

/** Writes a table whose rows are read, or are read page by page. @throws DomainError `bad-input`, ThreadError */
export async function writeTable<Row>(
  table: Pick<ExportedTable<Row>, 'title' | 'columns'> & {
    readonly rows: Iterable<Row> | AsyncIterable<Row>;
  },
  { format: wanted, columns: keys, reader, tell }: WritingOptions,
): Promise<WrittenExport> {
  const format = parseFormat(wanted);
  const total = Array.isArray(table.rows) ? table.rows.length : null;
  await tell(0, total);
  const columns = chooseColumns(table.columns, keys);
  const bytes = await exportedBytes(format, { ...table, columns }, reader, (done) => tell(done, total));
  return { bytes, type: EXPORT_TYPES[format].replace(/;.*/, ''), extension: format };
}

/** A table as the content of a file. */
export const tableContent = <Row>(table: ExportedTable<Row>): ExportContent => ({
  title: table.title,
  write: async (options) => writeTable({ ...table, rows: await table.rows() }, options),
});
