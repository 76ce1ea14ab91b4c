import type { CellObject } from 'write-excel-file/node';

/** A cell that can travel to a thread: its kind and its value; durations and dates are milliseconds. */
export type PlainCell =
  | readonly [kind: 'text', value: string]
  | readonly [kind: 'number' | 'date' | 'duration', value: number]
  | null;

export interface Sheet {
  readonly name: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly PlainCell[])[];
}

const DAY_MS = 86_400_000;
const WIDTH = { least: 8, most: 60, date: 17, duration: 11 } as const;
/** Columns are made as wide as the longest of the first rows. */
const MEASURED_ROWS = 200;

/** Writes a workbook of one sheet with typed cells. Texts are never formulas. */
export async function writeSheet({ name, headings, rows }: Sheet): Promise<Uint8Array> {
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const head = headings.map((text): CellObject => ({ value: text, type: String, fontWeight: 'bold' }));
  const file = writeXlsxFile([head, ...rows.map((row) => row.map(typedCell))], {
    sheet: name,
    columns: headings.map((heading, index) => ({ width: widthOf(heading, rows, index) })),
    stickyRowsCount: 1,
  });
  return file.toBuffer();
}

function typedCell(cell: PlainCell): CellObject | null {
  if (cell === null) return null;
  const [kind, value] = cell;
  switch (kind) {
    case 'text':
      // An empty text is an empty cell.
      return value === '' ? null : { value, type: String };
    case 'number':
      return { value, type: Number };
    case 'date':
      return { value: new Date(value), type: Date, format: 'dd.mm.yyyy hh:mm' };
    case 'duration':
      return { value: value / DAY_MS, type: Number, format: '[h]:mm:ss' };
  }
}

function widthOf(heading: string, rows: Sheet['rows'], index: number): number {
  const lengths = rows.slice(0, MEASURED_ROWS).map((row) => lengthOf(row[index] ?? null));
  return Math.min(WIDTH.most, Math.max(WIDTH.least, heading.length + 1, ...lengths));
}

function lengthOf(cell: PlainCell): number {
  if (cell === null) return 0;
  const [kind, value] = cell;
  return kind === 'date' || kind === 'duration' ? WIDTH[kind] : String(value).length + 1;
}
