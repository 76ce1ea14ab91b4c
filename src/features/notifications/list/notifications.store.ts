import { Schema, type Connection, type Types } from 'mongoose';
import { DAY, SECOND } from '../../../shared/clock.js';
import { isDuplicateKey, keepReads } from '../../../storage/index.js';

/** Something that a person is to read in the list of a course. Its words are made when it is shown. */
export interface Notification {
  readonly id: string;
  readonly personId: string;
  readonly courseId: string;
  /** Name of a `NotificationKind`. */
  readonly kind: string;
  readonly subjectId: string;
  readonly at: Date;
  readonly readAt: Date | null;
}

type Row = Omit<Notification, 'id'>;
type Found = Row & { _id: Types.ObjectId };

/** Read or not, after this long it helps no more. */
const KEPT_MS = 180 * DAY;

const schema = new Schema<Row>(
  {
    personId: { type: String, required: true },
    courseId: { type: String, required: true },
    kind: { type: String, required: true },
    subjectId: { type: String, required: true },
    at: { type: Date, required: true },
    readAt: { type: Date, default: null },
  },
  { collection: 'notifications', versionKey: false },
);
schema.index({ kind: 1, subjectId: 1, personId: 1 }, { unique: true });
schema.index({ personId: 1, courseId: 1, readAt: 1, at: -1 });
schema.index({ personId: 1, courseId: 1, at: -1 });
schema.index({ at: 1 }, { expireAfterSeconds: KEPT_MS / SECOND });

export interface NotificationsStore {
  /** Does nothing when the person has one of this kind about this subject. */
  insert(notification: Omit<Notification, 'id' | 'readAt'>): Promise<void>;
  /** The newest first. */
  list(
    courseId: string,
    personId: string,
    options: { readonly unread: boolean; readonly skip: number; readonly limit: number },
  ): Promise<readonly Notification[]>;
  /** How many are unread, counted up to `most`. */
  countUnread(courseId: string, personId: string, most: number): Promise<number>;
  /** Returns false when the person has none of this id in the course. */
  markRead(courseId: string, personId: string, id: string, at: Date): Promise<boolean>;
  markAllRead(courseId: string, personId: string, at: Date): Promise<void>;
  listForPerson(personId: string): Promise<Notification[]>;
  deleteForPerson(personId: string): Promise<void>;
  countBefore(before: Date): Promise<number>;
  /** Removes up to `limit` of the oldest. Returns how many. */
  removeBefore(before: Date, limit: number): Promise<number>;
  /** Those about a subject of which the target has one already are deleted. */
  moveToPerson(from: string, to: string): Promise<void>;
}

export function createNotificationsStore(connection: Connection): NotificationsStore {
  const model = connection.model('Notification', schema);
  const ofReader = { collection: model.collection.name, keysOf: (row: Readonly<object>) => [keyOf(row)] };
  const listed = keepReads<readonly Notification[]>(connection, ofReader);
  const counted = keepReads<number>(connection, { ...ofReader, most: 10_000 });
  return {
    async insert(notification) {
      try {
        await model.create({ ...notification, readAt: null });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },
    list(courseId, personId, { unread, skip, limit }) {
      const read = async (): Promise<Notification[]> => {
        const rows = await model
          .find({ personId, courseId, ...(unread && { readAt: null }) })
          .sort({ at: -1 })
          .skip(skip)
          .limit(limit)
          .lean<Found[]>();
        return rows.map(notificationOf);
      };
      // The front page asks at every launch; pages of the whole list are not kept.
      return unread && skip === 0
        ? listed.get(keyOf({ courseId, personId }), read, { variant: String(limit) })
        : read();
    },
    countUnread(courseId, personId, most) {
      const read = async (): Promise<number> => {
        const rows = await model
          .find({ personId, courseId, readAt: null })
          .select({ _id: 1 })
          .limit(most)
          .lean();
        return rows.length;
      };
      return counted.get(keyOf({ courseId, personId }), read, { variant: String(most) });
    },
    async markRead(courseId, personId, id, at) {
      const filter = { _id: id, personId, courseId };
      const { matchedCount } = await model.updateOne({ ...filter, readAt: null }, { readAt: at });
      return matchedCount === 1 || (await model.exists(filter)) !== null;
    },
    async markAllRead(courseId, personId, at) {
      await model.updateMany({ personId, courseId, readAt: null }, { $set: { readAt: at } });
    },
    async listForPerson(personId) {
      return (await model.find({ personId }).lean<Found[]>()).map(notificationOf);
    },
    async deleteForPerson(personId) {
      await model.deleteMany({ personId });
    },
    countBefore: (before) => model.countDocuments({ at: { $lt: before } }),
    async removeBefore(before, limit) {
      const rows = await model
        .find({ at: { $lt: before } })
        .sort({ at: 1 })
        .limit(limit)
        .select({ _id: 1 })
        .lean<Found[]>();
      const { deletedCount } = await model.deleteMany({ _id: { $in: rows.map(({ _id }) => _id) } });
      return deletedCount;
    },
    async moveToPerson(from, to) {
      for (const { _id } of await model.find({ personId: from }).select({ _id: 1 }).lean<Found[]>()) {
        try {
          await model.updateOne({ _id }, { personId: to });
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
          await model.deleteOne({ _id });
        }
      }
    },
  };
}

const keyOf = ({ courseId, personId }: { courseId?: unknown; personId?: unknown }): string =>
  `${String(courseId)} ${String(personId)}`;

const notificationOf = ({ _id, ...row }: Found): Notification => ({ ...row, id: _id.toString() });
