import type { Clock } from '../../../shared/clock.js';
import type { FinishedAttempt } from '../attempts/attempt.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import { withMarks } from '../marking/apply.js';
import { passed } from '../results/scale.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { regraded, type RegradedAttempt } from './regrade.js';
import { basisOf } from './regrades.service.js';
import type { PlannedChange, Regrade, RegradesStore } from './regrades.store.js';

export interface Regrader {
  /**
   * Works on what was asked for last, the plan or the change. May run again: what is done already changes nothing.
   * @param signal stops it between two batches
   */
  run(regradeId: string, signal: AbortSignal): Promise<void>;
  /** Notes that it could not be done. */
  fail(regradeId: string): Promise<void>;
}

export interface RegraderDeps {
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
  readonly questions: QuestionsStore;
  readonly regrades: RegradesStore;
  readonly clock: Clock;
}

/** Attempts read at a time, and changed by one commit: the steps of the progress, and tens of milliseconds. */
const BATCH = 50;
/** A longer list is not read on a page. */
const MOST_LISTED = 200;

export function createRegrader({ tests, attempts, questions, regrades, clock }: RegraderDeps): Regrader {
  /** What changes in some attempts. Versions of questions are read when an attempt first needs them. */
  function comparing(test: Test, { askedBy: personId, askedAt: at, why }: Regrade) {
    const given = new Map<string, QuestionVersion>();
    const newest = new Map<string, QuestionVersion>();
    const asked = new Set<string>();
    return async (batch: readonly FinishedAttempt[]): Promise<RegradedAttempt[]> => {
      const all = batch.flatMap((attempt) => attempt.questions);
      const fresh = all.filter(({ versionId }) => !asked.has(versionId));
      if (fresh.length > 0) {
        const [versions, current] = await Promise.all([
          questions.versions(test.courseId, [...new Set(fresh.map(({ versionId }) => versionId))]),
          questions.current(test.courseId, [...new Set(fresh.map(({ key }) => key))]),
        ]);
        for (const version of versions) given.set(version.id, version);
        for (const version of current) newest.set(version.key, version);
        for (const { versionId } of fresh) asked.add(versionId);
      }
      return batch
        .map((attempt) => regraded(attempt, { test, given, newest }, { personId, at, why }))
        .filter((change) => change !== null);
    };
  }

  /** Gives the finished attempts of a test batch by batch, the oldest first. */
  async function* batchesOf(regrade: Regrade, signal: AbortSignal): AsyncGenerator<FinishedAttempt[]> {
    const { courseId, testId } = regrade;
    const ids = await attempts.idsOfFinished(courseId, testId);
    await regrades.setProgress(regrade, { done: 0, total: ids.length });
    for (let from = 0; from < ids.length; from += BATCH) {
      signal.throwIfAborted();
      yield await attempts.findManyFinished(courseId, testId, ids.slice(from, from + BATCH));
      await regrades.setProgress(regrade, { done: Math.min(from + BATCH, ids.length) });
    }
  }

  async function plan(test: Test, regrade: Regrade, signal: AbortSignal): Promise<void> {
    // Before the first attempt is looked at: what changes meanwhile makes the plan an old one.
    const basis = await basisOf(test, questions);
    const underWay = await attempts.countOpen(test.courseId, test.id);
    const compare = comparing(test, regrade);
    const changes: PlannedChange[] = [];
    let changed = 0;
    for await (const batch of batchesOf(regrade, signal)) {
      const found = await compare(batch);
      changed += found.length;
      const room = MOST_LISTED - changes.length;
      changes.push(...found.slice(0, room).map((change) => plannedChange(test, change)));
    }
    await regrades.end(regrade, { state: 'planned', changed, changes, underWay, basis });
  }

  async function change(test: Test, regrade: Regrade, signal: AbortSignal): Promise<void> {
    const { courseId, testId } = regrade;
    const compare = comparing(test, regrade);
    for await (const batch of batchesOf(regrade, signal)) {
      let found = await compare(batch);
      while (found.length > 0) {
        signal.throwIfAborted();
        const taken = await attempts.markMany(found.map(markingOf), clock.now());
        if (taken === found.length) break;
        // A mark given meanwhile is looked at again.
        const ids = found.map(({ attempt }) => attempt.id);
        found = await compare(await attempts.findManyFinished(courseId, testId, ids));
      }
    }
    await regrades.end(regrade, { state: 'done', changes: [] });
  }

  return {
    async run(regradeId, signal) {
      const regrade = await regrades.unsafe_findOptional(regradeId);
      if (regrade?.state !== 'planning' && regrade?.state !== 'changing') return;
      const test = await tests.findOptional(regrade.courseId, regrade.testId);
      if (test === null) await regrades.end(regrade, { state: 'failed' });
      else if (regrade.state === 'planning') await plan(test, regrade, signal);
      else await change(test, regrade, signal);
    },

    async fail(regradeId) {
      const regrade = await regrades.unsafe_findOptional(regradeId);
      if (regrade?.state === 'planning' || regrade?.state === 'changing')
        await regrades.end(regrade, { state: 'failed' });
    },
  };
}

const markingOf = ({ attempt, marks, questions, changes }: RegradedAttempt) => ({
  attempt,
  marking: withMarks(attempt, marks, questions),
  changes,
});

const passChange = (before: boolean | null, after: boolean | null): boolean | null =>
  before === after ? null : after;

const plannedChange = (
  test: Test,
  { attempt, from, to, maximum, changes }: RegradedAttempt,
): PlannedChange => ({
  attemptId: attempt.id,
  ...{ from, to, maximum },
  maximumBefore: attempt.maximum,
  passes: passChange(passed(test, from, attempt.maximum), passed(test, to, maximum)),
  questions: changes.map(({ index, from: before, to: after }) => ({
    key: attempt.questions[index]?.key ?? '',
    from: before,
    to: after,
  })),
});
