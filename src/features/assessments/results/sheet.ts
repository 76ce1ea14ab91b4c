import type { TestGrade } from '../marking/grading.js';
import type { Test } from '../tests/tests.store.js';
import { scaled } from './scale.js';

/** A grade as a signed sheet words it. */
export type SheetGrade =
  | { readonly key: 'five5' | 'five4' | 'five3' | 'five2' | 'passed' | 'failed' }
  | { readonly key: 'percent'; readonly percent: number };

/** Returns null for a student without a grade. A test without a scale of words is shown in per cent. */
export function sheetGrade(
  test: Pick<Test, 'scale' | 'thresholds' | 'passPercent'>,
  grade: TestGrade | null,
): SheetGrade | null {
  if (grade === null) return null;
  const { scoreGiven, scoreMaximum } = grade;
  const found = scaled(test, scoreGiven, scoreMaximum);
  if (found.kind === 'five') return { key: `five${found.value}` };
  if (found.kind === 'pass') return { key: found.passed ? 'passed' : 'failed' };
  return { key: 'percent', percent: scoreMaximum === 0 ? 0 : (100 * scoreGiven) / scoreMaximum };
}

const ORDER = ['five5', 'five4', 'five3', 'five2', 'passed', 'failed', 'absent'] as const;

/** How many there are of each grade in words, best first; those without a grade last. */
export function countsOf(
  grades: readonly (SheetGrade | null)[],
): { readonly key: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const grade of grades) {
    const key = grade?.key ?? 'absent';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return ORDER.flatMap((key) => {
    const count = counts.get(key);
    return count === undefined ? [] : [{ key, count }];
  });
}
