/** How marks become a score, and several attempts one grade. Pure arithmetic. */

import { assertNever } from '../../../shared/errors.js';

/** Gradebooks keep five decimals; sums of binary fractions keep worse. */
export const rounded = (points: number): number => Math.round(points * 1e5) / 1e5;

export const GRADING_METHODS = ['highest', 'average', 'first', 'last'] as const;
/** Which attempt, or what of all, makes the grade of a test. */
export type GradingMethod = (typeof GRADING_METHODS)[number];

/** Points are added as they are and rounded once: three thirds are 1, and 0.1 + 0.2 is 0.3. */
export const sum = (points: readonly number[]): number =>
  rounded(points.reduce((total, point) => total + point, 0));

/** Points of a whole attempt. What certainty costs takes from other questions, and never below nothing. */
export const totalOf = (points: readonly number[]): number => Math.max(0, sum(points));

/** What of a test says how many points it has. */
interface Worth {
  readonly items: readonly { readonly mark: number; readonly treatment?: 'dropped' | 'full' }[];
  readonly draws?: readonly { readonly count: number; readonly mark: number }[];
  readonly givenMaximum?: number;
}

/** Points that a new attempt of a test can reach. */
export const maximumOf = ({ items, draws = [], givenMaximum = 0 }: Worth): number =>
  sum([
    givenMaximum,
    ...items.filter(({ treatment }) => treatment !== 'dropped').map(({ mark }) => mark),
    ...draws.map(({ count, mark }) => count * mark),
  ]);

/** A finished attempt, as far as grading asks. */
export interface Scored {
  readonly number: number;
  readonly score: number;
  readonly maximum: number;
  readonly finishedAt: Date;
}

/** The grade of one person for one test. */
export interface TestGrade {
  readonly scoreGiven: number;
  readonly scoreMaximum: number;
  readonly submittedAt: Date;
  /** The attempt that counts, or null when all do. */
  readonly number: number | null;
}

const share = ({ score, maximum }: Scored): number => (maximum === 0 ? 0 : score / maximum);

/**
 * The grade that these finished attempts make.
 *
 * Attempts may have different maxima, when the test was changed between them. They are compared by the share
 * that was reached; an average is the mean of the shares, in points of the newest attempt.
 * @returns null when there is no attempt
 */
export function gradeOf(method: GradingMethod, attempts: readonly Scored[]): TestGrade | null {
  const sorted = [...attempts].sort((a, b) => a.number - b.number);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return null;
  const of = (attempt: Scored): TestGrade => ({
    scoreGiven: attempt.score,
    scoreMaximum: attempt.maximum,
    submittedAt: attempt.finishedAt,
    number: attempt.number,
  });
  switch (method) {
    case 'highest':
      return of(sorted.reduce((best, item) => (share(item) > share(best) ? item : best)));
    case 'average': {
      const mean = sorted.reduce((total, item) => total + share(item), 0) / sorted.length;
      return { ...of(last), scoreGiven: rounded(mean * last.maximum), number: null };
    }
    case 'first':
      return of(first);
    case 'last':
      return of(last);
    default:
      return assertNever(method);
  }
}
