import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import {
  FINISHED_STATES,
  isCounted,
  isFinished,
  MOST_ATTEMPTS,
  OPEN_STATES,
  type Answer,
  type Attempt,
  type AttemptSummary,
  type AttemptQuestion,
  type AttemptState,
  type Finish,
  type LogEntry,
  type FinishedAttempt,
  type Marking,
  type Removal,
} from './attempt.js';
import type { Mark, MarkChange } from '../marking/mark.js';
import { attemptMarked, attemptSubmitted } from './attempts.events.js';
import type { Response } from '../types/index.js';
import { rounded } from '../marking/grading.js';
import {
  emitted,
  emitting,
  newEvent,
  withEvents,
  withMark,
  type AnyModel,
  type EmittingRow,
} from '../../../infra/events/index.js';
import { isDuplicateKey } from '../../../storage/index.js';

interface Row extends Omit<Attempt, 'id'>, EmittingRow {
  /**
   * When an open attempt is to be closed, as known when last looked at; absent: never. It makes the job look: what
   * counts is the test's deadline at that moment.
   */
  closeAt?: Date;
  /** Whether it may still be handed in: the unique index knows no set of states. */
  open: boolean;
}

export const CLOSE_MARK = 'closeAt';

const OPEN: { $in: AttemptState[] } = { $in: [...OPEN_STATES] };

const question = new Schema<AttemptQuestion>(
  {
    versionId: { type: String, required: true },
    key: { type: String, required: true },
    mark: { type: Number, required: true },
    order: { type: [Number], required: true },
    section: { type: String },
  },
  { _id: false },
);
const answer = new Schema<Answer>(
  {
    response: { type: Schema.Types.Mixed, default: null },
    revision: { type: Number, required: true },
    saveId: { type: String, default: '' },
    savedAt: { type: Date, default: null },
    hints: { type: Number },
  },
  { _id: false },
);
const mark = new Schema<Mark>(
  {
    fraction: { type: Number, default: null },
    score: { type: Number, required: true },
    by: { type: String, required: true },
    personId: { type: String },
    at: { type: Date, required: true },
    why: { type: String, default: '' },
    version: { type: Number, required: true },
  },
  { _id: false },
);
const markChange = new Schema<MarkChange>(
  {
    index: { type: Number, required: true },
    from: { type: Number, default: null },
    to: { type: Number, default: null },
    by: { type: String, required: true },
    personId: { type: String },
    at: { type: Date, required: true },
    why: { type: String, default: '' },
  },
  { _id: false },
);
const removal = new Schema<Removal>(
  {
    at: { type: Date, required: true },
    by: { type: String, default: '' },
    why: { type: String, required: true },
  },
  { _id: false },
);
const logEntry = new Schema<LogEntry>({ at: Date, kind: String, what: String }, { _id: false });
/** Of one attempt: more than that tells nothing new. */
const MOST_LOGGED = 300;
/** Of one attempt: the oldest changes of marks are forgotten first. */
const MOST_CHANGES = 500;

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    testId: { type: String, required: true },
    personId: { type: String, required: true },
    number: { type: Number, required: true },
    state: { type: String, required: true },
    open: { type: Boolean, required: true },
    startedAt: { type: Date, required: true },
    questions: { type: [question], required: true },
    answers: { type: [answer], required: true },
    revision: { type: Number, required: true },
    finishedAt: { type: Date, default: null },
    finishedBy: { type: String, default: null },
    marks: { type: [mark], default: [] },
    markVersion: { type: Number, default: 0 },
    markChanges: { type: [markChange], default: undefined },
    page: { type: Number },
    log: { type: [logEntry], default: undefined },
    score: { type: Number, required: true },
    maximum: { type: Number, required: true },
    onTrial: { type: Boolean },
    removed: { type: removal },
  },
  { collection: 'test_attempts', versionKey: false },
);
// Attempts are numbered without gaps or twins, so the number of the newest says how many were made…
schema.index({ courseId: 1, testId: 1, personId: 1, number: 1 }, { unique: true });
// …and at most one of a student's is open.
schema.index(
  { courseId: 1, testId: 1, personId: 1 },
  { unique: true, partialFilterExpression: { open: true }, name: 'one_in_progress' },
);
schema.index({ courseId: 1, personId: 1, startedAt: -1 });
schema.index({ courseId: 1, testId: 1, finishedAt: 1 });
// Whose marks are to be exported and erased.
schema.index({ 'marks.personId': 1 }, { sparse: true });
schema.index({ 'removed.by': 1 }, { sparse: true });
schema.plugin(withEvents);
schema.plugin(withMark(CLOSE_MARK));

