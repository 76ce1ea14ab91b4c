import type { Connection } from 'mongoose';
import {
  anew,
  gradesModel,
  NEVER,
  note,
  plain,
  type Found,
  type Grade,
  type GradeRow,
  type HeldScore,
  type SendingResult,
  type SendingRow,
} from './score-row.store.js';
import { createScoreReadsStore, type ScoreReadsStore } from './score-reads.store.js';
import { emitting, newEvent, type AnyModel } from '../../infra/events/index.js';
import { scoreSettled } from './scores.events.js';
import { isDuplicateKey, keepReads } from '../../storage/index.js';

export interface GradesStore extends ScoreReadsStore {
  /** For the sweeper of marks. */
  readonly model: AnyModel;
  /**
   * Puts a grade in, unless a later one stands already, or the same one of the same moment: a job that was killed
   * puts its grades in twice. The mark in the same write makes its job run, once more if it is running.
   */
  put(lineItem: string, grade: Grade, now: Date): Promise<void>;
  /**
   * A column is gone: nothing of its course goes there any more. The grades themselves are with who handed them
   * in. An address is what a platform says it is: another platform may have said the same.
   */
  drop(input: Pick<GradeRow, 'lineItem' | 'registrationId' | 'courseId'>): Promise<void>;
  /** Returns a row that is to be sent, or null if it is gone or has arrived. */
  findUnsent(id: string, now: Date): Promise<SendingRow | null>;
  /**
   * Notes what became of an attempt. A grade put in meanwhile stays pending, for its job runs again; what has
   * arrived stays so, whatever a worker says that was slower.
   */
  end(row: SendingRow, now: Date, result: SendingResult): Promise<void>;
  /** Returns a row that has arrived, or null if it is gone or is to be sent. */
  findSent(id: string): Promise<GradeRow | null>;
  /** Notes what the gradebook holds of a row, unless a newer grade was put in meanwhile. */
  noteHeld(row: GradeRow, held: HeldScore | null, now: Date): Promise<void>;
  /** Notes that a row is not sent any more, for no reason that the LMS knows. */
  giveUp(id: string, now: Date): Promise<void>;
  /** Sends failed rows once more. @returns how many */
  revive(courseId: string, now: Date, id?: string): Promise<number>;
  /** Sends a person's failed rows once more. */
  reviveFor(courseId: string, personId: string, now: Date): Promise<void>;
}

export function createGradesStore(connection: Connection): GradesStore {
  const model = gradesModel(connection);
  const placeKey = (courseId: unknown, personId: unknown): string =>
    `${String(courseId)} ${String(personId)}`;
  const failed = keepReads<boolean>(connection, {
    collection: model.collection.name,
    keysOf: ({ courseId, personId }) => [placeKey(courseId, personId)],
  });

  return {
    model,
    ...createScoreReadsStore(connection),

    async put(lineItem: string, grade: Grade, now: Date): Promise<void> {
      const { personId, ...rest } = grade;
      const { registrationId, sub, scoreGiven, scoreMaximum, comment, asOf } = grade;
      const same = { registrationId, sub, scoreGiven, scoreMaximum, comment, asOf };
      try {
        await model.updateOne(
          { lineItem, personId, asOf: { $lte: asOf }, $nor: [{ ...same, state: { $ne: 'failed' } }] },
          {
            $set: { ...rest, ...anew(now) },
            $setOnInsert: { stamp: NEVER, deliveredAt: null },
            $inc: { version: 1 },
            ...note(now, 'queued'),
          },
          { upsert: true },
        );
      } catch (error) {
        // The row is there and holds a later grade, or this one.
        if (!isDuplicateKey(error)) throw error;
      }
    },

    async drop({
      lineItem,
      registrationId,
      courseId,
    }: Pick<GradeRow, 'lineItem' | 'registrationId' | 'courseId'>): Promise<void> {
      await model.deleteMany({ lineItem, registrationId, courseId });
    },

    async findUnsent(id: string, now: Date): Promise<SendingRow | null> {
      const row = await model.findOne({ _id: id, state: { $ne: 'sent' } }).lean<Found>();
      if (row === null) return null;
      // Clocks of several machines differ, and are set back: a score must still be later than the one before.
      const timestamp = new Date(Math.max(now.getTime(), (row.stamp ?? NEVER).getTime() + 1));
      return { ...plain(row), timestamp };
    },

    async end(row: SendingRow, now: Date, { what, ...set }: SendingResult): Promise<void> {
      const { id, version, timestamp } = row;
      const noted = { ...note(now, what, set.problem, set.reason), $max: { stamp: timestamp } };
      const { courseId } = row;
      const settled =
        set.state === 'sent' || set.state === 'failed'
          ? newEvent(scoreSettled, { courseId, state: set.state }, { at: now })
          : null;
      const update = { $set: set, ...noted };
      const done = await model.updateOne(
        { _id: id, version, state: { $ne: 'sent' } },
        settled === null ? update : emitting(update, settled),
      );
      if (done.matchedCount === 0) await model.updateOne({ _id: id }, noted);
    },

    async findSent(id: string): Promise<GradeRow | null> {
      const row = await model.findOne({ _id: id, state: 'sent' }).lean<Found>();
      return row && plain(row);
    },

    async noteHeld({ id, version }: GradeRow, held: HeldScore | null, now: Date): Promise<void> {
      await model.updateOne({ _id: id, version, state: 'sent' }, { $set: { held, heldAt: now } });
    },

    async giveUp(id: string, now: Date): Promise<void> {
      await model.updateOne(
        { _id: id, state: 'pending' },
        { $set: { state: 'failed' as const }, ...note(now, 'gave-up') },
      );
    },

    async revive(courseId: string, now: Date, id?: string): Promise<number> {
      const result = await model.updateMany(
        { courseId, state: 'failed', ...(id !== undefined && { _id: id }) },
        {
          $set: anew(now),
          $inc: { version: 1 },
          ...note(now, 'again'),
        },
      );
      return result.modifiedCount;
    },

    async reviveFor(courseId: string, personId: string, now: Date): Promise<void> {
      const found = await failed.get(placeKey(courseId, personId), async () => {
        return (await model.exists({ courseId, personId, state: 'failed' })) !== null;
      });
      // Most people have none: a launch writes nothing then.
      if (!found) return;
      await model.updateMany(
        { courseId, personId, state: 'failed' },
        { $set: anew(now), $inc: { version: 1 }, ...note(now, 'again') },
      );
    },
  };
}
