import { localAt } from '../../shared/zoned.js';
import { cellOf, headingsOf, type Cell, type Column, type Reader } from './columns.js';
import { writeSheet, type PlainCell, type Sheet } from './xlsx-sheet.js';
import { writeInThread } from './xlsx-thread.js';

/** Up to so many rows are written at once: tens of milliseconds. The library cannot pause on its way. */
const MOST_AT_ONCE = 200;

/** A table as an XLSX workbook of one sheet, written outside the event loop where it is long. */
export async function xlsxOf<Row>(
  title: string,
  columns: readonly Column<Row>[],
  groups: AsyncIterable<readonly Row[]>,
  reader: Reader,
): Promise<Uint8Array> {
  const rows: PlainCell[][] = [];
  for await (const group of groups) {
    for (const row of group) {
      rows.push(columns.map((column) => plainCell(cellOf(column, row, reader), reader)));
    }
  }
  const sheet: Sheet = { name: sheetName(title), headings: headingsOf(columns, reader), rows };
  return rows.length > MOST_AT_ONCE ? writeInThread(sheet) : writeSheet(sheet);
}

function plainCell(cell: Cell, { zone }: Reader): PlainCell {
  if (cell.value === null) return null;
  switch (cell.kind) {
    case 'text':
      return ['text', written(cell.value)];
    case 'number':
      return Number.isFinite(cell.value) ? ['number', cell.value] : null;
    case 'date':
      // A sheet knows no zones: it gets the time on the reader's clock as if it were UTC.
      return Number.isNaN(cell.value.getTime())
        ? null
        : ['date', Date.parse(`${localAt(cell.value, zone)}:00Z`)];
    case 'duration':
      return Number.isFinite(cell.value) ? ['duration', cell.value] : null;
  }
}

/** Longer texts make Excel offer to repair the file, and so do characters that XML 1.0 does not have. */
const LONGEST_TEXT = 32_767;
const written = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .slice(0, LONGEST_TEXT)
    .replace(/[\uD800-\uDBFF]$/, '');

/** Excel refuses these characters, an apostrophe at either end, and more than 31 characters. */
const sheetName = (title: string): string =>
  written(title)
    .replace(/[[\]:*?/\\\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 31)
    .replace(/[\uD800-\uDBFF]$/, '')
    .replace(/^'+|'+$/g, '')
    .trim() || '1';
