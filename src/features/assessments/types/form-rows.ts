import type { FormValues } from './type.js';

/* Rows of forms: each has fields of the same names. */

/** Rows that a form shows at first. */
const ROWS = 4;

export const list = (value: FormValues[string]): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** A free row stands ready behind the last filled one; rows that were asked for are kept. */
export function rowsOf(...columns: readonly (readonly string[])[]): number[] {
  const sent = Math.max(...columns.map(({ length }) => length));
  const filled = Math.max(...columns.map((column) => column.findLastIndex((text) => text !== '') + 1));
  return Array.from({ length: Math.max(ROWS, sent, filled + 1) }, (_, row) => row);
}

/** Rows of areas on a picture; `answer` and `right` are of their types. */
export function areaFormRows(values: FormValues): object {
  const [shapes, coords, labels, answers, rights] = ['shape', 'coords', 'label', 'answer', 'right'].map(
    (name) => list(values[name]),
  );
  return {
    areaRows: rowsOf(coords ?? [], answers ?? []).map((row) => ({
      shape: shapes?.[row] ?? 'rect',
      coords: coords?.[row] ?? '',
      label: labels?.[row] ?? '',
      answer: answers?.[row] ?? '',
      right: rights?.includes(String(row)) ?? false,
      value: String(row),
      number: row + 1,
    })),
  };
}
