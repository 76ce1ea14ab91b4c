import { Schema, type Connection } from 'mongoose';
import type { SealedField, Sealer } from '../../../shared/sealing.js';
import { keepReads } from '../../../storage/index.js';
import type { Channel, ChannelConfig, ChannelName, SettingField } from './channel.js';

const PURPOSE = 'notification-channel';
const COLLECTION = 'notification_channels';

/** How the administrator has set a channel up. */
export interface ChannelSettings {
  readonly name: ChannelName;
  readonly enabled: boolean;
  /** `full`: with the text; `notice`: "you have a message" and a link, no names. */
  readonly content: 'full' | 'notice';
  /** With secrets opened. Never shown, never logged. */
  readonly config: ChannelConfig;
  /** Names of secrets that are set. */
  readonly secretsSet: readonly string[];
  readonly version: number;
}

interface Row {
  _id: string;
  enabled: boolean;
  content: 'full' | 'notice';
  values: Record<string, string>;
  /** JSON of the secrets; '' where there are none. */
  secrets: string;
  version: number;
  /** Where the next question for events goes on; absent unless it is asked for them. */
  marker?: string;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    enabled: { type: Boolean, default: false },
    content: { type: String, required: true },
    values: { type: Schema.Types.Mixed, default: {} },
    secrets: { type: String, default: '' },
    version: { type: Number, required: true },
    marker: { type: String },
  },
  { collection: COLLECTION, versionKey: false, minimize: false },
);

/** For the rotation of SECRET. */
export const NOTIFICATIONS_SEALED: readonly SealedField[] = [
  { collection: COLLECTION, path: 'secrets', purpose: PURPOSE },
];

export interface ChannelEdit {
  readonly enabled: boolean;
  readonly content: 'full' | 'notice';
  readonly values: Readonly<Record<string, string>>;
  /** Secrets that change; '' removes one. Others stay. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface ChannelSettingsStore {
  find(name: ChannelName): Promise<ChannelSettings>;
  /** Writes over exactly this version. Returns false when there is another by now. */
  save(name: ChannelName, version: number, edit: ChannelEdit): Promise<boolean>;
  /** Where the next question for events goes on; ''. */
  findMarker(name: ChannelName): Promise<string>;
  saveMarker(name: ChannelName, marker: string): Promise<void>;
}

export function createChannelSettingsStore(
  connection: Connection,
  sealer: Sealer,
  channels: readonly Channel[],
): ChannelSettingsStore {
  const model = connection.model('NotificationChannel', schema);

  const opened = (row: Row): Record<string, string> =>
    row.secrets === '' ? {} : (JSON.parse(sealer.open(row.secrets, PURPOSE)) as Record<string, string>);

  // Read for every message, and changed once in a while.
  const kept = keepReads<ChannelSettings>(connection, {
    collection: model.collection.name,
    keysOf: ({ _id }) => [String(_id)],
  });
  const find = (name: ChannelName): Promise<ChannelSettings> => kept.get(name, () => read(name));

  async function read(name: ChannelName): Promise<ChannelSettings> {
    const row = await model.findById(name).lean<Row>();
    const channel = channels.find((candidate) => candidate.name === name);
    const usual = Object.fromEntries(
      (channel?.fields ?? []).map(({ name: field, usual: value = '' }: SettingField) => [field, value]),
    );
    if (row === null) {
      const content = channel?.foreign === true ? 'notice' : 'full';
      return { name, enabled: false, content, config: usual, secretsSet: [], version: 0 };
    }
    const secrets = opened(row);
    const set = Object.entries({ ...row.values, ...secrets }).filter(([, value]) => value !== '');
    return {
      name,
      enabled: row.enabled,
      content: row.content,
      config: { ...usual, ...Object.fromEntries(set) },
      secretsSet: Object.keys(secrets),
      version: row.version,
    };
  }

  return {
    find,
    findMarker: async (name) => (await model.findById(name).select({ marker: 1 }).lean<Row>())?.marker ?? '',
    async saveMarker(name, marker) {
      await model.updateOne({ _id: name }, { $set: { marker } });
    },
    async save(name, version, { enabled, content, values, secrets }) {
      const before = await model.findById(name).lean<Row>();
      if ((before?.version ?? 0) !== version) return false;
      const given = Object.entries({ ...(before && opened(before)), ...secrets }).filter(
        ([, value]) => value !== '',
      );
      const sealed =
        given.length === 0 ? '' : sealer.seal(JSON.stringify(Object.fromEntries(given)), PURPOSE);
      const set = { enabled, content, values, secrets: sealed, version: version + 1 };
      if (before === null) {
        await model.create({ _id: name, ...set });
        return true;
      }
      // Another bot has events of its own.
      const { matchedCount } = await model.updateOne(
        { _id: name, version },
        { $set: set, $unset: { marker: 1 } },
      );
      return matchedCount > 0;
    },
  };
}
