import { Types, type Connection, type mongo } from 'mongoose';
import { emitting, newEvent, type AnyModel } from '../../../infra/events/index.js';
import { isDuplicateKey, keepReads } from '../../../storage/index.js';
import type { Response } from '../types/index.js';
import { MOST_ATTEMPTS, type Attempt, type AttemptSummary, type Finish, type LogEntry } from './attempt.js';
import {
  attemptModel,
  CLOSE_MARK,
  MOST_LOGGED,
  OPEN,
  plainAttempt,
  type FoundAttempt,
} from './attempts-row.store.js';
import { attemptMarked, attemptSubmitted } from './attempts.events.js';

import { createMarksStore } from './attempts-marks.store.js';

export { CLOSE_MARK } from './attempts-row.store.js';

/** A list needs none of it, and it is most of an attempt. */
const WITHOUT_CONTENT = { questions: 0, answers: 0, marks: 0, markChanges: 0, log: 0 } as const;
/** On a student's list of tests; what one test's page says is exact. */
const MOST_LISTED = 500;

export type NewAttempt = Pick<
  Attempt,
  'courseId' | 'testId' | 'personId' | 'number' | 'startedAt' | 'questions' | 'maximum' | 'onTrial'
> & { readonly closeAt: Date | null };

/** An attempt in progress whose time ends. */
export interface ClosingAttempt extends Pick<
  Attempt,
  'id' | 'courseId' | 'testId' | 'personId' | 'startedAt'
> {
  readonly closeAt: Date;
}

