import type { Test } from '../tests/tests.store.js';
import { isCounted, isFinished, type AttemptSummary, type FinishedAttempt } from './attempt.js';

/** The finished attempts that make the grade now. */
export function gradable<Item extends AttemptSummary>(
  test: Test,
  attempts: readonly Item[],
): (Item & Pick<FinishedAttempt, 'state' | 'finishedAt'>)[] {
  const finished = attempts.filter(isCounted).filter(isFinished);
  if (test.partialGrades) return finished;
  // The first attempt is not replaced by the second while it waits.
  if (test.grading === 'first' && finished[0] && finished[0].state !== 'marked') return [];
  return finished.filter(({ state }) => state === 'marked');
}