/** A list needs none of it, and it is most of an attempt. */
const WITHOUT_CONTENT = { questions: 0, answers: 0, marks: 0, markChanges: 0 } as const;
/** On a student's list of tests; what one test's page says is exact. */
const MOST_LISTED = 500;

type Found = Row & { _id: Types.ObjectId };

const plain = ({
  _id,
  closeAt: _mark,
  open: _open,
  events: _events,
  eventsAt: _at,
  ...row
}: Found): Attempt => ({
  ...row,
  id: _id.toString(),
});

export type NewAttempt = Pick<
  Attempt,
  'courseId' | 'testId' | 'personId' | 'number' | 'startedAt' | 'questions' | 'maximum' | 'onTrial'
> & { readonly closeAt: Date | null };

export function createAttemptsStore(connection: Connection) {
  const model = connection.model('TestAttempt', schema);
  // Straight to the collection for what the front page asks at every launch: there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<Found, '_id'>>;
  return {
    /** Emits, and has the mark `CLOSE_MARK`. */
    model: model as AnyModel,

    /** @returns null when the student has an open attempt, or one of this number, already */
    async insert({ closeAt, ...attempt }: NewAttempt): Promise<Attempt | null> {
      try {
        const row = await model.create({
          ...attempt,
          ...(closeAt !== null && { [CLOSE_MARK]: closeAt }),
          state: 'inProgress',
          open: true,
          answers: attempt.questions.map(() => ({ response: null, revision: 0, saveId: '', savedAt: null })),
          revision: 0,
          markVersion: 0,
          score: 0,
        });
        return plain(row.toObject());
      } catch (error) {
        if (isDuplicateKey(error)) return null;
        throw error;
      }
    },

    async findOptional(courseId: string, testId: string, id: string): Promise<Attempt | null> {
      const row = await model.findOne({ _id: id, courseId, testId }).lean<Found>();
      return row && plain(row);
    },

    /** Of whatever course. */
    async findOptionalById(id: string): Promise<Attempt | null> {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
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
        .lean<Found[]>();
      return rows.map(plain).reverse();
    },

    /** Of one student, in all tests of the course, newest first. */
    async listForPersonInCourse(courseId: string, personId: string): Promise<AttemptSummary[]> {
      const found = await rows
        .find({ courseId, personId }, { projection: WITHOUT_CONTENT })
        .sort({ startedAt: -1 })
        .limit(MOST_LISTED)
        .toArray();
      return found.map(plain);
    },

    /** Of everybody, by student and number. */
    async ofTest(courseId: string, testId: string): Promise<Attempt[]> {
      const rows = await model.find({ courseId, testId }).sort({ personId: 1, number: 1 }).lean<Found[]>();
      return rows.map(plain);
    },

    async countFinishedSince(courseId: string, testId: string, since: Date): Promise<number> {
      return model.countDocuments({
        ...{ courseId, testId, finishedAt: { $gt: since } },
        ...{ onTrial: null, removed: null },
      });
    },

    /**
     * Saves one answer of an open attempt, if its revision is still `base`.
     * @param index of the question, from 0
     * @returns null when it is not, or the attempt is finished
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
          { _id: attempt.id, courseId: attempt.courseId, state: 'inProgress', [`${at}.revision`]: base },
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
        .lean<Found>();
      return row && plain(row);
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
          emitting({ $set: { ...finish, open: false }, $unset: { [CLOSE_MARK]: 1 } }, submitted, ...marked),
          { returnDocument: 'after' },
        )
        .lean<Found>();
      return row && plain(row);
    },

    /** Notes from when on an open attempt is to be closed; null: never. */
    async setCloseAt(id: string, closeAt: Date | null): Promise<void> {
      await model.updateOne(
        { _id: id, state: OPEN },
        closeAt === null ? { $unset: { [CLOSE_MARK]: 1 } } : { $set: { [CLOSE_MARK]: closeAt } },
      );
    },

    /** Open attempts of a test. */
    async openOfTest(courseId: string, testId: string): Promise<Attempt[]> {
      return (await model.find({ courseId, testId, open: true }).lean<Found[]>()).map(plain);
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
        .lean<Found>();
      return row && plain(row);
    },

    /**
     * Changes marks of a finished attempt, if they are still the ones read. The write emits `attempt.marked`.
     * @returns null when they were changed since
     */
    async mark(
      attempt: Attempt,
      marking: Marking,
      changes: readonly MarkChange[],
      now: Date,
    ): Promise<Attempt | null> {
      const { id, courseId, testId, markVersion } = attempt;
      const event = newEvent(attemptMarked, { courseId, testId }, { at: now });
      const row = await model
        .findOneAndUpdate(
          { _id: id, courseId, state: { $in: [...FINISHED_STATES] }, markVersion },
          emitting(
            {
              $set: {
                ...marking,
                ...(changes.length > 0 && {
                  markChanges: [...(attempt.markChanges ?? []), ...changes].slice(-MOST_CHANGES),
                }),
              },
              $inc: { markVersion: 1 },
            },
            event,
          ),
          { returnDocument: 'after' },
        )
        .lean<Found>();
      return row && plain(row);
    },

    /**
     * Removes an attempt: an open one is abandoned. The write emits `attempt.marked`, so that the grade follows.
     * @returns null when it was removed already
     */
    async remove(
      { id, courseId, testId, state, finishedAt }: Attempt,
      removed: Removal,
    ): Promise<Attempt | null> {
      const event = newEvent(attemptMarked, { courseId, testId }, { at: removed.at });
      const abandoned = state === 'inProgress' || state === 'overdue';
      const row = await model
        .findOneAndUpdate(
          { _id: id, courseId, removed: null },
          emitting(
            {
              $set: {
                removed,
                ...(abandoned && { state: 'abandoned', open: false, finishedAt: finishedAt ?? removed.at }),
              },
              ...(abandoned && { $unset: { [CLOSE_MARK]: 1 } }),
            },
            event,
          ),
          { returnDocument: 'after' },
        )
        .lean<Found>();
      return row && plain(row);
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

    /**
     * Writes the mark of an attempt without questions: an oral answer, another service. The write emits
     * `attempt.marked`.
     * @param markVersion of the mark that was seen; 0 for none
     * @returns false when another mark was given since
     */
    async give(
      of: Pick<Attempt, 'courseId' | 'testId' | 'personId' | 'maximum'>,
      given: Mark,
      markVersion: number,
      now: Date,
    ): Promise<boolean> {
      const { courseId, testId, personId } = of;
      const event = newEvent(attemptMarked, { courseId, testId }, { at: now });
      const values = { marks: [given], score: rounded(given.score), maximum: of.maximum, finishedAt: now };
      if (markVersion > 0) {
        const result = await model.updateOne(
          { courseId, testId, personId, number: 1, markVersion },
          emitting({ $set: values, $inc: { markVersion: 1 } }, event),
        );
        return result.matchedCount > 0;
      }
      try {
        await model.create({
          ...of,
          ...values,
          number: 1,
          state: 'marked',
          open: false,
          startedAt: now,
          finishedBy: 'teacher',
          questions: [],
          answers: [],
          revision: 0,
          markVersion: 1,
          ...emitted(event),
        });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** An attempt that ended by its time goes on. @returns false when it cannot, or another one is open */
    async reopen(attempt: Attempt, closeAt: Date | null): Promise<boolean> {
      try {
        const result = await model.updateOne(
          { _id: attempt.id, courseId: attempt.courseId, finishedBy: 'time', open: false },
          {
            $set: {
              state: 'inProgress',
              open: true,
              finishedAt: null,
              finishedBy: null,
              marks: [],
              score: 0,
              ...(closeAt !== null && { [CLOSE_MARK]: closeAt }),
            },
            $inc: { revision: 1, markVersion: 1 },
          },
        );
        return result.matchedCount > 0;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
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
        .lean<Found>();
      return row && plain(row);
    },

    async findFinished(courseId: string, testId: string, id: string): Promise<FinishedAttempt | null> {
      const attempt = await this.findOptional(courseId, testId, id);
      return attempt !== null && isFinished(attempt) ? attempt : null;
    },

    /** Finished attempts of a test, oldest first. */
    async finishedOfTest(courseId: string, testId: string): Promise<FinishedAttempt[]> {
      const rows = await model
        .find({ courseId, testId, finishedAt: { $gt: new Date(0) } })
        .sort({ finishedAt: 1 })
        .lean<Found[]>();
      return rows.map(plain).filter(isFinished).filter(isCounted);
    },
  };
}

export type AttemptsStore = ReturnType<typeof createAttemptsStore>;
