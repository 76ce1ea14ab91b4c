/** A test as it is for one student. Pure. */

import type { Test } from '../tests/tests.store.js';
import type { OverrideTerms } from './overrides.store.js';

/** 0 attempts are any number. */
const moreAttempts = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : Math.max(a, b));

/** Of several groups a student has what is best in each. */
function bestOf(all: readonly OverrideTerms[]): OverrideTerms {
  const chosen = <T>(of: (terms: OverrideTerms) => T | null, better: (a: T, b: T) => T): T | null =>
    all.map(of).reduce<T | null>((best, value) => {
      if (value === null) return best;
      return best === null ? value : better(best, value);
    }, null);
  return {
    opensAt: chosen(
      ({ opensAt }) => opensAt,
      (a, b) => (a < b ? a : b),
    ),
    closesAt: chosen(
      ({ closesAt }) => closesAt,
      (a, b) => (a > b ? a : b),
    ),
    extraPercent: chosen(({ extraPercent }) => extraPercent, Math.max),
    attemptsAllowed: chosen(({ attemptsAllowed }) => attemptsAllowed, moreAttempts),
    accessCode: chosen(
      ({ accessCode }) => accessCode,
      (a) => a,
    ),
  };
}

/** The test with what is other for the student: own terms before those of groups. */
export function effectiveTest(
  test: Test,
  own: readonly OverrideTerms[],
  ofGroups: readonly OverrideTerms[],
): Test {
  const [mine, groups] = [bestOf(own), bestOf(ofGroups)];
  const extra = mine.extraPercent ?? groups.extraPercent;
  return {
    ...test,
    opensAt: mine.opensAt ?? groups.opensAt ?? test.opensAt,
    closesAt: mine.closesAt ?? groups.closesAt ?? test.closesAt,
    attemptsAllowed: mine.attemptsAllowed ?? groups.attemptsAllowed ?? test.attemptsAllowed,
    accessCode: mine.accessCode ?? groups.accessCode ?? test.accessCode,
    timeLimitMinutes:
      extra === null ? test.timeLimitMinutes : Math.ceil(test.timeLimitMinutes * (1 + extra / 100)),
  };
}
