import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { deadlineOf, maySeeResults, standingOf } from '../assessments.policy.js';
import { isOpen } from './attempt.js';
import type { AttemptsService } from './attempts.service.js';
import type { ResultsService } from '../results/results.service.js';

/** Something about a test that waits for a person. */
export interface TestTodo {
  /** `resume`: an attempt is open; `take`: none made yet; `retake`: another may be made; `results`: to look at; `mark`: responses wait
   * for a person's marks. */
  readonly kind: 'resume' | 'take' | 'retake' | 'results' | 'mark';
  readonly testId: string;
  readonly title: string;
  /** Below `/c/<course key>/`. */
  readonly path: string;
  /** By when: the open attempt's deadline, or the end of the test; null: any time. */
  readonly dueAt: Date | null;
  /** `results`: how many are new to this person; `mark`: how many attempts wait; else 0. */
  readonly count: number;
}

export interface TodoDeps {
  readonly attempts: Pick<AttemptsService, 'ownTests'>;
  readonly results: Pick<ResultsService, 'unseen' | 'waiting'>;
  readonly clock: Clock;
}

/** What of tests waits for the actor: soonest due first, open attempts before all. */
export async function todoFor({ attempts, results, clock }: TodoDeps, actor: Actor): Promise<TestTodo[]> {
  if (maySeeResults(actor)) {
    const waiting = (await results.waiting(actor)).map(({ test, count }): TestTodo => ({
      kind: 'mark',
      testId: test.id,
      title: test.title,
      path: `tests/${test.id}/marking`,
      dueAt: null,
      count,
    }));
    const unseen = (await results.unseen(actor)).map(({ test, count }): TestTodo => ({
      kind: 'results',
      testId: test.id,
      title: test.title,
      path: `tests/${test.id}/results`,
      dueAt: null,
      count,
    }));
    return [...waiting, ...unseen];
  }
  const now = clock.now();
  const todo = (await attempts.ownTests(actor)).flatMap(({ test, attempts: own }): TestTodo[] => {
    const base = { testId: test.id, title: test.title, path: `tests/${test.id}`, count: 0 };
    const standing = standingOf(test, own, now);
    if (standing === 'running') {
      const open = own.find(isOpen);
      return [{ ...base, kind: 'resume', dueAt: open ? deadlineOf(test, open.startedAt) : null }];
    }
    if (standing !== 'ready') return [];
    return [{ ...base, kind: own.length === 0 ? 'take' : 'retake', dueAt: test.closesAt }];
  });
  const rank = ({ kind }: TestTodo): number => (kind === 'resume' ? 0 : kind === 'take' ? 1 : 2);
  const due = ({ dueAt }: TestTodo): number => dueAt?.getTime() ?? Number.POSITIVE_INFINITY;
  // Two without a date are equal, though ∞ − ∞ is no number.
  return todo.sort((a, b) => rank(a) - rank(b) || (due(a) === due(b) ? 0 : due(a) - due(b)));
}
