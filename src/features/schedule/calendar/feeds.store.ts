import { Schema, type Connection, type Types } from 'mongoose';
import type { PersonalData } from '../../../shared/personal-data.js';
import type { PersonalCollection } from '../../../shared/personal-collections.js';
import { digest, newToken } from '../../../shared/ids.js';
import { modelOf } from '../../../storage/index.js';

interface Row {
  /** One feed for each person. */
  personId: string;
  /** Digest of the secret in the feed's address. */
  secret: string;
  createdAt: Date;
  locale: string;
}
type Found = Row & { _id: Types.ObjectId };

const schema = new Schema<Row>(
  {
    personId: { type: String, required: true },
    secret: { type: String, required: true },
    createdAt: { type: Date, required: true },
    locale: { type: String, required: true },
  },
  { collection: 'calendar_feeds', versionKey: false },
);
schema.index({ personId: 1 }, { unique: true });
schema.index({ secret: 1 }, { unique: true });

export interface FeedsStore {
  /** Makes the person's feed; the one there was ends. Returns the secret, which is not stored. */
  renew(personId: string, locale: string, now: Date): Promise<string>;
  revoke(personId: string): Promise<void>;
  /** Returns since when the person has a feed, null for none. */
  findSince(personId: string): Promise<Date | null>;
  findBySecret(secret: string): Promise<{ personId: string; locale: string } | null>;
  readonly personalData: PersonalData;
}

const feedCollections: readonly PersonalCollection[] = [
  {
    model: 'CalendarFeed',
    holds: 'whose calendar an address with a secret shows',
    exported: { as: 'calendarFeeds' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until the person revokes it',
  },
];

export function createFeedsStore(connection: Connection): FeedsStore {
  const model = modelOf(connection, 'CalendarFeed', schema);
  return {
    async renew(personId, locale, now) {
      const secret = newToken();
      await model.updateOne(
        { personId },
        { $set: { secret: digest(secret), createdAt: now, locale } },
        { upsert: true },
      );
      return secret;
    },
    async revoke(personId) {
      await model.deleteOne({ personId });
    },
    async findSince(personId) {
      return (await model.findOne({ personId }).lean<Found>())?.createdAt ?? null;
    },
    async findBySecret(secret) {
      const row = await model.findOne({ secret: digest(secret) }).lean<Found>();
      return row && { personId: row.personId, locale: row.locale };
    },
    personalData: {
      collections: feedCollections,
      async dataOf({ personId }) {
        const rows = await model.find({ personId }).select({ secret: 0 }).lean<Found[]>();
        return { calendarFeeds: rows };
      },
      holds: () => Promise.resolve([]),
      async erase({ personId }) {
        await model.deleteMany({ personId });
      },
      clashes: () => Promise.resolve([]),
      async move(from) {
        // The address of a merged person's feed ends: the target has a feed of the same entries, or makes one.
        await model.deleteMany({ personId: from.personId });
      },
    },
  };
}
