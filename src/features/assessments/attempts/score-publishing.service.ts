import type { Logger } from 'pino';
import { SECOND, type Clock } from '../../../shared/clock.js';
import { isRecordId } from '../../../shared/ids.js';
import type { NewGrade } from '../../gradebook/index.js';
import { byPerson, isFinished, type Attempt } from './attempt.js';
import type { AttemptsStore } from './attempts.store.js';
import { gradeOf } from '../marking/grading.js';
import type { Test, TestsStore } from '../tests/tests.store.js';

export interface ScorePublishingDeps {
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
  /** The gradebook's outbox. */
  readonly queue: (grade: NewGrade) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** After this long a mark counts as left by a killed process. */
const FORGOTTEN_MS = 5 * SECOND;
/** How many are taken up in one go. */
const BATCH = 100;

/**
 * The test's grade of one student, for the gradebook.
 * @param attempts all of this student's at this test
 * @returns null while none is finished
 */
export function gradeFor(test: Test, attempts: readonly Attempt[]): NewGrade | null {
  const finished = attempts.filter(isFinished);
  const grade = gradeOf(test.grading, finished);
  const personId = finished[0]?.personId;
  if (grade === null || personId === undefined) return null;
  // A grade speaks of all attempts so far, worked out by the rule in force.
  const asOf = Math.max(
    ...finished.map(({ finishedAt }) => finishedAt.getTime()),
    test.gradedSince?.getTime() ?? 0,
  );
  return {
    courseId: test.courseId,
    personId,
    content: { kind: 'test', id: test.id },
    title: test.title,
    scoreGiven: grade.scoreGiven,
    scoreMaximum: grade.scoreMaximum,
    comment: '',
    submittedAt: grade.submittedAt,
    asOf: new Date(asOf),
  };
}

/**
 * From finished attempts to the gradebook's outbox. Who finishes an attempt, or changes how grades are worked
 * out, leaves a mark in that very write; the mark goes once the grade is in the outbox. So a process killed in
 * between leaves work to be found, and handing in twice does no harm.
 */
export function createScorePublishing({ tests, attempts, queue, clock, log }: ScorePublishingDeps) {
  async function gradesFor(courseId: string, testId: string): Promise<NewGrade[]> {
    // Links name their content as they like.
    const [test] = isRecordId(testId) ? await tests.findMany(courseId, [testId]) : [];
    if (test === undefined) return [];
    return [...byPerson(await attempts.ofTest(courseId, testId)).values()]
      .map((own) => gradeFor(test, own))
      .filter((grade) => grade !== null);
  }

  async function promise(attempt: Attempt): Promise<void> {
    const { id, courseId, testId, personId, gradeDue } = attempt;
    if (gradeDue === null) return;
    const [test] = await tests.findMany(courseId, [testId]);
    const grade = test && gradeFor(test, await attempts.ofPerson(courseId, testId, personId));
    if (grade) await queue(grade);
    await attempts.clearGradeDue(id, gradeDue);
  }

  async function all(courseId: string, testId: string, since: Date): Promise<void> {
    for (const grade of await gradesFor(courseId, testId)) await queue(grade);
    await tests.clearGradesDue(testId, since);
  }

  /** What failed stays marked, and is tried again by the next sweep. */
  async function later(what: object, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      log.error({ err: error, ...what }, 'assessments: a grade could not be handed in yet');
    }
  }

  return {
    /** The current grade of every student who has finished an attempt, as the gradebook should have it. */
    gradesFor,

    /** Hands in the grade that a finished attempt has changed. Never fails: what cannot be done now waits. */
    publish: (attempt: Attempt): Promise<void> => later({ attempt: attempt.id }, promise(attempt)),

    /** Hands in all grades of a test whose mark `since` has been set. Never fails. */
    publishAll: (courseId: string, testId: string, since: Date): Promise<void> =>
      later({ test: testId }, all(courseId, testId, since)),

    /** Hands in all grades of a test once more. */
    async again(courseId: string, testId: string): Promise<void> {
      if (!isRecordId(testId)) return;
      const since = clock.now();
      await tests.markGradesDue(courseId, testId, since);
      await later({ test: testId }, all(courseId, testId, since));
    },

    /** Takes up what was left undone. @returns how much was found */
    async sweep(): Promise<number> {
      const before = new Date(clock.now().getTime() - FORGOTTEN_MS);
      const waiting = await attempts.gradesDue(before, BATCH);
      for (const attempt of waiting) await later({ attempt: attempt.id }, promise(attempt));
      const tested = await tests.gradesDue(before, BATCH);
      for (const { courseId, id, since } of tested) await later({ test: id }, all(courseId, id, since));
      return waiting.length + tested.length;
    },
  };
}

export type ScorePublishing = ReturnType<typeof createScorePublishing>;
