import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import type { Answer, Attempt, AttemptQuestion, Finish } from './attempt.js';
import type { Mark } from '../marking/grading.js';
import type { Response } from '../types/index.js';
import type { Queue } from '../../../shared/queue.js';
import { isDuplicateKey } from '../../../storage/index.js';

interface Row extends Omit<Attempt, 'id' | 'gradeDue'> {
  /** Absent once handed in, so that the sparse index holds only what waits. */
  gradeDue?: Date;
}

const question = new Schema<AttemptQuestion>(
  {
    versionId: { type: String, required: true },
    key: { type: String, required: true },
    mark: { type: Number, required: true },
    order: { type: [Number], required: true },
  },
  { _id: false },
);
const answer = new Schema<Answer>(
  {
    response: { type: Schema.Types.Mixed, default: null },
    revision: { type: Number, required: true },
    saveId: { type: String, default: '' },
    savedAt: { type: Date, default: null },
  },
  { _id: false },
);
const mark = new Schema<Mark>(
  { fraction: { type: Number, required: true }, score: { type: Number, required: true } },
  { _id: false },
);

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    testId: { type: String, required: true },
    personId: { type: String, required: true },
    number: { type: Number, required: true },
    state: { type: String, required: true },
    startedAt: { type: Date, required: true },
    dueAt: { type: Date, default: null },
    questions: { type: [question], required: true },
    answers: { type: [answer], required: true },
    revision: { type: Number, required: true },
    finishedAt: { type: Date, default: null },
    finishedBy: { type: String, default: null },
    marks: { type: [mark], default: [] },
    score: { type: Number, required: true },
    maximum: { type: Number, required: true },
    gradeDue: { type: Date },
  },
  { collection: 'test_attempts', versionKey: false },
);
// Attempts are numbered without gaps or twins, so the number of the newest says how many were made…
schema.index({ courseId: 1, testId: 1, personId: 1, number: 1 }, { unique: true });
// …and at most one of a student's is open.
schema.index(
  { courseId: 1, testId: 1, personId: 1 },
  { unique: true, partialFilterExpression: { state: 'open' }, name: 'one_open' },
);
schema.index({ courseId: 1, personId: 1 });
schema.index({ courseId: 1, testId: 1, finishedAt: 1 });
schema.index({ state: 1, dueAt: 1 });
schema.index({ gradeDue: 1 }, { sparse: true });

type Found = Row & { _id: Types.ObjectId };

const plain = ({ _id, gradeDue, ...row }: Found): Attempt => ({
  ...row,
  gradeDue: gradeDue ?? null,
  id: _id.toString(),
});

export type NewAttempt = Pick<
  Attempt,
  'courseId' | 'testId' | 'personId' | 'number' | 'startedAt' | 'dueAt' | 'questions' | 'maximum'
>;

export function createAttemptsStore(connection: Connection) {
  const model = connection.model('TestAttempt', schema);
  // Straight to the collection for what the front page asks at every launch: there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<Found, '_id'>>;
  return {
    /** @returns null when the student has an open attempt, or one of this number, already */
    async insert(attempt: NewAttempt): Promise<Attempt | null> {
      try {
        const row = await model.create({
          ...attempt,
          state: 'open',
          answers: attempt.questions.map(() => ({ response: null, revision: 0, saveId: '', savedAt: null })),
          revision: 0,
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

    /** Of one student, first to last. */
    async ofPerson(courseId: string, testId: string, personId: string): Promise<Attempt[]> {
      const rows = await model.find({ courseId, testId, personId }).sort({ number: 1 }).lean<Found[]>();
      return rows.map(plain);
    },

    /** Of one student, in all tests of the course. */
    async ofPersonInCourse(courseId: string, personId: string): Promise<Attempt[]> {
      return (await rows.find({ courseId, personId }).toArray()).map(plain);
    },

    /** Of everybody, by student and number. */
    async ofTest(courseId: string, testId: string): Promise<Attempt[]> {
      const rows = await model.find({ courseId, testId }).sort({ personId: 1, number: 1 }).lean<Found[]>();
      return rows.map(plain);
    },

    async countFinishedSince(courseId: string, testId: string, since: Date): Promise<number> {
      return model.countDocuments({ courseId, testId, finishedAt: { $gt: since } });
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
          { _id: attempt.id, courseId: attempt.courseId, state: 'open', [`${at}.revision`]: base },
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
     * From this very write on the grade is known to wait.
     * @returns null when an answer was saved since, or the attempt is finished already
     */
    async finish(attempt: Attempt, finish: Finish, now: Date): Promise<Attempt | null> {
      const row = await model
        .findOneAndUpdate(
          { _id: attempt.id, courseId: attempt.courseId, state: 'open', revision: attempt.revision },
          { $set: { ...finish, state: 'finished', gradeDue: now } },
          { returnDocument: 'after' },
        )
        .lean<Found>();
      return row && plain(row);
    },

    /** Open attempts whose time was over at that moment, as far as they know; longest over first. */
    async overdue(before: Date, most: number): Promise<Attempt[]> {
      const rows = await model
        .find({ state: 'open', dueAt: { $lt: before } })
        .sort({ dueAt: 1 })
        .limit(most)
        .lean<Found[]>();
      return rows.map(plain);
    },

    async setDueAt(id: string, dueAt: Date | null): Promise<void> {
      await model.updateOne({ _id: id, state: 'open' }, { $set: { dueAt } });
    },

    /** Open attempts of a test. */
    async openOfTest(courseId: string, testId: string): Promise<Attempt[]> {
      return (await model.find({ courseId, testId, state: 'open' }).lean<Found[]>()).map(plain);
    },

    /** Finished attempts whose grade has waited since `before` or longer, longest first. */
    async gradesDue(before: Date, most: number): Promise<Attempt[]> {
      const rows = await model
        .find({ gradeDue: { $lte: before } })
        .sort({ gradeDue: 1 })
        .limit(most)
        .lean<Found[]>();
      return rows.map(plain);
    },

    /** Finished attempts whose grade is not handed in yet. */
    async queue(): Promise<Queue> {
      const due = { gradeDue: { $gt: new Date(0) } };
      const [waiting, oldest] = await Promise.all([
        model.countDocuments(due),
        model.findOne(due).sort({ gradeDue: 1 }).select({ gradeDue: 1 }).lean<Pick<Row, 'gradeDue'>>(),
      ]);
      return { waiting, oldest: oldest?.gradeDue ?? null, failed: 0 };
    },

    /** The grade due since then is handed in; a later call for it stays. */
    async clearGradeDue(id: string, since: Date): Promise<void> {
      await model.updateOne({ _id: id, gradeDue: since }, { $unset: { gradeDue: 1 } });
    },
  };
}

export type AttemptsStore = ReturnType<typeof createAttemptsStore>;
