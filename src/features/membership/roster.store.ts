import { Schema, type Connection, type Types } from 'mongoose';
import type { GroupsSource, PlatformGroup } from '../../lti/index.js';
import type { Queue } from '../../shared/queue.js';

/** Where a course's roster comes from, and how it stands. */
export interface Roster extends GroupsSource {
  readonly courseId: string;
  readonly registrationId: string;
  /** `context_memberships_url` of the newest launch. */
  readonly url: string;
  /** The platform's id of a link of the course, or ''. */
  readonly resourceLinkId: string;
  /** When it was read last; null before the first time. */
  readonly doneAt: Date | null;
  /** When it is read next; null: not requested. */
  readonly dueAt: Date | null;
  readonly tries: number;
  /** Why the last try failed, in the platform's words; '' when it did not. */
  readonly reason: string;
  /** The course's groups, by their own ids and names; null where the platform has listed none. */
  readonly groups: readonly PlatformGroup[] | null;
  /** Why the groups could not be read with the roster; '' when they could, or there are none. */
  readonly groupsReason: string;
}

type OfGroups = keyof GroupsSource | 'groups' | 'groupsReason';

/** Rows of before there were groups lack their fields. */
interface Row extends Omit<Roster, OfGroups>, Partial<Pick<Roster, OfGroups>> {
  lease: string;
  leasedUntil: Date;
}

const NEVER = new Date(0);

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    registrationId: { type: String, required: true },
    url: { type: String, required: true },
    resourceLinkId: { type: String, default: '' },
    groupsUrl: { type: String, default: '' },
    setsUrl: { type: String, default: '' },
    groups: {
      type: [
        new Schema<PlatformGroup>(
          { id: { type: String, required: true }, name: { type: String }, set: { type: String } },
          { _id: false, id: false },
        ),
      ],
      default: null,
    },
    groupsReason: { type: String, default: '' },
    doneAt: { type: Date, default: null },
    dueAt: { type: Date, default: null },
    tries: { type: Number, default: 0 },
    reason: { type: String, default: '' },
    lease: { type: String, default: '' },
    leasedUntil: { type: Date, default: NEVER },
  },
  { collection: 'rosters', versionKey: false },
);
schema.index({ courseId: 1 }, { unique: true });
schema.index({ dueAt: 1 });

type Found = Row & { _id: Types.ObjectId };

const plain = ({ lease: _lease, leasedUntil: _until, _id, ...row }: Found): Roster => ({
  ...row,
  groupsUrl: row.groupsUrl ?? '',
  setsUrl: row.setsUrl ?? '',
  groups: row.groups ?? null,
  groupsReason: row.groupsReason ?? '',
});

export function createRosterStore(connection: Connection) {
  const model = connection.model('Roster', schema);
  return {
    async findOptional(courseId: string): Promise<Roster | null> {
      const row = await model.findOne({ courseId }).lean<Found>();
      return row && plain(row);
    },

    /** Takes over where the roster is to be had. @param dueAt of a course that is new here */
    async note(
      seen: Pick<Roster, 'courseId' | 'registrationId' | 'url' | 'resourceLinkId' | keyof GroupsSource>,
      dueAt: Date | null,
    ): Promise<void> {
      const { courseId, ...source } = seen;
      await model.updateOne(
        { courseId },
        {
          $set: source,
          $setOnInsert: { dueAt, doneAt: null, tries: 0, reason: '', lease: '', leasedUntil: NEVER },
        },
        { upsert: true },
      );
    },

    /** Asks for a fresh one, unless it was read after `before` or is asked for already. */
    async want(courseId: string, before: Date, now: Date): Promise<boolean> {
      const { modifiedCount } = await model.updateOne(
        { courseId, dueAt: null, $or: [{ doneAt: null }, { doneAt: { $lte: before } }] },
        { $set: { dueAt: now, tries: 0 } },
      );
      return modifiedCount > 0;
    },

    /** Takes the one that is due longest, for this worker alone until `leasedUntil`. */
    async lease(now: Date, lease: string, leasedUntil: Date): Promise<Roster | null> {
      const row = await model
        .findOneAndUpdate(
          { dueAt: { $gt: NEVER, $lte: now }, leasedUntil: { $lte: now } },
          { $set: { lease, leasedUntil }, $inc: { tries: 1 } },
          { sort: { dueAt: 1 }, returnDocument: 'after' },
        )
        .lean<Found>();
      return row && plain(row);
    },

    /** Rosters that are to be read; those that were given up are asked for again by a launch. */
    async queue(now: Date): Promise<Queue> {
      const due = { dueAt: { $gt: NEVER, $lte: now } };
      const [waiting, oldest] = await Promise.all([
        model.countDocuments({ dueAt: { $gt: NEVER } }),
        model.findOne(due).sort({ dueAt: 1 }).select({ dueAt: 1 }).lean<Pick<Row, 'dueAt'>>(),
      ]);
      return { waiting, oldest: oldest?.dueAt ?? null, failed: 0 };
    },

    /** Ends a lease with what became of it. */
    async settle(
      courseId: string,
      lease: string,
      result: Partial<Pick<Row, 'doneAt' | 'dueAt' | 'reason' | 'tries' | 'groups' | 'groupsReason'>>,
    ): Promise<void> {
      await model.updateOne({ courseId, lease }, { $set: { ...result, lease: '', leasedUntil: NEVER } });
    },
  };
}

export type RosterStore = ReturnType<typeof createRosterStore>;
