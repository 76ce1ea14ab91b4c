import type { Actor } from '../../../shared/actor.js';
import { notFound } from '../../../shared/errors.js';
import { digest } from '../../../shared/ids.js';
import type { FinishedAttempt } from '../attempts/attempt.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionVersion } from '../bank/questions.store.js';
import type { Test } from '../tests/tests.store.js';
import { isWaiting } from './mark.js';
import type { MarkingDeps } from './marking.service.js';

/** A response that waits for a mark. */
export interface Waiting {
  readonly attemptId: string;
  readonly index: number;
  readonly key: string;
}

export interface MarkingQueue {
  readonly test: Test;
  readonly questions: readonly {
    readonly version: QuestionVersion;
    readonly waiting: number;
    readonly hasRubric: boolean;
  }[];
  /** By their numbers. */
  readonly works: readonly { readonly attemptId: string; readonly work: number; readonly waiting: number }[];
}

export type MarkingOrder = 'question' | 'work';

/** What waits to be marked. */
export interface MarkingQueues {
  queue(actor: Actor, testId: string): Promise<MarkingQueue>;
  /** The next response that waits: of one question, or of one work. @returns null when none does */
  next(actor: Actor, testId: string, order: MarkingOrder, of: string): Promise<Waiting | null>;
}

/** A stable order by chance: who handed in first is not marked first. */
const shuffleKey = (id: string, salt: string): string => digest(`${salt} ${id}`);

const shuffled = (ids: readonly string[], salt: string): string[] =>
  ids
    .map((id) => ({ id, key: shuffleKey(id, salt) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ id }) => id);

/** Ids of finished attempts in the order of their numbers as works. */
export const worksOf = async (
  attempts: Pick<AttemptsStore, 'idsOfFinished'>,
  { id, courseId }: Test,
): Promise<string[]> => shuffled(await attempts.idsOfFinished(courseId, id), id);

export const waitingOf = (attempt: Pick<FinishedAttempt, 'id' | 'marks' | 'questions'>): Waiting[] =>
  attempt.marks.flatMap((mark, index) =>
    isWaiting(mark) ? [{ attemptId: attempt.id, index, key: attempt.questions[index]?.key ?? '' }] : [],
  );

export function createMarkingQueue({ tests, attempts, questions, rubrics }: MarkingDeps): MarkingQueues {
  async function findTest(actor: Actor, testId: string): Promise<Test> {
    const test = await tests.findOptional(actor.courseId, testId);
    if (test === null) throw notFound();
    return test;
  }

  return {
    async queue(actor, testId) {
      const test = await findTest(actor, testId);
      const [works, all] = await Promise.all([
        worksOf(attempts, test),
        attempts.waitingOfTest(test.courseId, test.id),
      ]);
      const waiting = new Map(all.map((attempt) => [attempt.id, waitingOf(attempt)]));
      const counts = new Map<string, number>();
      for (const { key } of [...waiting.values()].flat()) counts.set(key, (counts.get(key) ?? 0) + 1);
      const keys = [...counts.keys()];
      const [found, known] = await Promise.all([
        questions.current(actor.courseId, keys),
        rubrics.findMany(actor.courseId, keys),
      ]);
      const order = new Map(test.items.map(({ key }, place) => [key, place]));
      return {
        test,
        questions: found
          .sort((a, b) => (order.get(a.key) ?? 999) - (order.get(b.key) ?? 999))
          .map((version) => ({
            version,
            waiting: counts.get(version.key) ?? 0,
            hasRubric: known.has(version.key),
          })),
        works: works.flatMap((attemptId, place) => {
          const own = waiting.get(attemptId)?.length ?? 0;
          return own === 0 ? [] : [{ attemptId, work: place + 1, waiting: own }];
        }),
      };
    },

    async next(actor, testId, order, of) {
      const test = await findTest(actor, testId);
      const all = (await attempts.waitingOfTest(test.courseId, test.id)).flatMap(waitingOf);
      if (order === 'work') {
        if ((await attempts.findFinished(test.courseId, test.id, of)) === null) throw notFound();
        return all.find(({ attemptId }) => attemptId === of) ?? null;
      }
      const fitting = all.filter(({ key }) => key === of);
      if (fitting.length === 0 && (await questions.current(actor.courseId, [of])).length === 0)
        throw notFound();
      // Each question has an order of its own, so that no work is always the last.
      const first = shuffled(
        fitting.map(({ attemptId }) => attemptId),
        of,
      )[0];
      return fitting.find(({ attemptId }) => attemptId === first) ?? null;
    },
  };
}
