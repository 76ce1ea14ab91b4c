import { Schema, type Connection } from 'mongoose';
import { DAY, SECOND } from '../../../shared/clock.js';

/** What a button of a message does, for whom. */
export interface OfferedActionRow {
  readonly name: string;
  readonly subjectId: string;
  readonly personId: string;
  readonly courseId: string;
}

interface Row extends OfferedActionRow {
  /** Digest of the token. */
  _id: string;
  at: Date;
  usedAt: Date | null;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    subjectId: { type: String, required: true },
    personId: { type: String, required: true },
    courseId: { type: String, required: true },
    at: { type: Date, required: true },
    usedAt: { type: Date, default: null },
  },
  { collection: 'notification_actions', versionKey: false },
);
schema.index({ at: 1 }, { expireAfterSeconds: (30 * DAY) / SECOND });
schema.index({ personId: 1 });

export interface ActionsStore {
  /** Does nothing when the token is known, used or not. */
  offer(digest: string, action: OfferedActionRow, now: Date): Promise<void>;
  find(digest: string): Promise<(OfferedActionRow & { readonly used: boolean }) | null>;
  /** Returns the action to one caller only. */
  use(digest: string, now: Date): Promise<OfferedActionRow | null>;
  /** The action has failed and may be tried again. */
  release(digest: string): Promise<void>;
  deleteForPerson(personId: string): Promise<void>;
  moveToPerson(from: string, to: string): Promise<void>;
}

export function createActionsStore(connection: Connection): ActionsStore {
  const model = connection.model('NotificationAction', schema);
  const plain = ({ name, subjectId, personId, courseId }: Row): OfferedActionRow => ({
    name,
    subjectId,
    personId,
    courseId,
  });
  return {
    async offer(digest, action, now) {
      await model.updateOne(
        { _id: digest },
        { $setOnInsert: { ...action, at: now, usedAt: null } },
        { upsert: true },
      );
    },
    async find(digest) {
      const row = await model.findById(digest).lean<Row>();
      return row && { ...plain(row), used: row.usedAt !== null };
    },
    async use(digest, now) {
      const row = await model
        .findOneAndUpdate({ _id: digest, usedAt: null }, { $set: { usedAt: now } })
        .lean<Row>();
      return row && plain(row);
    },
    async release(digest) {
      await model.updateOne({ _id: digest }, { $set: { usedAt: null } });
    },
    async deleteForPerson(personId) {
      await model.deleteMany({ personId });
    },
    async moveToPerson(from, to) {
      await model.updateMany({ personId: from }, { $set: { personId: to } });
    },
  };
}
