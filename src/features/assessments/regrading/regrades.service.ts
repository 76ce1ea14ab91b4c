import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { DomainError, notFound } from '../../../shared/errors.js';
import { fingerprint } from '../../../shared/ids.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import type { Regrade, RegradesStore } from './regrades.store.js';

export interface ShownRegrade {
  readonly test: Test;
  /** Null if none was ever asked for. */
  readonly regrade: Regrade | null;
  /** Whether the test has changed since the plan was made. */
  readonly outdated: boolean;
  /** Attempt id → whose it is, and which of that person's. */
  readonly owners: ReadonlyMap<string, { readonly personId: string; readonly number: number }>;
}

export interface RegradesService {
  /** The last regrade of a test: what it would change, or how far it is. @throws DomainError `not-found` */
  find(actor: Actor, testId: string): Promise<ShownRegrade>;
  /**
   * Has a job work out what a regrade would change; nothing is written to attempts.
   * @param why as far as it is written already: the form of the list has it
   * @throws DomainError `not-found`
   */
  plan(actor: Actor, testId: string, why?: string): Promise<void>;
  /**
   * Has the plan carried out by a job.
   * @param why is kept with every mark that changes
   * @throws DomainError `not-found`; `regrade-outdated` (409) on `why` if there is no plan, or the test has changed since
   */
  commit(actor: Actor, testId: string, why: string): Promise<void>;
}

export interface RegradesServiceDeps {
  readonly tests: TestsStore;
  readonly attempts: Pick<AttemptsStore, 'ownersOf'>;
  readonly questions: Pick<QuestionsStore, 'current'>;
  readonly regrades: RegradesStore;
  readonly clock: Clock;
}

/** What a plan depends on beside the attempts: questions as they are now, their points, and the pass mark. */
export async function basisOf(test: Test, questions: Pick<QuestionsStore, 'current'>): Promise<string> {
  const keys = test.items.map(({ key }) => key);
  const versions = await questions.current(test.courseId, keys);
  return fingerprint([
    test.items.map(({ key, mark, treatment = '' }) => [key, mark, treatment]),
    versions.map(({ id }) => id).sort(),
    [test.scale, test.passPercent, test.thresholds],
  ]);
}

/** The form is shown again, with what was typed and what is the state by now. */
const outdatedPlan = (): DomainError =>
  new DomainError('regrade-outdated', 409, { fields: { why: 'errors.field.regradeOutdated' } });

export function createRegradesService(deps: RegradesServiceDeps): RegradesService {
  const { tests, attempts, questions, regrades, clock } = deps;

  async function findTest({ courseId }: Actor, testId: string): Promise<Test> {
    const test = await tests.findOptional(courseId, testId);
    if (test === null) throw notFound();
    return test;
  }

  const isOutdated = async (test: Test, { basis }: Regrade): Promise<boolean> =>
    basis !== (await basisOf(test, questions));

  return {
    async find(actor, testId) {
      const test = await findTest(actor, testId);
      const regrade = await regrades.findOptional(test.courseId, testId);
      const ids = regrade?.changes.map(({ attemptId }) => attemptId) ?? [];
      return {
        test,
        regrade,
        outdated: regrade?.state === 'planned' && (await isOutdated(test, regrade)),
        owners: await attempts.ownersOf(test.courseId, testId, ids),
      };
    },

    async plan(actor, testId, why = '') {
      const { courseId } = await findTest(actor, testId);
      await regrades.askPlan({ courseId, testId, askedBy: actor.personId, askedAt: clock.now(), why });
    },

    async commit(actor, testId, why) {
      const test = await findTest(actor, testId);
      const regrade = await regrades.findOptional(test.courseId, testId);
      if (regrade?.state !== 'planned' || (await isOutdated(test, regrade))) throw outdatedPlan();
      const asked = { askedBy: actor.personId, askedAt: clock.now(), why, total: regrade.total };
      if (!(await regrades.askChange(regrade, asked))) throw outdatedPlan();
    },
  };
}
