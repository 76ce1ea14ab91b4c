import type { Connection, mongo } from 'mongoose';
import type { AnyModel } from '../../../infra/events/index.js';
import { isDuplicateKey, keepReads } from '../../../storage/index.js';
import { createAnswersStore } from './answers.store.js';
import { createAttemptTimeStore } from './attempt-time.store.js';
import { MOST_ATTEMPTS, type Attempt, type AttemptSummary } from './attempt.js';
import { createMarksStore } from './attempts-marks.store.js';
import { attemptModel, CLOSE_MARK, plainAttempt, type FoundAttempt } from './attempts-row.store.js';
import { createFinishedAttemptsStore } from './finished-attempts.store.js';
import { createMeasuredAttemptsStore } from './measured-attempts.store.js';

export type { ClosingAttempt } from './attempt-time.store.js';
export { CLOSE_MARK } from './attempts-row.store.js';

/** A list needs none of it, and it is most of an attempt. */
const WITHOUT_CONTENT = { questions: 0, answers: 0, marks: 0, markChanges: 0, log: 0 } as const;
/** On a student's list of tests; what one test's page says is exact. */
const MOST_LISTED = 500;
/** Whose summaries are kept in memory: a thousand attempts are about a megabyte. */
const MOST_KEPT_TESTS = 30;

export type NewAttempt = Pick<
  Attempt,
  | 'courseId'
  | 'testId'
  | 'personId'
  | 'number'
  | 'startedAt'
  | 'questions'
  | 'maximum'
  | 'onTrial'
  | 'certainty'
> & { readonly closeAt: Date | null };

export function createAttemptsStore(connection: Connection) {
  const model = attemptModel(connection);
  // Straight to the collection for what the front page asks at every launch: there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<FoundAttempt, '_id'>>;
  const own = keepReads<readonly AttemptSummary[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ courseId, personId }) => [`${String(courseId)} ${String(personId)}`],
    fields: ['courseId', 'personId'],
  });
  const ofTests = keepReads<readonly AttemptSummary[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ courseId, testId }) => [`${String(courseId)} ${String(testId)}`],
    fields: ['courseId', 'testId'],
    most: MOST_KEPT_TESTS,
  });
  return {
    ...createAnswersStore(model),
    ...createAttemptTimeStore(model),
    ...createFinishedAttemptsStore(model),
    ...createMeasuredAttemptsStore(model),
    ...createMarksStore(model),

    /** Emits, and has the mark `CLOSE_MARK`. */
    model: model as AnyModel,

    /** @returns null when the student has an open attempt, or one of this number, already */
    async insert({ closeAt, ...attempt }: NewAttempt): Promise<Attempt | null> {
      try {
        const row = await model.create({
          ...attempt,
          ...(closeAt !== null && { [CLOSE_MARK]: closeAt }),
          endsAt: closeAt,
          state: 'inProgress',
          open: true,
          answers: attempt.questions.map(() => ({ response: null, revision: 0, saveId: '', savedAt: null })),
          revision: 0,
          markVersion: 0,
          score: 0,
        });
        return plainAttempt(row.toObject());
      } catch (error) {
        if (isDuplicateKey(error)) return null;
        throw error;
      }
    },

    async findOptional(courseId: string, testId: string, id: string): Promise<Attempt | null> {
      const row = await model.findOne({ _id: id, courseId, testId }).lean<FoundAttempt>();
      return row && plainAttempt(row);
    },

    /** Of whatever course. */
    async findOptionalById(id: string): Promise<Attempt | null> {
      const row = await model.findById(id).lean<FoundAttempt>();
      return row && plainAttempt(row);
    },

    /** Of one student, first to last: the newest of them. */
    async ofPerson(
      courseId: string,
      testId: string,
      personId: string,
      limit: number = MOST_ATTEMPTS,
    ): Promise<Attempt[]> {
      const rows = await model
        .find({ courseId, testId, personId })
        .sort({ number: -1 })
        .limit(limit)
        .lean<FoundAttempt[]>();
      return rows.map(plainAttempt).reverse();
    },

    /** Of one student, in all tests of the course, newest first. */
    listForPersonInCourse(courseId: string, personId: string): Promise<readonly AttemptSummary[]> {
      return own.get(`${courseId} ${personId}`, async () => {
        const found = await rows
          .find({ courseId, personId }, { projection: WITHOUT_CONTENT })
          .sort({ startedAt: -1 })
          .limit(MOST_LISTED)
          .toArray();
        return found.map(plainAttempt);
      });
    },

    /** Of everybody, by student and number, without their content. */
    summariesOfTest(courseId: string, testId: string): Promise<readonly AttemptSummary[]> {
      return ofTests.get(`${courseId} ${testId}`, async () => {
        const found = await rows
          .find({ courseId, testId }, { projection: WITHOUT_CONTENT })
          .sort({ personId: 1, number: 1 })
          .toArray();
        return found.map(plainAttempt);
      });
    },

    /** Of everybody, by student and number. */
    async ofTest(courseId: string, testId: string): Promise<Attempt[]> {
      const rows = await model
        .find({ courseId, testId })
        .sort({ personId: 1, number: 1 })
        .lean<FoundAttempt[]>();
      return rows.map(plainAttempt);
    },
  };
}

export type AttemptsStore = ReturnType<typeof createAttemptsStore>;
