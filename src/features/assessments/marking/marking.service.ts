import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { DomainError, notFound } from '../../../shared/errors.js';
import { digest } from '../../../shared/ids.js';
import { isFinished, type FinishedAttempt } from '../attempts/attempt.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { withMarks } from './apply.js';
import { isWaiting, markOf, type Mark } from './mark.js';

/** One response of an attempt, with all that is needed to mark it. */
export interface MarkedResponse {
  readonly test: Test;
  readonly attempt: FinishedAttempt;
  /** Of the question in the attempt, from 0. */
  readonly index: number;
  readonly version: QuestionVersion;
  readonly mark: Mark;
  /** Number of the work among those of the test, the same in every list: names stay hidden. */
  readonly work: number;
  /** Of the same question, or the same work: how many wait with this one. */
  readonly waiting: number;
}

/** A response that waits for a mark. */
export interface Waiting {
  readonly attemptId: string;
  readonly index: number;
  readonly key: string;
}

export interface MarkingQueue {
  readonly test: Test;
  readonly questions: readonly { readonly version: QuestionVersion; readonly waiting: number }[];
  /** By their numbers. */
  readonly works: readonly { readonly attemptId: string; readonly work: number; readonly waiting: number }[];
}

export type MarkingOrder = 'question' | 'work';

export interface GivenMark {
  /** Points, 0 to those of the question. */
  readonly points: number;
  readonly comment: string;
  /** Of the mark that the person saw. */
  readonly version: number;
}

/** Marks that people give. */
export interface MarkingService {
  queue(actor: Actor, testId: string): Promise<MarkingQueue>;
  /** The next response that waits: of one question, or of one work. @returns null when none does */
  next(actor: Actor, testId: string, order: MarkingOrder, of: string): Promise<Waiting | null>;
  /** Any response of a finished attempt. @throws DomainError `not-found` */
  find(actor: Actor, testId: string, attemptId: string, index: number): Promise<MarkedResponse>;
  /**
   * Gives a mark, whatever stood there.
   * @throws DomainError `bad-input` for more points than the question has; `mark-changed` (409) if another person has
   *   marked the response since `version`
   */
  give(actor: Actor, testId: string, attemptId: string, index: number, mark: GivenMark): Promise<void>;
}

interface Deps {
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
  readonly questions: QuestionsStore;
  readonly clock: Clock;
}

/** Another question of the attempt was marked at the same moment: more would be a fault. */
const TRIES = 20;

/** A stable order by chance: who handed in first is not marked first. */
const shuffleKey = (id: string, salt: string): string => digest(`${salt} ${id}`);

export function createMarkingService({ tests, attempts, questions, clock }: Deps): MarkingService {
  async function findTest(actor: Actor, testId: string): Promise<Test> {
    const test = await tests.findOptional(actor.courseId, testId);
    if (test === null) throw notFound();
    return test;
  }

  async function findAttempt(actor: Actor, testId: string, id: string): Promise<FinishedAttempt> {
    const attempt = await attempts.findOptional(actor.courseId, testId, id);
    if (attempt === null || !isFinished(attempt)) throw notFound();
    return attempt;
  }

  /** Finished attempts in the order of their numbers as works. */
  async function worksOf(test: Test): Promise<FinishedAttempt[]> {
    const finished = await attempts.finishedOfTest(test.courseId, test.id);
    return finished
      .map((attempt) => ({ attempt, key: shuffleKey(attempt.id, test.id) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ attempt }) => attempt);
  }

  const waitingOf = (attempt: FinishedAttempt): Waiting[] =>
    attempt.marks.flatMap((mark, index) =>
      isWaiting(mark) ? [{ attemptId: attempt.id, index, key: attempt.questions[index]?.key ?? '' }] : [],
    );

  async function waiting(test: Test, order: MarkingOrder, of: string): Promise<Waiting[]> {
    const all = (await worksOf(test)).flatMap(waitingOf);
    if (order === 'work') return all.filter(({ attemptId }) => attemptId === of);
    // Each question has an order of its own, so that no work is always the last.
    return all
      .filter(({ key }) => key === of)
      .sort((a, b) => (shuffleKey(a.attemptId, of) < shuffleKey(b.attemptId, of) ? -1 : 1));
  }

  return {
    async queue(actor, testId) {
      const test = await findTest(actor, testId);
      const works = await worksOf(test);
      const all = works.map((attempt, place) => ({ attempt, work: place + 1, waiting: waitingOf(attempt) }));
      const counts = new Map<string, number>();
      for (const { key } of all.flatMap((work) => work.waiting)) counts.set(key, (counts.get(key) ?? 0) + 1);
      const found = await questions.current(actor.courseId, [...counts.keys()]);
      const order = new Map(test.items.map(({ key }, place) => [key, place]));
      return {
        test,
        questions: found
          .sort((a, b) => (order.get(a.key) ?? 999) - (order.get(b.key) ?? 999))
          .map((version) => ({ version, waiting: counts.get(version.key) ?? 0 })),
        works: all
          .filter((work) => work.waiting.length > 0)
          .map(({ attempt, work, waiting: own }) => ({ attemptId: attempt.id, work, waiting: own.length })),
      };
    },

    async next(actor, testId, order, of) {
      const test = await findTest(actor, testId);
      const works = await worksOf(test);
      const known =
        order === 'work'
          ? works.some(({ id }) => id === of)
          : [...test.items, ...works.flatMap(({ questions: asked }) => asked)].some(({ key }) => key === of);
      if (!known) throw notFound();
      return (await waiting(test, order, of))[0] ?? null;
    },

    async find(actor, testId, attemptId, index) {
      const [test, attempt] = await Promise.all([
        findTest(actor, testId),
        findAttempt(actor, testId, attemptId),
      ]);
      const asked = attempt.questions[index];
      const mark = attempt.marks[index];
      const [version] = asked ? await questions.versions(actor.courseId, [asked.versionId]) : [];
      if (asked === undefined || mark === undefined || version === undefined) throw notFound();
      const works = await worksOf(test);
      return {
        test,
        attempt,
        index,
        version,
        mark,
        work: works.findIndex(({ id }) => id === attemptId) + 1,
        waiting: works.flatMap(waitingOf).filter(({ key }) => key === asked.key).length,
      };
    },

    async give(actor, testId, attemptId, index, { points, comment, version }) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const attempt = await findAttempt(actor, testId, attemptId);
        const asked = attempt.questions[index];
        const before = attempt.marks[index];
        if (asked === undefined || before === undefined) throw notFound();
        if (points > asked.mark) {
          throw new DomainError('bad-input', 400, { fields: { points: 'errors.field.overMaximum' } });
        }
        if (before.version !== version) {
          throw new DomainError('mark-changed', 409, { fields: { points: 'errors.field.markChanged' } });
        }
        const now = clock.now();
        const given = { by: 'hand' as const, personId: actor.personId, at: now, why: comment };
        const mark = markOf(asked.mark === 0 ? 0 : points / asked.mark, asked.mark, given, before);
        const marks = attempt.marks.map((other, place) => (place === index ? mark : other));
        const change = { index, from: before.fraction, to: mark.fraction, ...given };
        if ((await attempts.mark(attempt, withMarks(attempt, marks), [change], now)) !== null) return;
      }
      throw new Error(`attempt ${attemptId}: its marks could not be changed`);
    },
  };
}
