import { decodeExact } from './bson.js';
import type { CollectionInfo, IndexInfo } from './catalog.js';
import { deleteDocument, readDocument } from './documents.js';
import type { Engine } from './engine.js';
import { Kind } from './compare.js';
import { encodeValue } from './key.js';
import { byteRange, type Interval } from './plan/intervals.js';

/** As often as MongoDB. */
const PERIOD_MS = 60_000;
/** Documents removed in one transaction. */
const CHUNK = 200;

/** Removes what TTL indexes find expired, as MongoDB does: once a minute, and not before. */
export class Sweeper {
  readonly #engine: Engine;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<number> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @param failed is told what a sweep in the background failed with; the next one tries again */
  start(failed: (error: unknown) => void): void {
    this.#timer = setInterval(() => {
      this.sweep().catch(failed);
    }, PERIOD_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping?.catch(() => undefined);
  }

  /** Returns how many documents were removed. */
  sweep(): Promise<number> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async #sweep(): Promise<number> {
    const collections = await this.#engine.read(() => {
      this.#engine.catalog.refresh();
      return [...this.#engine.catalog.collections.values()];
    });
    let removed = 0;
    for (const { name, indexes } of collections) {
      for (const { id, spec } of indexes) {
        if (spec.expireAfterSeconds === undefined) continue;
        const before = new Date(this.#engine.clock.now().getTime() - spec.expireAfterSeconds * 1000);
        for (let count = CHUNK; count === CHUNK; removed += count) {
          count = await this.#engine.write(() => this.#removeSome(name, id, before));
        }
      }
    }
    return removed;
  }

  /** Inside a transaction: the entries tell what is expired at this very moment. */
  #removeSome(collection: string, indexId: number, before: Date): number {
    const info = this.#engine.catalog.find(collection);
    const index = info?.indexes.find(({ id }) => id === indexId);
    if (!info || !index) return 0;
    const places = this.#expired(index, before);
    for (const seq of places) this.#remove(info, seq);
    return places.length;
  }

  #expired(index: IndexInfo, before: Date): number[] {
    const dates: Interval = {
      lo: { bytes: Buffer.from([Kind.Date]), inclusive: true },
      hi: { bytes: encodeValue(before), inclusive: true },
      point: false,
    };
    const { lo, hi } = byteRange(Buffer.alloc(0), dates, index.descending[0] === true);
    const rows = this.#engine.db
      .statement(`SELECT DISTINCT seq FROM ${index.table} WHERE key >= ? AND key < ? LIMIT ?`)
      .all([lo, hi, CHUNK]);
    return rows.map(([seq]) => seq as number);
  }

  #remove(info: CollectionInfo, seq: number): void {
    const bytes = readDocument(this.#engine, info, seq);
    if (bytes) deleteDocument(this.#engine, info, seq, decodeExact(bytes));
  }
}
