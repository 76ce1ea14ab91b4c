import { Schema, type Connection } from 'mongoose';
import { modelOf } from '../../storage/index.js';

/** A session of a responsible person outside all courses. */
interface Row {
  /** Digest of the cookie's token. */
  _id: string;
  cardId: string;
  expiresAt: Date;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    cardId: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'staff_sessions', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ cardId: 1 });

export interface StaffSessionsStore {
  insert(digest: string, cardId: string, expiresAt: Date): Promise<void>;
  /** Returns the card; null when the session is over or unknown. */
  find(digest: string, now: Date): Promise<string | null>;
  remove(digest: string): Promise<void>;
}

export function createStaffSessionsStore(connection: Connection): StaffSessionsStore {
  const model = modelOf(connection, 'StaffSession', schema);
  return {
    async insert(digest, cardId, expiresAt) {
      await model.create({ _id: digest, cardId, expiresAt });
    },
    find: async (digest, now) =>
      (await model.findOne({ _id: digest, expiresAt: { $gt: now } }).lean<Row>())?.cardId ?? null,
    async remove(digest) {
      await model.deleteOne({ _id: digest });
    },
  };
}
