import { scaled, type ScaledGrade } from '../results/scale.js';
import { isRecordId } from '../../../shared/ids.js';
import type { NewGrade } from '../../gradebook/index.js';
import { byPerson, type Attempt } from './attempt.js';
import { gradable } from './gradable.js';
import type { AttemptsStore } from './attempts.store.js';
import { gradeOf } from '../marking/grading.js';
import type { Test, TestsStore } from '../tests/tests.store.js';

export interface ScorePublishingDeps {
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
  /** The gradebook's outbox. */
  readonly queue: (grade: NewGrade) => Promise<void>;
  /** Words a grade on the test's scale, in the centre's language: the gradebook's comment. */
  readonly wording: () => Promise<(grade: ScaledGrade) => string>;
}

/**
 * The test's grade of one student, for the gradebook. An attempt that waits for a person's marks has none yet, unless
 * the test sends parts: what stands in the gradebook stays until then.
 * @param attempts all of this student's at this test
 * @returns null while there is none
 */
export function gradeFor(
  test: Test,
  attempts: readonly Attempt[],
  words: (grade: ScaledGrade) => string,
): NewGrade | null {
  if (test.holdGrades) return null;
  const finished = gradable(test, attempts);
  const grade = gradeOf(test.grading, finished);
  const personId = finished[0]?.personId;
  if (grade === null || personId === undefined) return null;
  // A grade speaks of all attempts so far, worked out by the rule in force.
  const asOf = Math.max(
    ...finished.flatMap(({ finishedAt, marks }) => [
      finishedAt.getTime(),
      ...marks.filter(({ by }) => by !== 'auto').map(({ at }) => at.getTime()),
    ]),
    test.gradedSince?.getTime() ?? 0,
  );
  return {
    courseId: test.courseId,
    personId,
    content: { kind: 'test', id: test.id },
    title: test.title,
    scoreGiven: grade.scoreGiven,
    scoreMaximum: grade.scoreMaximum,
    comment: words(scaled(test, grade.scoreGiven, grade.scoreMaximum)),
    submittedAt: grade.submittedAt,
    asOf: new Date(asOf),
  };
}

export interface ScorePublishing {
  /** Returns the current grade of every student who has finished an attempt, as the gradebook should have it. */
  gradesFor(courseId: string, testId: string): Promise<NewGrade[]>;
  /** Hands the grade that an attempt has changed to the gradebook. */
  publish(attemptId: string): Promise<void>;
  /** The same for an attempt that waits for marks, where the test sends parts. */
  publishPart(attemptId: string): Promise<void>;
  /** Hands all grades of a test to the gradebook. */
  publishAll(courseId: string, testId: string): Promise<void>;
}

/** From finished attempts to the gradebook's outbox, which takes the newer of two grades. */
export function createScorePublishing(deps: ScorePublishingDeps): ScorePublishing {
  const { tests, attempts, queue } = deps;

  // Links name their content as they like.
  const findTest = async (courseId: string, testId: string): Promise<Test | undefined> =>
    isRecordId(testId) ? (await tests.findMany(courseId, [testId]))[0] : undefined;

  const wording = deps.wording;

  async function gradesFor(courseId: string, testId: string): Promise<NewGrade[]> {
    const test = await findTest(courseId, testId);
    if (test === undefined) return [];
    const words = await wording();
    return [...byPerson(await attempts.ofTest(courseId, testId)).values()]
      .map((own) => gradeFor(test, own, words))
      .filter((grade) => grade !== null);
  }

  async function publish({ courseId, testId, personId }: Attempt): Promise<void> {
    const test = await findTest(courseId, testId);
    const grade =
      test && gradeFor(test, await attempts.ofPerson(courseId, testId, personId), await wording());
    if (grade) await queue(grade);
  }

  return {
    gradesFor,

    async publish(attemptId) {
      const attempt = await attempts.findOptionalById(attemptId);
      if (attempt !== null) await publish(attempt);
    },

    async publishPart(attemptId) {
      const attempt = await attempts.findOptionalById(attemptId);
      if (attempt !== null && attempt.state !== 'marked') await publish(attempt);
    },

    async publishAll(courseId, testId) {
      for (const grade of await gradesFor(courseId, testId)) await queue(grade);
    },
  };
}
