import { Schema, type Connection } from 'mongoose';
import type { SealedField, Sealer } from '../../shared/sealing.js';
import { isDuplicateKey, modelOf } from '../../storage/index.js';

/** Servers of the centre for video calls; '' where there is none. */
export interface VideoSettings {
  /** Origin of the Jitsi server. */
  readonly jitsiUrl: string;
  readonly jitsiAppId: string;
  readonly jitsiSecret: string;
  /** Address of the BigBlueButton API, with `/api/` at the end. */
  readonly bbbUrl: string;
  readonly bbbSecret: string;
}

interface Row {
  _id: string;
  jitsiUrl: string;
  jitsiAppId: string;
  jitsiSecret: string;
  bbbUrl: string;
  bbbSecret: string;
  version: number;
}

const ONLY = 'centre';
const PURPOSE = 'video';
const COLLECTION = 'video_settings';

export const VIDEO_SEALED: readonly SealedField[] = ['jitsiSecret', 'bbbSecret'].map((path) => ({
  collection: COLLECTION,
  path,
  purpose: PURPOSE,
}));

const text = { type: String, default: '' };
const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    ...{ jitsiUrl: text, jitsiAppId: text, jitsiSecret: text, bbbUrl: text, bbbSecret: text },
    version: { type: Number, required: true },
  },
  { collection: COLLECTION, versionKey: false },
);

const NONE: VideoSettings = { jitsiUrl: '', jitsiAppId: '', jitsiSecret: '', bbbUrl: '', bbbSecret: '' };

export interface VideoSettingsStore {
  /** With secrets in the clear. `version` is 0 before the first change. */
  find(): Promise<{ settings: VideoSettings; version: number }>;
  /** Writes over exactly this version. Returns false if there is another by now. */
  save(version: number, settings: VideoSettings): Promise<boolean>;
}

export function createVideoSettingsStore(connection: Connection, sealer: Sealer): VideoSettingsStore {
  const model = modelOf(connection, 'VideoSettings', schema);
  const seal = (secret: string): string => (secret === '' ? '' : sealer.seal(secret, PURPOSE));
  const open = (sealed: string): string => (sealed === '' ? '' : sealer.open(sealed, PURPOSE));
  return {
    async find() {
      const row = await model.findById(ONLY).lean<Row>();
      if (row === null) return { settings: NONE, version: 0 };
      const { jitsiUrl, jitsiAppId, bbbUrl, version } = row;
      const secrets = { jitsiSecret: open(row.jitsiSecret), bbbSecret: open(row.bbbSecret) };
      return { settings: { jitsiUrl, jitsiAppId, bbbUrl, ...secrets }, version };
    },
    async save(version, settings) {
      const { jitsiSecret, bbbSecret } = settings;
      const stored = { ...settings, jitsiSecret: seal(jitsiSecret), bbbSecret: seal(bbbSecret) };
      if (version > 0) {
        const done = await model.updateOne({ _id: ONLY, version }, { $set: stored, $inc: { version: 1 } });
        return done.matchedCount > 0;
      }
      try {
        await model.create({ _id: ONLY, ...stored, version: 1 });
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    },
  };
}
