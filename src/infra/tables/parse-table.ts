import type * as CsvParse from 'csv-parse/sync';
import { decodeText } from '../../shared/decode-text.js';
import { lazyPackage } from '../../shared/lazy-package.js';
import { listZip, refuseZipBomb, ZipProblem } from '../../shared/zip.js';
import { TableProblem, type Table, type TableRule } from './table.js';

const csvParse = lazyPackage<typeof CsvParse>('csv-parse/sync');

export const MOST_ROWS = 20_000;
const MOST_CELLS = 60;
const LONGEST_CELL = 2_000;
/** A workbook is a ZIP archive: a small one may unpack to a huge one. */
const MOST_UNPACKED = 200 * 1024 * 1024;

export const isWorkbook = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/**
 * Reads a table in this thread. What kind of file it is, its content says, not its name.
 * @throws TableProblem
 */
export async function parseTable(bytes: Buffer, rule: TableRule = {}): Promise<Table> {
  const { mostRows = MOST_ROWS, longestCell = LONGEST_CELL } = rule;
  const table = isWorkbook(bytes) ? await fromWorkbook(bytes, rule) : fromText(bytes, mostRows);
  const cells = table.rows.map((row) =>
    row.slice(0, MOST_CELLS).map((cell) => cell.trim().slice(0, longestCell)),
  );
  const rows = cells.slice(0, cells.findLastIndex((row) => row.some((cell) => cell !== '')) + 1);
  if (rows.length > mostRows) throw new TableProblem('tooLong');
  if (rows.length === 0) throw new TableProblem('empty');
  return { ...table, rows };
}

async function fromWorkbook(bytes: Buffer, rule: TableRule): Promise<Table> {
  try {
    await refuseZipBomb(bytes, rule.mostUnpacked ?? MOST_UNPACKED);
    const { default: readWorkbook } = await import('read-excel-file/node');
    const [sheet] = await readWorkbook(bytes);
    const rows = (sheet?.data ?? []).map((row) => row.map((cell) => cellText(cell, rule)));
    return { rows, format: 'xlsx', encoding: '' };
  } catch (error) {
    const isTooLong = error instanceof ZipProblem && error.key === 'zipBig';
    // The library for workbooks has no error class of its own.
    throw new TableProblem(isTooLong ? 'tooLong' : 'unreadable', { cause: error });
  }
}

/** Bytes that an archive unpacks to, by its own list. @throws ZipProblem */
export const unpackedSize = async (bytes: Buffer): Promise<number> =>
  (await listZip(bytes)).reduce((sum, { size }) => sum + size, 0);

/** Sheets count days from 1899: a time without a day lies there. */
const NO_DAY = Date.UTC(1901, 0, 1);

function cellText(value: unknown, { timesOfDay = false }: TableRule): string {
  if (value instanceof Date) {
    const iso = new Date(Math.round(value.getTime() / 60_000) * 60_000).toISOString();
    if (value.getTime() < NO_DAY) return iso.slice(11, 16);
    return iso.slice(11, 16) === '00:00' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
  }
  if (typeof value === 'number')
    return timesOfDay && value > 0 && value < 1 ? clockText(value) : String(value);
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

/** A part of a day as `HH:MM`. */
function clockText(part: number): string {
  const minutes = Math.round(part * 24 * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function fromText(bytes: Buffer, mostRows: number): Table {
  const { text, encoding } = decodeText(bytes);
  // No text has these; another kind of file does.
  if (/[^\P{Cc}\t-\r\u007f-\u009f]/u.test(text)) throw new TableProblem('kind');
  try {
    const rows: string[][] = csvParse().parse(text, {
      delimiter: delimiterOf(text),
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      to: mostRows + 1,
    });
    return { rows, format: 'csv', encoding };
  } catch {
    throw new TableProblem('unreadable');
  }
}

const LOOKED_AT = 10;

/**
 * The sign that parts the cells: the one that stands in the most of the first lines, outside quotes, and among equals
 * the one that stands there most often. Commas inside texts and a title above the table do not mislead.
 */
function delimiterOf(text: string): string {
  const lines = text
    .slice(0, 100_000)
    .replace(/"[^"]*"/g, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, LOOKED_AT);
  const counted = [';', '\t', ','].map((sign) => {
    const counts = lines.map((line) => line.split(sign).length - 1);
    return {
      sign,
      lines: counts.filter((count) => count > 0).length,
      signs: counts.reduce((total, count) => total + count, 0),
    };
  });
  return counted.reduce((best, next) =>
    next.lines > best.lines || (next.lines === best.lines && next.signs > best.signs) ? next : best,
  ).sign;
}
