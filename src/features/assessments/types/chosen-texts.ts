import { partAt } from './choices.js';
import type { Reading } from './type.js';

/** Responses that hold for each place the index of a text among the different ones: `NONE` where none was chosen. */
export const NONE = -1;

/** @param count how many places there are */
export function readChosen(
  count: number,
  sent: readonly string[],
  assigned: readonly number[],
): Reading<readonly number[]> {
  const chosen = Array.from({ length: count }, (_, index) => {
    const value = sent[index] ?? '';
    return value === '' ? NONE : partAt(value, assigned);
  });
  const known = chosen.filter((part) => part !== undefined);
  if (known.length < chosen.length || sent.length > count) return { fits: false, response: null };
  return { fits: true, response: known.every((part) => part === NONE) ? null : known };
}

/** The values that the page sends: the way back from `readChosen`. */
export const sentChosen = (assigned: readonly number[], response: readonly number[] | null): string[] =>
  (response ?? []).map((part) => (part === NONE ? '' : String(assigned.indexOf(part))));