export function createAttemptsStore(connection: Connection) {
  const model = attemptModel(connection);
  // Straight to the collection for what the front page asks at every launch: there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<FoundAttempt, '_id'>>;
  const own = keepReads<readonly AttemptSummary[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ courseId, personId }) => [`${String(courseId)} ${String(personId)}`],
  });
  return {
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
    async summariesOfTest(courseId: string, testId: string): Promise<AttemptSummary[]> {
      const found = await rows
        .find({ courseId, testId }, { projection: WITHOUT_CONTENT })
        .sort({ personId: 1, number: 1 })
        .toArray();
      return found.map(plainAttempt);
    },

    /** Of everybody, by student and number. */
    async ofTest(courseId: string, testId: string): Promise<Attempt[]> {
      const rows = await model
        .find({ courseId, testId })
        .sort({ personId: 1, number: 1 })
        .lean<FoundAttempt[]>();
      return rows.map(plainAttempt);
    },

    /**
     * Saves one answer of an open attempt, if its revision is still `base`.
     * @param index of the question, from 0
     * @returns null when it is not, the answer is checked, or the attempt is finished
     */
    async save(
      attempt: Attempt,
      index: number,
      base: number,
      saved: { response: Response | null; saveId: string; savedAt: Date },
    ): Promise<Attempt | null> {
      const at = `answers.${index}`;
      const row = await model
        .findOneAndUpdate(
          {
            _id: attempt.id,
            courseId: attempt.courseId,
            state: 'inProgress',
            [`${at}.revision`]: base,
            // Not `null`: a numeric part of a path is also a field of each element, which has none.
            [`${at}.checked`]: { $exists: false },
          },
          {
            $set: {
              [`${at}.response`]: saved.response,
              [`${at}.saveId`]: saved.saveId,
              [`${at}.savedAt`]: saved.savedAt,
            },
            $inc: { [`${at}.revision`]: 1, revision: 1 },
          },
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
    },

    /**
     * Saves one answer as `save` does, if the attempt's time is not over by what is stored, and reads nothing else.
     * @returns null when it is not saved, for whatever reason; else the end of its time
     */
    async saveInTime(
      attempt: Pick<Attempt, 'id' | 'courseId'>,
      index: number,
      base: number,
      saved: { response: Response | null; saveId: string; savedAt: Date },
    ): Promise<{ closeAt: Date | null } | null> {
      const at = `answers.${index}`;
      const row = await rows.findOneAndUpdate(
        {
          _id: new Types.ObjectId(attempt.id),
          courseId: attempt.courseId,
          state: 'inProgress',
          [`${at}.revision`]: base,
          [`${at}.checked`]: { $exists: false },
          endsAt: { $exists: true },
          $or: [{ endsAt: null }, { endsAt: { $gt: saved.savedAt } }],
        },
        {
          $set: {
            [`${at}.response`]: saved.response,
            [`${at}.saveId`]: saved.saveId,
            [`${at}.savedAt`]: saved.savedAt,
          },
          $inc: { [`${at}.revision`]: 1, revision: 1 },
        },
        { projection: { endsAt: 1 } },
      );
      return row && { closeAt: row.endsAt ?? null };
    },

    /**
     * Open becomes finished, with everything that follows from the answers, if those are still the ones read.
     * The write emits `attempt.submitted`, and `attempt.marked` if nothing waits for a person.
     * @returns null when an answer was saved since, or the attempt is finished already
     */
    async finish(attempt: Attempt, finish: Finish, now: Date): Promise<Attempt | null> {
      const { id, courseId, testId, revision } = attempt;
      const submitted = newEvent(attemptSubmitted, { courseId, testId }, { at: now });
      const marked =
        finish.state === 'marked' ? [newEvent(attemptMarked, { courseId, testId }, { at: now })] : [];
      const row = await model
        .findOneAndUpdate(
          { _id: id, courseId, state: OPEN, revision },
          emitting(
            {
              $set: { ...finish, open: false, ...(finish.state !== 'marked' && { waitsForMarks: true }) },
              $unset: { [CLOSE_MARK]: 1 },
            },
            submitted,
            ...marked,
          ),
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
    },

    /** Notes from when on an open attempt is to be closed; null: never. */
    async setCloseAt(id: string, closeAt: Date | null): Promise<void> {
      await model.updateOne(
        { _id: id, state: OPEN },
        closeAt === null
          ? { $set: { endsAt: null }, $unset: { [CLOSE_MARK]: 1 } }
          : { $set: { [CLOSE_MARK]: closeAt, endsAt: closeAt } },
      );
    },

    /** Attempts in progress of all courses that are to be closed after `from` and by `to`. */
    async closing(from: Date, to: Date): Promise<ClosingAttempt[]> {
      const rows = await model
        .find({ state: OPEN, [CLOSE_MARK]: { $gt: from, $lte: to } })
        .select({ courseId: 1, testId: 1, personId: 1, startedAt: 1, onTrial: 1, [CLOSE_MARK]: 1 })
        .lean<FoundAttempt[]>();
      return rows.flatMap(closingOf);
    },

    /** @returns null when it is not in progress, or is never closed by time */
    async findClosing(id: string): Promise<ClosingAttempt | null> {
      const row = await model.findOne({ _id: id, state: OPEN }).lean<FoundAttempt>();
      return row && (closingOf(row)[0] ?? null);
    },

    /** Open attempts of a test. */
    async openOfTest(courseId: string, testId: string): Promise<Attempt[]> {
      return (await model.find({ courseId, testId, open: true }).lean<FoundAttempt[]>()).map(plainAttempt);
    },

    /**
     * The time of an attempt in progress is over: it becomes overdue or abandoned.
     * @param closeAt when an overdue one is to be looked at again
     * @returns null if it is no longer open
     */
    async expire(
      attempt: Attempt,
      to: 'overdue' | 'abandoned',
      finishedAt: Date | null,
      closeAt: Date | null,
    ): Promise<Attempt | null> {
      const row = await model
        .findOneAndUpdate(
          { _id: attempt.id, courseId: attempt.courseId, state: OPEN },
          {
            $set: {
              state: to,
              open: to === 'overdue',
              ...(to === 'abandoned' && { finishedAt, finishedBy: 'time' }),
              ...(closeAt !== null && { [CLOSE_MARK]: closeAt }),
            },
            ...(closeAt === null && { $unset: { [CLOSE_MARK]: 1 } }),
          },
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
    },

    /** Goes on to a page of a sequential test, never back. */
    async turnTo(attempt: Attempt, page: number): Promise<void> {
      await model.updateOne(
        {
          _id: attempt.id,
          courseId: attempt.courseId,
          state: 'inProgress',
          $or: [{ page: { $exists: false } }, { page: { $lt: page } }],
        },
        { $set: { page } },
      );
    },

    /** Notes what the browser tells of an attempt in progress, up to a bound. */
    async log(attempt: Attempt, entries: readonly LogEntry[]): Promise<void> {
      await model.updateOne(
        {
          _id: attempt.id,
          courseId: attempt.courseId,
          state: 'inProgress',
          [`log.${MOST_LOGGED}`]: { $exists: false },
        },
        { $push: { log: { $each: [...entries] } } },
      );
    },

    /** Fixes an answer of an attempt in progress. @returns false when it has another revision, or is fixed already */
    async check(attempt: Attempt, index: number, revision: number): Promise<boolean> {
      const at = `answers.${index}`;
      const result = await model.updateOne(
        {
          _id: attempt.id,
          courseId: attempt.courseId,
          state: 'inProgress',
          [`${at}.revision`]: revision,
          [`${at}.checked`]: { $exists: false },
        },
        { $set: { [`${at}.checked`]: true }, $inc: { revision: 1 } },
      );
      return result.matchedCount > 0;
    },

    /** Takes the next hint of a question of an attempt in progress. @returns null when it was taken already */
    async takeHint(attempt: Attempt, index: number, taken: number): Promise<Attempt | null> {
      const at = `answers.${index}.hints`;
      const row = await model
        .findOneAndUpdate(
          {
            _id: attempt.id,
            courseId: attempt.courseId,
            state: 'inProgress',
            [at]: taken === 0 ? { $exists: false } : taken,
          },
          { $set: { [at]: taken + 1 }, $inc: { revision: 1 } },
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
    },
  };
}

export type AttemptsStore = ReturnType<typeof createAttemptsStore>;

/** None where the time never ends, or the person teaches here and only tries the test. */
const closingOf = (row: FoundAttempt): ClosingAttempt[] => {
  const { _id, courseId, testId, personId, startedAt, closeAt, onTrial } = row;
  if (closeAt === undefined || onTrial === true) return [];
  return [{ id: _id.toString(), courseId, testId, personId, startedAt, closeAt }];
};
