import { MINUTE } from '../../../../shared/clock.js';
import { clockTimesIn, dateOf } from '../../../../shared/written-times.js';
import { instantAt } from '../../../../shared/zoned.js';
import { GRID_MS } from '../../../schedule/index.js';
import { overlap, type Span } from '../../slots/intervals.js';
import { LONGEST_SLOT } from '../series-settings.js';

/** What is wrong with a row; texts under `consultations.import.problem.…`. */
export type RowProblem = 'date' | 'time' | 'past' | 'tooFar' | 'overlap';

/** A row of the file: the slot that it names, or what is wrong with it. */
export type ReadRow = { readonly row: number } & (
  { readonly span: Span; readonly problem: null } | { readonly span: null; readonly problem: RowProblem }
);

export interface ReadingOptions {
  /** Of the series. */
  readonly zone: string;
  /** Minutes of a slot whose row names no end. */
  readonly length: number;
  readonly now: Date;
  /** The last moment at which a slot may begin. */
  readonly latest: Date;
}

const DATE = /^(дата|день|date|day)/;
const TIME = /^(время|начало|с$|конец|по$|до$|time|start|end|from|to$)/;

interface Columns {
  readonly date: number;
  readonly times: readonly number[];
  /** Row of the headings, -1 for none. */
  readonly headings: number;
}

/** Finds the columns by their headings; without headings they are date, start, end. */
function columnsOf(rows: readonly (readonly string[])[]): Columns {
  const meant = (cells: readonly string[], pattern: RegExp): number[] =>
    cells.flatMap((cell, index) => (pattern.test(cell.toLocaleLowerCase('ru').trim()) ? [index] : []));
  for (const [index, cells] of rows.slice(0, 10).entries()) {
    const [date] = meant(cells, DATE);
    const times = meant(cells, TIME);
    if (date !== undefined && times.length > 0) return { date, times, headings: index };
  }
  return { date: 0, times: [1, 2], headings: -1 };
}

/** Reads slots from a table with a date, a start and an end in each row; empty rows are left out. */
export function readSlots(rows: readonly (readonly string[])[], options: ReadingOptions): ReadRow[] {
  const columns = columnsOf(rows);
  const read: ReadRow[] = [];
  for (const [index, cells] of rows.entries()) {
    if (index <= columns.headings || cells.every((cell) => cell === '')) continue;
    const found = spanIn(cells, columns, options);
    const clash = typeof found !== 'string' && read.some(({ span }) => span !== null && overlap(span, found));
    const problem = typeof found === 'string' ? found : clash ? 'overlap' : null;
    const row = index + 1;
    if (problem !== null) read.push({ row, span: null, problem });
    else if (typeof found !== 'string') read.push({ row, span: found, problem: null });
  }
  return read;
}

function spanIn(cells: readonly string[], columns: Columns, options: ReadingOptions): Span | RowProblem {
  const { zone, length, now, latest } = options;
  const date = dateOf(cells[columns.date] ?? '');
  if (date === null) return 'date';
  const [start, end] = clockTimesIn(columns.times.map((index) => cells[index] ?? '').join(' '));
  const startsAt = start === undefined ? null : instantAt(`${date}T${start}`, zone);
  if (startsAt === null) return 'time';
  const endsAt =
    end === undefined
      ? new Date(startsAt.getTime() + length * MINUTE)
      : instantAt(`${date}T${end === '00:00' ? '23:59' : end}`, zone);
  if (endsAt === null) return 'time';
  // Midnight ends the day.
  const until = end === '00:00' ? new Date(endsAt.getTime() + MINUTE) : endsAt;
  const lasts = until.getTime() - startsAt.getTime();
  const onGrid = startsAt.getTime() % GRID_MS === 0 && until.getTime() % GRID_MS === 0;
  if (lasts <= 0 || lasts > LONGEST_SLOT || !onGrid) return 'time';
  if (startsAt <= now) return 'past';
  return startsAt > latest ? 'tooFar' : { startsAt, endsAt: until };
}
