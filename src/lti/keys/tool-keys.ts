import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Schema, type Connection } from 'mongoose';
import { DAY, MINUTE } from '../../shared/clock.js';
import { newKey } from '../../shared/ids.js';
import type { SealedField, Sealer } from '../../shared/sealing.js';
import { isDuplicateKey } from '../../storage/index.js';

/** One of our signing keys (Security Framework 6.3). */
export interface ToolKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** SPKI, PEM. */
  readonly publicPem: string;
  readonly createdAt: Date;
  /** It is published at once, and signs from then on: platforms that cache our set meet it before they need it. */
  readonly signsFrom: Date;
}

export interface ToolKeys {
  /** The key that signs now; the very first call on a new database makes it. */
  signing(): Promise<ToolKey>;
  /** All that platforms may still meet, newest first. */
  published(): Promise<readonly ToolKey[]>;
  /**
   * Makes the next key. The one before it signs for a day more, and is published for a month after that; other
   * processes know within five minutes.
   * @returns the new key; the one that waits already, when there is one
   */
  rotate(): Promise<ToolKey>;
}

interface Row {
  _id: string;
  generation: number;
  sealedPrivateKey: string;
  createdAt: Date;
  signsFrom: Date;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    /** Rises by one with every rotation; unique, so that two processes cannot both make the same one. */
    generation: { type: Number, required: true },
    sealedPrivateKey: { type: String, required: true },
    createdAt: { type: Date, required: true },
    signsFrom: { type: Date, required: true },
  },
  { collection: 'tool_keys', versionKey: false },
);
schema.index({ generation: 1 }, { unique: true });

const PURPOSE = 'tool-key';

/** Longer than platforms are known to cache a key set. */
const PUBLISHED_BEFORE_MS = DAY;
const PUBLISHED_AFTER_MS = 30 * DAY;
const MEMO_MS = 5 * MINUTE;

export const TOOL_KEYS_SEALED: SealedField = {
  collection: 'tool_keys',
  path: 'sealedPrivateKey',
  purpose: PURPOSE,
};

export function createToolKeys(connection: Connection, sealer: Sealer, now: () => Date): ToolKeys {
  const model = connection.model('ToolKey', schema);
  let memo: { until: number; keys: Promise<readonly Stored[]> } | undefined;

  interface Stored extends ToolKey {
    readonly generation: number;
  }

  async function stored(): Promise<Stored[]> {
    const rows = await model.find().sort({ generation: -1 }).lean<Row[]>();
    return rows.map(({ _id: kid, generation, sealedPrivateKey, createdAt, signsFrom }) => {
      const privateKey = createPrivateKey(sealer.open(sealedPrivateKey, PURPOSE));
      const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
      return { kid, generation, privateKey, publicPem, createdAt, signsFrom };
    });
  }

  async function make(generation: number, signsFrom: Date): Promise<void> {
    // In the thread pool: making the key takes a few hundred milliseconds.
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    try {
      await model.create({
        _id: newKey(20),
        generation,
        sealedPrivateKey: sealer.seal(pem, PURPOSE),
        createdAt: now(),
        signsFrom,
      });
    } catch (error) {
      // Another process was quicker; its key is ours as well.
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async function load(): Promise<readonly Stored[]> {
    const before = await stored();
    if (before.length > 0) return before;
    await make(1, now());
    return stored();
  }

  function all(): Promise<readonly Stored[]> {
    const time = now().getTime();
    if (memo === undefined || time >= memo.until) {
      const keys = load();
      memo = { until: time + MEMO_MS, keys };
      keys.catch(() => (memo = undefined));
    }
    return memo.keys;
  }

  /** Index of the key that signs: the newest whose time has come. */
  const signer = (keys: readonly Stored[]): number =>
    keys.findIndex(({ signsFrom }) => signsFrom.getTime() <= now().getTime());

  return {
    async published() {
      const keys = await all();
      // One key's time ends where the next one's begins; tokens and caches live on for a while.
      return keys.filter((_, index) => {
        const next = keys[index - 1];
        return next === undefined || now().getTime() < next.signsFrom.getTime() + PUBLISHED_AFTER_MS;
      });
    },
    async signing() {
      const keys = await all();
      const key = keys[signer(keys)];
      if (key === undefined) throw new Error('no signing key');
      return key;
    },
    async rotate() {
      memo = undefined;
      const before = await all();
      // One that is not signing yet is the next one: pressing twice changes nothing.
      if (signer(before) === 0) {
        const newest = before[0]?.generation ?? 0;
        await make(newest + 1, new Date(now().getTime() + PUBLISHED_BEFORE_MS));
        memo = undefined;
      }
      const [made] = await all();
      if (made === undefined) throw new Error('no signing key');
      return made;
    },
  };
}
