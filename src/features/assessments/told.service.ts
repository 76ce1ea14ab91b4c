import type { Clock } from '../../shared/clock.js';
import { seesMarks } from './review/review.js';
import { isFinished, type Attempt } from './attempts/attempt.js';
import type { AttemptsStore } from './attempts/attempts.store.js';
import type { ToldTest, ToldTestsStore } from './told.store.js';

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

/** What messages say of tests. Reads past the bounds of courses: nothing of it is shown to others. */
export interface ToldTests extends ToldTestsStore {
  /** Students of the test's course who have not finished an attempt. */
  unfinished(test: Pick<ToldTest, 'id' | 'courseId'>): Promise<string[]>;
  /** Returns null while the attempt is open. */
  findAttempt(attemptId: string): Promise<ToldAttempt | null>;
}

export interface ToldTestsDeps {
  readonly tests: ToldTestsStore;
  readonly attempts: Pick<AttemptsStore, 'ofTest' | 'findOptionalById'>;
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
