import type { Connection } from 'mongoose';
import {
  anew,
  gradesModel,
  NEVER,
  note,
  plain,
  type Found,
  type Grade,
  type GradeEvent,
  type GradeProblem,
  type GradeRow,
  type LeasedRow,
  type LeaseWish,
  type Settlement,
} from './score-row.store.js';
import { waitingIn, type Waiting } from './waiting.store.js';
import type { Queue } from '../../shared/queue.js';
import { isDuplicateKey } from '../../storage/index.js';

export function createGradesStore(connection: Connection) {
  const model = gradesModel(connection);

  return {
    /**
     * Puts a grade in, unless a later one stands already. A row that is being sent keeps its lease: two
     * senders of one row could arrive in the wrong order.
     */
    async put(lineItem: string, grade: Grade, now: Date): Promise<void> {
      const { personId, ...rest } = grade;
      try {
        await model.updateOne(
          { lineItem, personId, asOf: { $lte: grade.asOf } },
          {
            $set: { ...rest, ...anew(now) },
            $setOnInsert: { lease: '', leasedUntil: NEVER, stamp: NEVER, deliveredAt: null },
            $inc: { version: 1 },
            ...note(now, 'queued'),
          },
          { upsert: true },
        );
      } catch (error) {
        // The row is there and holds a later grade.
        if (!isDuplicateKey(error)) throw error;
      }
    },

    /**
     * A column is gone: nothing of its course goes there any more. The grades themselves are with who handed them
     * in. An address is what a platform says it is: another platform may have said the same.
     */
    async drop({
      lineItem,
      registrationId,
      courseId,
    }: Pick<GradeRow, 'lineItem' | 'registrationId' | 'courseId'>): Promise<void> {
      await model.deleteMany({ lineItem, registrationId, courseId });
    },

    /** The platforms that something waits for, each with the moment when the first of it is due. */
    waiting: (): Promise<Waiting[]> => waitingIn(model, { state: 'pending' }),

    /**
     * Takes a row that is due, for this sender alone until the lease ends.
     * @param newest the one that fell due last, instead of the one that is due longest
     */
    async lease({ registrationId, newest, lease, now, until }: LeaseWish): Promise<LeasedRow | null> {
      const before = await model
        .findOneAndUpdate(
          { state: 'pending', registrationId, dueAt: { $lte: now }, leasedUntil: { $lte: now } },
          // Due again when the sender counts as dead; until then it stands in nobody's way.
          {
            $set: { lease, leasedUntil: until, dueAt: until },
            $inc: { tries: 1 },
            $max: { stamp: now },
          },
          { sort: { dueAt: newest ? -1 : 1 }, returnDocument: 'before' },
        )
        .lean<Found>();
      if (before === null) return null;
      // Clocks of several machines differ, and are set back: a score must still be later than the one before.
      const timestamp = new Date(Math.max(now.getTime(), (before.stamp ?? NEVER).getTime() + 1));
      return { ...plain(before), tries: before.tries + 1, lease, timestamp };
    },

    /** Ends a lease with what became of it. A grade put in meanwhile stays pending and is due. */
    async settle(row: LeasedRow, now: Date, { what, ...set }: Settlement): Promise<void> {
      const { id, lease, version, timestamp } = row;
      const free = { lease: '', leasedUntil: NEVER };
      const noted = { ...note(now, what, set.problem, set.reason), $max: { stamp: timestamp } };
      const done = await model.updateOne(
        { _id: id, lease, version },
        { $set: { ...set, ...free }, ...noted },
      );
      if (done.matchedCount === 0) await model.updateOne({ _id: id, lease }, { $set: free, ...noted });
    },

    /** Ends a lease of which nothing came: the row has not been tried, and is as due as it was. */
    async release({ id, lease, version, dueAt }: LeasedRow): Promise<void> {
      const free = { lease: '', leasedUntil: NEVER };
      const done = await model.updateOne(
        { _id: id, lease, version },
        { $set: { ...free, dueAt }, $inc: { tries: -1 } },
      );
      if (done.matchedCount === 0) await model.updateOne({ _id: id, lease }, { $set: free });
    },

    /** Sends failed rows once more. @returns how many */
    async revive(courseId: string, now: Date, id?: string): Promise<number> {
      const result = await model.updateMany(
        { courseId, state: 'failed', ...(id !== undefined && { _id: id }) },
        {
          $set: anew(now),
          ...note(now, 'again'),
        },
      );
      return result.modifiedCount;
    },

    async ofCourse(courseId: string): Promise<GradeRow[]> {
      const rows = await model.find({ courseId }).sort({ title: 1, submittedAt: -1 }).lean<Found[]>();
      return rows.map(plain);
    },

    async ofPerson(courseId: string, personId: string): Promise<GradeRow[]> {
      const rows = await model.find({ courseId, personId }).sort({ submittedAt: -1 }).lean<Found[]>();
      return rows.map(plain);
    },

    /** How the outbox stands as a whole. */
    async health(): Promise<Queue> {
      const [waiting, failed, oldest] = await Promise.all([
        model.countDocuments({ state: 'pending' }),
        model.countDocuments({ state: 'failed' }),
        model.findOne({ state: 'pending' }).sort({ queuedAt: 1 }).select({ queuedAt: 1 }).lean(),
      ]);
      return { waiting, failed, oldest: oldest?.queuedAt ?? null };
    },

    /** A row of this course, whatever else there is. */
    async findOptional(courseId: string, id: string): Promise<GradeRow | null> {
      const row = await model.findOne({ _id: id, courseId }).lean<Found>();
      return row && plain(row);
    },

    /** What happened to a row, oldest first. */
    async historyOf(id: string): Promise<GradeEvent[]> {
      const row = await model.findById(id).select({ history: 1 }).lean<Found>();
      return (row?.history ?? []).map(({ at, what, problem, reason }) => ({
        at,
        what,
        // Older entries have none.
        problem: (problem as GradeProblem | undefined) ?? '',
        reason,
      }));
    },
  };
}

export type GradesStore = ReturnType<typeof createGradesStore>;
