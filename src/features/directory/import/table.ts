import { parse } from 'csv-parse/sync';
import { fromBufferPromise } from 'yauzl';
import { decodeText } from '../../../shared/decode-text.js';
import { DomainError } from '../../../shared/errors.js';

/** Rows of cells, as they stand in the file; the first row is line 1. */
export type Table = readonly (readonly string[])[];

export const MOST_ROWS = 20_000;
const MOST_CELLS = 60;
/** An XLSX file is a ZIP archive: what it becomes is known before it is unpacked. */
const MOST_UNPACKED = 200 * 1024 * 1024;

export type TableFault = 'tableUnreadable' | 'tableTooLarge' | 'tableEmpty' | 'tableKind';

/** @throws DomainError `bad-input` on `file` */
const fault = (what: TableFault): DomainError =>
  new DomainError('bad-input', 400, { fields: { file: `errors.field.${what}` } });

/** The sign that parts the cells: the one that stands most often in the first lines. */
function delimiterOf(text: string): string {
  const lines = text.split('\n', 5).join('\n');
  const count = (sign: string): number => lines.split(sign).length;
  return [';', '\t', ','].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

async function checkUnpacked(bytes: Buffer): Promise<void> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true });
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    total += entry.uncompressedSize;
    if (total > MOST_UNPACKED) throw fault('tableTooLarge');
  }
}

const cellText = (cell: unknown): string => {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean'
    ? String(cell)
    : '';
};

async function readXlsx(bytes: Buffer): Promise<Table> {
  await checkUnpacked(bytes);
  const { default: read } = await import('read-excel-file/node');
  const [sheet] = await read(bytes);
  return (sheet?.data ?? []).map((row) => row.map(cellText));
}

function readCsv(bytes: Buffer): Table {
  const { text } = decodeText(bytes);
  return parse(text, {
    delimiter: delimiterOf(text),
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
  });
}

/**
 * Reads a table of CSV or XLSX. What it is, its content says.
 * @throws DomainError `bad-input` on `file`
 */
export async function readTable(bytes: Buffer): Promise<Table> {
  let table: Table;
  try {
    const zipped = bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004', 'latin1'));
    if (!zipped && bytes.subarray(0, 512).includes(0) && bytes[0] !== 0xff && bytes[0] !== 0xfe)
      throw fault('tableKind');
    table = zipped ? await readXlsx(bytes) : readCsv(bytes);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw fault('tableUnreadable');
  }
  if (table.length > MOST_ROWS + 20) throw fault('tableTooLarge');
  const cut = table.map((row) => row.slice(0, MOST_CELLS).map((cell) => cell.trim()));
  if (cut.every((row) => row.every((cell) => cell === ''))) throw fault('tableEmpty');
  return cut;
}
