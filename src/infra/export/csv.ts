import type * as CsvStringify from 'csv-stringify/sync';
import { lazyPackage } from '../../shared/lazy-package.js';
import { localAt } from '../../shared/zoned.js';
import { cellOf, headingsOf, type Cell, type Column, type Reader } from './columns.js';

const csvStringify = lazyPackage<typeof CsvStringify>('csv-stringify/sync');

/**
 * How Excel with Russian regional settings reads a file by a double click: semicolons, decimal commas, and a byte
 * order mark, without which it takes the file for windows-1251.
 */
const DIALECT = { delimiter: ';', record_delimiter: '\r\n', quote_record_delimiter: true } as const;
const BYTE_ORDER_MARK = '\uFEFF';

/** The cells of a table as CSV (RFC 4180 with semicolons), a piece for each group of rows. */
export async function* csvOf<Row>(
  columns: readonly Column<Row>[],
  groups: AsyncIterable<readonly Row[]>,
  reader: Reader,
): AsyncGenerator<string> {
  const { stringify } = csvStringify();
  yield BYTE_ORDER_MARK + stringify([headingsOf(columns, reader).map(defused)], DIALECT);
  for await (const rows of groups) {
    const lines = rows.map((row) => columns.map((column) => csvCell(cellOf(column, row, reader), reader)));
    yield stringify(lines, DIALECT);
  }
}

function csvCell(cell: Cell, { zone }: Reader): string {
  if (cell.value === null) return '';
  switch (cell.kind) {
    case 'text':
      return defused(cell.value);
    case 'number':
      return Number.isFinite(cell.value) ? String(cell.value).replace('.', ',') : '';
    case 'date':
      return dateText(cell.value, zone);
    case 'duration':
      return durationText(cell.value);
  }
}

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe in front.
 * https://owasp.org/www-community/attacks/CSV_Injection (full-width signs are read as formulas in some locales)
 */
const defused = (text: string): string =>
  /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;

/** "26.11.2026 14:05" on the reader's clock. */
function dateText(date: Date, zone: string): string {
  if (Number.isNaN(date.getTime())) return '';
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T(.+)$/.exec(localAt(date, zone)) ?? [];
  return `${day}.${month}.${year} ${time}`;
}

/** "1:05:00": hours, minutes, seconds; Excel reads it as a duration. */
function durationText(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '';
  const seconds = Math.round(Math.abs(milliseconds) / 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const text = `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return milliseconds < 0 && seconds > 0 ? `-${text}` : text;
}
