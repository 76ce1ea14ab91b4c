import type { Connection } from 'mongoose';
import type { Doc } from './embedded/bson.js';
import { EmbeddedDatabase } from './embedded/database.js';
import type { Changes } from './embedded/changes.js';

/** What a document says of the reads that depend on it. */
export type KeysOf = (document: Readonly<Doc>) => readonly string[];

export interface KeptReadsOptions {
  readonly collection: string;
  /**
   * Keys of the reads whose results a document can change, by its being there or by its fields. Is asked for a document
   * as it was and as it is, so a key may only depend on the document itself.
   */
  readonly keysOf: KeysOf;
  /** Top fields of a document that `keysOf` looks at; absent: any. Where they are named, a change of others costs less. */
  readonly fields?: readonly string[];
  /** How many keys are kept; the one that was not asked for the longest is dropped first. */
  readonly most?: number;
}

export interface GetOptions<Value> {
  /** Tells reads of one key apart. */
  readonly variant?: string;
  /** For reads that depend on the time: the time, and until when what was read holds; milliseconds since 1970. */
  readonly at?: number;
  readonly until?: (value: Value) => number;
}

/** Results of reads, kept in memory while the documents they depend on are unchanged. */
export interface KeptReads<Value> {
  /**
   * Returns what was read for the key, or reads. What is returned is shared: records and lists are frozen.
   * @param read must not depend on anything but the key, the variant and the collection
   */
  get(key: string, read: () => Promise<Value>, options?: GetOptions<Value>): Promise<Value>;
  /**
   * Inserts a document, and keeps for its key what a read would find: the next read needs none.
   * @param insert writes one document with this key
   */
  inserted(key: string, value: Value, insert: () => Promise<unknown>): Promise<void>;
}

const MOST = 2_000;

/**
 * Makes a memory of reads. On the embedded engine it is exact: each write of this process drops the keys of the
 * document, in the transaction that writes it, and SQLite tells when another process has written. On MongoDB nothing is
 * kept, since nothing tells of the writes of others.
 */
export function keepReads<Value>(connection: Connection, options: KeptReadsOptions): KeptReads<Value> {
  const db: unknown = connection.db;
  if (!(db instanceof EmbeddedDatabase)) {
    return {
      get: (_key, read) => read(),
      inserted: async (_key, _value, insert) => {
        await insert();
      },
    };
  }
  return new Kept<Value>(db.changes, options);
}

interface Entry<Value> {
  readonly value: Value;
  readonly from: number;
  readonly until: number;
}

class Kept<Value> implements KeptReads<Value> {
  readonly #entries = new Map<string, Map<string, Entry<Value>>>();
  readonly #changes: Changes;
  readonly #most: number;
  /** How many documents have been written: a read during which one was is not kept. */
  #writes = 0;
  /** Keys of documents that are being inserted, with how often each was written since. */
  readonly #inserting = new Map<string, number>();

  constructor(changes: Changes, { collection, keysOf, fields, most = MOST }: KeptReadsOptions) {
    this.#changes = changes;
    this.#most = most;
    changes.watch(collection, {
      ...(fields !== undefined && { fields }),
      written: (document) => {
        this.#writes++;
        for (const key of keysOf(document)) {
          this.#entries.delete(key);
          const writes = this.#inserting.get(key);
          if (writes !== undefined) this.#inserting.set(key, writes + 1);
        }
      },
      unknown: () => {
        this.#writes++;
        this.#entries.clear();
        this.#inserting.clear();
      },
    });
  }

  get(
    key: string,
    read: () => Promise<Value>,
    { variant = '', at = 0, until }: GetOptions<Value> = {},
  ): Promise<Value> {
    this.#changes.look();
    const entry = this.#entries.get(key)?.get(variant);
    if (entry !== undefined && entry.from <= at && at < entry.until) return Promise.resolve(entry.value);
    const writes = this.#writes;
    return read().then((value) => {
      if (this.#writes === writes) {
        const end = until === undefined ? Number.POSITIVE_INFINITY : until(value);
        this.#keep(key, variant, { value: frozen(value), from: at, until: end });
      }
      return value;
    });
  }

  async inserted(key: string, value: Value, insert: () => Promise<unknown>): Promise<void> {
    this.#changes.look();
    this.#inserting.set(key, 0);
    try {
      await insert();
      // Written once, by this insert, and by no other process as far as was looked: what comes after is told.
      if (this.#inserting.get(key) !== 1) return;
      this.#keep(key, '', { value: frozen(value), from: 0, until: Number.POSITIVE_INFINITY });
    } finally {
      this.#inserting.delete(key);
    }
  }

  #keep(key: string, variant: string, entry: Entry<Value>): void {
    const variants = this.#entries.get(key) ?? new Map<string, Entry<Value>>();
    // Moves the key to the end: the map is ordered by last read.
    this.#entries.delete(key);
    this.#entries.set(key, variants);
    variants.set(variant, entry);
    if (this.#entries.size <= this.#most) return;
    const oldest = this.#entries.keys().next().value;
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** Freezes records and lists to the bottom; instances of classes, such as dates and ids, stay as they are. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(value)) return value;
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}
