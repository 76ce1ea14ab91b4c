import type { Test } from '../tests/tests.store.js';
import { isFinished, type Attempt, type FinishedAttempt } from './attempt.js';

/** The finished attempts that make the grade now. */
export function gradable(test: Test, attempts: readonly Attempt[]): FinishedAttempt[] {
  const finished = attempts.filter(isFinished);
  if (test.partialGrades) return finished;
  // The first attempt is not replaced by the second while it waits.
  if (test.grading === 'first' && finished[0] && finished[0].state !== 'marked') return [];
  return finished.filter(({ state }) => state === 'marked');
}
