import { Schema, type Connection, type Types } from 'mongoose';
import { withMark, type AnyModel } from '../../infra/events/index.js';
import type { GroupsSource, PlatformGroup } from '../../lti/index.js';

/** Where a course's roster is listed, and what is known of it. */
export interface Roster extends GroupsSource {
  readonly courseId: string;
  readonly registrationId: string;
  /** `context_memberships_url` of the newest launch. */
  readonly url: string;
  /** The platform's id of a link of the course, or ''. */
  readonly resourceLinkId: string;
  /** When it was read last; null before the first time. */
  readonly doneAt: Date | null;
  /** Since when it is to be read; null: it was read or given up since. */
  readonly askedAt: Date | null;
  /** Why the last attempt failed, in the platform's words; '' when it did not. */
  readonly reason: string;
  /** The course's groups, by their own ids and names; null where the platform has listed none. */
  readonly groups: readonly PlatformGroup[] | null;
  /** Why the groups could not be read with the roster; '' when they could, or there are none. */
  readonly groupsReason: string;
}

type OfGroups = keyof GroupsSource | 'groups' | 'groupsReason';

/** Rows of before there were groups lack their fields. */
interface Row extends Omit<Roster, OfGroups>, Partial<Pick<Roster, OfGroups>> {
  /** The mark that makes the job that reads it run; absent when the job knows. */
  dueAt?: Date;
}

/** What reading a roster has brought. */
export type RosterResult = Partial<Pick<Roster, 'doneAt' | 'askedAt' | 'reason' | 'groups' | 'groupsReason'>>;

export const ROSTER_MARK = 'dueAt';

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
    askedAt: { type: Date, default: null },
    reason: { type: String, default: '' },
  },
  { collection: 'rosters', versionKey: false },
);
schema.index({ courseId: 1 }, { unique: true });
schema.plugin(withMark(ROSTER_MARK));

type Found = Row & { _id: Types.ObjectId };

const plain = ({ dueAt: _mark, _id, ...row }: Found): Roster => ({
  ...row,
  groupsUrl: row.groupsUrl ?? '',
  setsUrl: row.setsUrl ?? '',
  groups: row.groups ?? null,
  groupsReason: row.groupsReason ?? '',
});

export interface RosterStore {
  /** Has the mark `ROSTER_MARK`. */
  readonly model: AnyModel;
  findOptional(courseId: string): Promise<Roster | null>;
  /** Notes where the roster is. `askedAt`: a roster that is new here is to be read since then; null: not yet. */
  note(
    seen: Pick<Roster, 'courseId' | 'registrationId' | 'url' | 'resourceLinkId' | keyof GroupsSource>,
    askedAt: Date | null,
  ): Promise<void>;
  /** Asks for the roster to be read, unless it was read after `before` or is asked for already. */
  ask(courseId: string, before: Date, now: Date): Promise<void>;
  update(courseId: string, result: RosterResult): Promise<void>;
}

export function createRosterStore(connection: Connection): RosterStore {
  const model = connection.model('Roster', schema);
  return {
    model,

    async findOptional(courseId) {
      const row = await model.findOne({ courseId }).lean<Found>();
      return row && plain(row);
    },

    async note({ courseId, ...source }, askedAt) {
      await model.updateOne(
        { courseId },
        {
          $set: source,
          $setOnInsert: { askedAt, ...(askedAt && { [ROSTER_MARK]: askedAt }), doneAt: null, reason: '' },
        },
        { upsert: true },
      );
    },

    async ask(courseId, before, now) {
      await model.updateOne(
        {
          courseId,
          askedAt: null,
          $or: [{ doneAt: null }, { doneAt: { $lte: before } }, { doneAt: { $gt: now } }],
        },
        { $set: { askedAt: now, [ROSTER_MARK]: now } },
      );
    },

    async update(courseId, result) {
      await model.updateOne({ courseId }, { $set: result });
    },
  };
}
