import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import { isCounted, type FinishedAttempt } from '../attempts/attempt.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { withMarks } from './apply.js';
import { regraded, type RegradeContext, type RegradedAttempt } from './regrade.js';

export interface RegradePlan {
  readonly test: Test;
  readonly changes: readonly RegradedAttempt[];
  /** Finished attempts that were looked at. */
  readonly looked: number;
  /** Attempts that are not finished: a regrade does not see them. */
  readonly underWay: number;
}

export interface RegradeService {
  /** What a regrade would change now; nothing is written. */
  plan(actor: Actor, testId: string): Promise<RegradePlan>;
  /** Has the plan carried out in the background. @param why is kept with every mark that changes */
  commit(actor: Actor, testId: string, why: string): Promise<void>;
  /** Carries out what was asked for. May be run again: what is done already changes nothing. */
  run(courseId: string, testId: string): Promise<void>;
}

interface Deps {
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
  readonly questions: QuestionsStore;
  readonly clock: Clock;
}

export function createRegradeService({ tests, attempts, questions, clock }: Deps): RegradeService {
  async function contextOf(test: Test, all: readonly FinishedAttempt[]): Promise<RegradeContext> {
    const asked = all.flatMap((attempt) => attempt.questions);
    const [given, newest] = await Promise.all([
      questions.versions(test.courseId, [...new Set(asked.map(({ versionId }) => versionId))]),
      questions.current(test.courseId, [...new Set(asked.map(({ key }) => key))]),
    ]);
    return {
      test,
      given: new Map(given.map((version) => [version.id, version])),
      newest: new Map(newest.map((version) => [version.key, version])),
    };
  }

  return {
    async plan(actor, testId) {
      const test = await tests.findOptional(actor.courseId, testId);
      if (test === null) throw notFound();
      const [all, underWay] = await Promise.all([
        attempts.finishedOfTest(actor.courseId, testId),
        attempts.openOfTest(actor.courseId, testId),
      ]);
      const context = await contextOf(test, all);
      const reason = { personId: actor.personId, at: clock.now(), why: '' };
      const changes = all
        .map((attempt) => regraded(attempt, context, reason))
        .filter((change) => change !== null);
      return { test, changes, looked: all.length, underWay: underWay.filter(isCounted).length };
    },

    async commit(actor, testId, why) {
      const reason = { personId: actor.personId, at: clock.now(), why };
      if (!(await tests.askRegrade(actor.courseId, testId, reason))) throw notFound();
    },

    async run(courseId, testId) {
      const asked = await tests.findRegrade(courseId, testId);
      if (asked === null) return;
      const all = await attempts.finishedOfTest(courseId, testId);
      const context = await contextOf(asked.test, all);
      for (const found of all) {
        let attempt: FinishedAttempt | null = found;
        // A mark given meanwhile is looked at again.
        while (attempt !== null) {
          const change = regraded(attempt, context, asked.reason);
          if (change === null) break;
          const marking = withMarks(attempt, change.marks, change.questions);
          if ((await attempts.mark(attempt, marking, change.changes, clock.now())) !== null) break;
          attempt = await attempts.findFinished(courseId, testId, attempt.id);
        }
      }
    },
  };
}
