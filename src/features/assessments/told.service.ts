import type { Clock } from '../../shared/clock.js';
import { seesMarks } from './review/review.js';
import { isFinished, type Attempt } from './attempts/attempt.js';
import type { AttemptsStore, ClosingAttempt } from './attempts/attempts.store.js';
import { deadlineBefore } from './assessments.policy.js';
import type { ToldTest, ToldTestsStore } from './told.store.js';

export type { ClosingAttempt } from './attempts/attempts.store.js';
export type { ToldTest } from './told.store.js';

/** A finished attempt, as messages speak of it. */
export interface ToldAttempt extends Pick<
  Attempt,
  'id' | 'personId' | 'courseId' | 'testId' | 'finishedBy' | 'score' | 'maximum'
> {
  /** All marks are given, some of them by a person. */
  readonly markedByHand: boolean;
  /** Whether its student may see the points now. */
  readonly seesMarks: boolean;
  readonly title: string;
}

/** An attempt in progress whose time ends. */
export interface ToldEnding extends Pick<Attempt, 'personId' | 'testId'> {
  readonly title: string;
  readonly closesAt: Date;
}

/** What messages say of tests. Reads past the bounds of courses: nothing of it is shown to others. */
export interface ToldTests extends ToldTestsStore {
  /** Students of the test's course who have not finished an attempt. */
  unfinished(test: Pick<ToldTest, 'id' | 'courseId'>): Promise<string[]>;
  /** Attempts in progress whose time ends after `from` and by `to`, of all courses. */
  ending(from: Date, to: Date): Promise<ClosingAttempt[]>;
  /** Returns null when the attempt is no longer in progress, or its time does not end. */
  findEnding(attemptId: string): Promise<ToldEnding | null>;
  /** Returns null while the attempt is open. */
  findAttempt(attemptId: string): Promise<ToldAttempt | null>;
}

export interface ToldTestsDeps {
  readonly tests: ToldTestsStore;
  readonly attempts: Pick<AttemptsStore, 'ofTest' | 'findOptionalById' | 'closing' | 'findClosing'>;
  readonly clock: Clock;
  readonly studentsOf: (courseId: string) => Promise<string[]>;
}

export const createToldTests = ({ tests, attempts, clock, studentsOf }: ToldTestsDeps): ToldTests => ({
  findPublished: (id) => tests.findPublished(id),
  between: (field, from, to) => tests.between(field, from, to),

  async unfinished({ id, courseId }) {
    const [students, made] = await Promise.all([studentsOf(courseId), attempts.ofTest(courseId, id)]);
    const finished = new Set(made.filter(isFinished).map(({ personId }) => personId));
    return students.filter((personId) => !finished.has(personId));
  },

  ending: (from, to) => attempts.closing(from, to),

  async findEnding(attemptId) {
    const attempt = await attempts.findClosing(attemptId);
    const test = attempt && (await tests.findPublished(attempt.testId));
    if (!test) return null;
    const { personId, testId, closeAt } = attempt;
    return { personId, testId, title: test.title, closesAt: deadlineBefore(closeAt) };
  },

  async findAttempt(attemptId) {
    const attempt = await attempts.findOptionalById(attemptId);
    const test = attempt && (await tests.findPublished(attempt.testId));
    if (!test || !isFinished(attempt)) return null;
    const { id, personId, courseId, testId, finishedBy, state, score, maximum, marks } = attempt;
    // What is marked by itself the student sees at once.
    const markedByHand = state === 'marked' && marks.some(({ by }) => by === 'hand');
    return {
      ...{ id, personId, courseId, testId, finishedBy, score, maximum, markedByHand, title: test.title },
      seesMarks: seesMarks(test, [attempt], clock.now()),
    };
  },
});
