import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Schema, type Connection } from 'mongoose';
import { DAY, isOver, MINUTE } from '../../shared/clock.js';
import { newKey } from '../../shared/ids.js';
import type { SealedField, Sealer } from '../../shared/sealing.js';
import { isDuplicateKey } from '../../storage/index.js';

/** One of this tool's signing keys. https://www.imsglobal.org/spec/security/v1p0/#h_key-set-url */
export interface ToolKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** SPKI, PEM. */
  readonly publicPem: string;
  readonly createdAt: Date;
  /** The key signs from this time on. It is published before, because platforms cache the key set. */
  readonly signsFrom: Date;
}

export interface ToolKeys {
  /** Returns the key that signs now; makes it in a new database. */
  signing(): Promise<ToolKey>;
  /** Returns all keys whose signatures platforms may still see, newest first. */
  published(): Promise<readonly ToolKey[]>;
  /**
   * Makes and returns the next key, or returns the one that does not sign yet. The previous key signs for a day more and
   * is published for a month after that. Other processes see the change within five minutes.
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
    /** Incremented at every rotation; unique, so that two processes cannot make the same one. */
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
      // Another process made the key first; this one uses it.
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
    if (memo === undefined || isOver(memo.until, MEMO_MS, time)) {
      const keys = load();
      memo = { until: time + MEMO_MS, keys };
      keys.catch(() => (memo = undefined));
    }
    return memo.keys;
  }

  /** Returns the index of the key that signs: the newest that may. */
  const signer = (keys: readonly Stored[]): number =>
    keys.findIndex(({ signsFrom }) => signsFrom.getTime() <= now().getTime());

  return {
    async published() {
      const keys = await all();
      // A key stops signing when the next one starts; tokens and caches outlive that.
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
      // A key that does not sign yet is the next one, so that a second rotation changes nothing.
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
