import { Schema, type Connection, type Types } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';
import { CHANNELS, type ChannelName } from '../channels/channel.js';
import { TOPICS, type Topic } from '../kinds/kind.js';
import { choiceOf, unsubscribedKind, type Choices } from '../sending/routing.js';
import { preferenceFields } from './preferences.fields.js';

/** How a person wants to be told of things. */
export type Preferences = typeof preferenceFields.usual & Choices;

/** What a save may leave out stays as it is; `decided` and `known` are everything there is unless said. */
export type PreferencesChange = Partial<Preferences>;

type Row = typeof preferenceFields.usual & { personId: string; updatedAt: Date } & Partial<Choices>;

/** Of rows that do not say: the topics of the time before they did. */
const FIRST_TOPICS: readonly Topic[] = [
  ...(['consultations', 'reminders', 'daily', 'tests', 'grades', 'course', 'alarms'] as const),
];
type Found = Row & { _id: Types.ObjectId };

/** Of rows that do not say which channels there were: those that were chosen, and e-mail. */
const knownOf = (chosen: readonly string[]): ChannelName[] =>
  CHANNELS.filter((name) => name === 'mail' || chosen.some((choice) => choice.endsWith(`:${name}`)));

const schema = new Schema<Row>(
  {
    personId: { type: String, required: true },
    ...preferenceFields.columns,
    chosen: { type: [String], default: null },
    decided: { type: [String], default: undefined },
    known: { type: [String], default: undefined },
    ownKinds: { type: [String], default: undefined },
    ownChosen: { type: [String], default: undefined },
    unsubscribed: { type: [String], default: undefined },
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
  save(personId: string, change: PreferencesChange, now: Date): Promise<void>;
  /**
   * E-mail of a topic, or of one kind, ends until the person ticks it again; choices of kinds lose it as well.
   * @param kinds those of the topic, or the one kind
   */
  refuseMail(
    personId: string,
    refused: { readonly topic: Topic } | { readonly kind: string; readonly channels: readonly ChannelName[] },
    kinds: readonly string[],
    now: Date,
  ): Promise<void>;
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
    known: row?.known ?? knownOf(row?.chosen ?? []),
    ownKinds: row?.ownKinds ?? [],
    ownChosen: row?.ownChosen ?? [],
    unsubscribed: row?.unsubscribed ?? [],
  });
  return {
    usual: plain(null),
    find: async (personId) => plain(await model.findOne({ personId }).lean<Found>()),
    async findMany(personIds) {
      const rows = await model.find({ personId: { $in: personIds } }).lean<Found[]>();
      return new Map(rows.map((row) => [row.personId, plain(row)]));
    },
    async save(personId, change, now) {
      const all = change.chosen === undefined ? {} : { decided: [...TOPICS], known: [...CHANNELS] };
      await model.updateOne({ personId }, { $set: { ...all, ...change, updatedAt: now } }, { upsert: true });
    },
    async refuseMail(personId, refused, kinds, now) {
      const $set = { updatedAt: now };
      const $pull = { ownChosen: { $in: kinds.map((kind) => choiceOf(kind, 'mail')) } };
      if ('topic' in refused) {
        const $addToSet = { unsubscribed: refused.topic };
        await model.updateOne({ personId }, { $set, $addToSet, $pull }, { upsert: true });
        return;
      }
      const { kind, channels } = refused;
      const $each = channels.map((channel) => choiceOf(kind, channel));
      const $addToSet = { unsubscribed: unsubscribedKind(kind), ownKinds: kind, ownChosen: { $each } };
      // Values are not put into a field and taken out of it by one write.
      await model.updateOne({ personId }, { $pull });
      await model.updateOne({ personId }, { $set, $addToSet }, { upsert: true });
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
