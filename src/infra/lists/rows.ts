import { compareText } from '../../shared/collation.js';

/** What rows may be ordered by; rows without a value come last in both directions. */
export type SortValue = string | number | Date | null;

/** Puts rows that are all in memory in order. Texts by the Russian alphabet; equal rows stay as they were. */
export function orderBy<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => SortValue,
  descending: boolean,
): Row[] {
  const keyed = rows.map((row) => ({ row, value: valueOf(row) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return descending ? compare(b.value, a.value) : compare(a.value, b.value);
  });
  return keyed.map(({ row }) => row);
}

const compare = (a: string | number | Date, b: string | number | Date): number =>
  typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : Number(a) - Number(b);

export interface RowsPage<Row> {
  readonly rows: readonly Row[];
  /** From 1; the last page where a later one was asked for. */
  readonly page: number;
  readonly pages: number;
  readonly total: number;
}

/** Cuts a page out of rows that are all in memory. */
export function pageOf<Row>(rows: readonly Row[], page: number, size: number): RowsPage<Row> {
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const shown = Math.min(page, pages);
  return { rows: rows.slice((shown - 1) * size, shown * size), page: shown, pages, total: rows.length };
}
