import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import yauzl from 'yauzl';
import { decodeText } from '../../shared/decode-text.js';
import { DomainError } from '../../shared/errors.js';

/** A table as texts: dates `YYYY-MM-DD`, times `HH:MM`. */
export interface Table {
  readonly rows: readonly (readonly string[])[];
  readonly format: 'xlsx' | 'csv';
  /** How a text was encoded; '' for a workbook. */
  readonly encoding: '' | 'utf-8' | 'utf-16' | 'windows-1251';
}

export const MOST_ROWS = 3_000;
const MOST_CELLS = 40;
const LONGEST_CELL = 2_000;
/** A workbook is a ZIP: a small one may unpack to a huge one. */
const MOST_UNPACKED = 50 * 1024 * 1024;

const unreadable = (): DomainError =>
  new DomainError('table-unreadable', 400, { fields: { file: 'errors.field.tableUnreadable' } });
const tooLong = (): DomainError =>
  new DomainError('table-too-long', 400, { fields: { file: 'errors.field.tableTooLong' } });

/**
 * Reads a table from an uploaded file.
 * @throws DomainError `table-unreadable`, `table-too-long` (400), each naming the field `file`
 */
export async function readTable(path: string): Promise<Table> {
  const bytes = await readFile(path);
  const table = isZip(bytes) ? await fromWorkbook(bytes) : fromText(bytes);
  // Empty rows stay, so that a row's number is the one in the file.
  const cells = table.rows.map((row) =>
    row.slice(0, MOST_CELLS).map((cell) => cell.trim().slice(0, LONGEST_CELL)),
  );
  const rows = cells.slice(0, cells.findLastIndex((row) => row.some((cell) => cell !== '')) + 1);
  if (rows.length > MOST_ROWS) throw tooLong();
  if (rows.length === 0) throw unreadable();
  return { ...table, rows };
}

const isZip = (bytes: Buffer): boolean => bytes.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]));

async function fromWorkbook(bytes: Buffer): Promise<Table> {
  try {
    if ((await unpackedSize(bytes)) > MOST_UNPACKED) throw tooLong();
    const { default: readWorkbook } = await import('read-excel-file/node');
    const sheets = (await readWorkbook(bytes)) as unknown as {
      readonly data: readonly (readonly unknown[])[];
    }[];
    return { rows: (sheets[0]?.data ?? []).map((row) => row.map(cellText)), format: 'xlsx', encoding: '' };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw unreadable();
  }
}

const unpackedSize = (bytes: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error !== null) {
        reject(error);
        return;
      }
      let size = 0;
      zip.on('entry', (entry: { uncompressedSize: number }) => {
        size += entry.uncompressedSize;
        zip.readEntry();
      });
      zip.once('end', () => resolve(size));
      zip.once('error', reject);
      zip.readEntry();
    });
  });

/** Sheets count days from 1899: a time without a day lies there. */
const NO_DAY = Date.UTC(1901, 0, 1);

function cellText(value: unknown): string {
  if (value instanceof Date) {
    const iso = new Date(Math.round(value.getTime() / 60_000) * 60_000).toISOString();
    if (value.getTime() < NO_DAY) return iso.slice(11, 16);
    return iso.slice(11, 16) === '00:00' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
  }
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

/** A part of a day is a time that lost its format. */
function numberText(value: number): string {
  if (value <= 0 || value >= 1) return String(value);
  const minutes = Math.round(value * 24 * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function fromText(bytes: Buffer): Table {
  const { text, encoding } = decodeText(bytes);
  // No text has these; another kind of file does.
  if (/[^\P{Cc}\t-\r\u007f-\u009f]/u.test(text)) throw unreadable();
  try {
    const rows: string[][] = parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      to: MOST_ROWS + 1,
    });
    return { rows, format: 'csv', encoding };
  } catch {
    throw unreadable();
  }
}

/** The sign that stands most often in the first lines. */
function delimiterOf(text: string): string {
  const start = text.split(/\r?\n/).slice(0, 10).join('\n');
  const counted = [';', '\t', ','].map((sign) => [sign, start.split(sign).length - 1] as const);
  return counted.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}
