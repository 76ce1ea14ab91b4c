import { Schema, type Connection, type Types } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';
import { TOPICS, type Topic } from '../kinds/kind.js';
import { preferenceFields } from './preferences.fields.js';

/** How a person wants to be told of things. */
export type Preferences = typeof preferenceFields.usual & {
  /** `<topic>:<channel>` that the person has chosen; null: nothing was chosen, the defaults hold. */
  readonly chosen: readonly string[] | null;
  /** Topics that there were when the person chose; the defaults hold for those that have come since. */
  readonly decided: readonly Topic[];
};

type Row = Omit<Preferences, 'decided'> & { personId: string; updatedAt: Date; decided?: readonly Topic[] };

/** Of rows that do not say: the topics of the time before they did. */
const FIRST_TOPICS: readonly Topic[] = [
  ...(['consultations', 'reminders', 'daily', 'tests', 'grades', 'course', 'alarms'] as const),
];
type Found = Row & { _id: Types.ObjectId };

const schema = new Schema<Row>(
  {
    personId: { type: String, required: true },
    ...preferenceFields.columns,
    chosen: { type: [String], default: null },
    decided: { type: [String], default: undefined },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'notification_preferences', versionKey: false },
);
schema.index({ personId: 1 }, { unique: true });

export interface PreferencesStore {
  /** The defaults where the person has saved none. */
  find(personId: string): Promise<Preferences>;
  /** Those of people who have saved some. */
  findMany(personIds: readonly string[]): Promise<ReadonlyMap<string, Preferences>>;
  /** The defaults. */
  readonly usual: Preferences;
  save(personId: string, preferences: Partial<Omit<Preferences, 'decided'>>, now: Date): Promise<void>;
  listForPerson(personId: string): Promise<object[]>;
  deleteForPerson(personId: string): Promise<void>;
  /** The target's own remain where there are any. */
  moveToPerson(from: string, to: string): Promise<void>;
}

export function createPreferencesStore(connection: Connection): PreferencesStore {
  const model = connection.model('NotificationPreferences', schema);
  const plain = (row: Found | null): Preferences => ({
    ...preferenceFields.pick(row ?? {}),
    chosen: row?.chosen ?? null,
    decided: row?.decided ?? FIRST_TOPICS,
  });
  return {
    usual: plain(null),
    find: async (personId) => plain(await model.findOne({ personId }).lean<Found>()),
    async findMany(personIds) {
      const rows = await model.find({ personId: { $in: personIds } }).lean<Found[]>();
      return new Map(rows.map((row) => [row.personId, plain(row)]));
    },
    async save(personId, preferences, now) {
      await model.updateOne(
        { personId },
        {
          $set: {
            ...preferences,
            ...(preferences.chosen !== undefined && { decided: [...TOPICS] }),
            updatedAt: now,
          },
        },
        { upsert: true },
      );
    },
    listForPerson: (personId) => model.find({ personId }).lean<object[]>(),
    async deleteForPerson(personId) {
      await model.deleteMany({ personId });
    },
    async moveToPerson(from, to) {
      try {
        await model.updateOne({ personId: from }, { $set: { personId: to } });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        await model.deleteOne({ personId: from });
      }
    },
  };
}
