import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Schema, type Connection } from 'mongoose';
import { newKey } from '../shared/ids.js';
import type { SealedField, Sealer } from '../shared/sealing.js';

/** One of our signing keys (Security Framework 6.3): the newest signs, all are published. */
export interface ToolKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** SPKI, PEM. */
  readonly publicPem: string;
}

export interface ToolKeys {
  /** The key that signs now; the very first call on a new database makes it. */
  signing(): Promise<ToolKey>;
  /** All that platforms may still meet, newest first. */
  published(): Promise<readonly ToolKey[]>;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    /** Rises by one with every rotation; unique, so that two processes cannot both make the same one. */
    generation: { type: Number, required: true },
    sealedPrivateKey: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'tool_keys', versionKey: false },
);
schema.index({ generation: 1 }, { unique: true });

const DUPLICATE_KEY = 11_000;
const PURPOSE = 'tool-key';

export const TOOL_KEYS_SEALED: SealedField = {
  collection: 'tool_keys',
  path: 'sealedPrivateKey',
  purpose: PURPOSE,
};

export function createToolKeys(connection: Connection, sealer: Sealer, now: () => Date): ToolKeys {
  const model = connection.model('ToolKey', schema);
  let loaded: Promise<readonly ToolKey[]> | undefined;

  async function stored(): Promise<ToolKey[]> {
    const rows = await model.find().sort({ generation: -1 }).lean();
    return rows.map((row) => {
      const privateKey = createPrivateKey(sealer.open(row.sealedPrivateKey, PURPOSE));
      const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
      return { kid: row._id, privateKey, publicPem };
    });
  }

  async function load(): Promise<readonly ToolKey[]> {
    const before = await stored();
    if (before.length > 0) return before;
    // In the thread pool: making the key takes a few hundred milliseconds.
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    try {
      await model.create({
        _id: newKey(20),
        generation: 1,
        sealedPrivateKey: sealer.seal(
          privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
          PURPOSE,
        ),
        createdAt: now(),
      });
    } catch (error) {
      // Another process was quicker; its key is ours as well.
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
    }
    return stored();
  }

  function published(): Promise<readonly ToolKey[]> {
    if (loaded === undefined) {
      loaded = load();
      loaded.catch(() => (loaded = undefined));
    }
    return loaded;
  }

  return {
    published,
    async signing() {
      const [newest] = await published();
      if (newest === undefined) throw new Error('no signing key');
      return newest;
    },
  };
}
