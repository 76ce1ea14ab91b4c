import type { Doc } from '../bson.js';
import { compareValues, type StringComparator } from '../compare.js';
import { badValue, ErrorCode, serverError } from '../errors.js';
import { EMPTY_ARRAY, encodeKey } from '../key.js';
import { extractKeys, ParallelArrays, splitPath, type Path } from '../paths.js';
import type { SortSpec } from '../plan/plan.js';
import { Heap } from './heap.js';

/** MongoDB's limit for a sort without an index, in bytes of documents. */
const MEMORY_LIMIT = 100 * 1024 * 1024;

interface Ranked<T> {
  readonly key: SortKey;
  readonly order: number;
  readonly item: T;
}

type SortKey = Buffer | readonly unknown[];

/** Sorted at once: some milliseconds' worth. */
const RUN = 2000;

/**
 * Sorts as MongoDB does: by BSON order, an array by its least element (descending: its greatest), equal ones
 * in the order they came. With a limit only the best are kept.
 */
export class Sorter<T> {
  readonly #paths: readonly Path[];
  readonly #descending: readonly boolean[];
  readonly #collator: StringComparator | undefined;
  readonly #keep: number;
  #ranked: Ranked<T>[] = [];
  /** Each in order; together everything that came before `#ranked`. */
  readonly #runs: Ranked<T>[][] = [];
  #arrived = 0;
  #bytes = 0;

  /** @param keep how many of the first are wanted; 0: all */
  constructor(sort: SortSpec, keep: number, collator?: StringComparator) {
    this.#paths = sort.map(([name]) => splitPath(name));
    this.#descending = sort.map(([, direction]) => direction === -1);
    this.#collator = collator;
    this.#keep = keep;
  }

  /** @param bytes what the item weighs in memory @throws MongoServerError beyond the memory limit */
  add(doc: Doc, item: T, bytes: number): void {
    const ranked: Ranked<T> = { key: this.#keyOf(doc), order: this.#arrived++, item };
    const bounded = this.#keep > 0 && this.#keep <= 1000;
    if (bounded) {
      if (this.#ranked.length === this.#keep && this.#compare(ranked, this.#ranked.at(-1) ?? ranked) >= 0)
        return;
      this.#ranked.splice(this.#placeOf(ranked), 0, ranked);
      if (this.#ranked.length > this.#keep) this.#ranked.pop();
      return;
    }
    this.#ranked.push(ranked);
    if (this.#ranked.length >= RUN) this.#endRun();
    this.#bytes += bytes;
    if (this.#bytes > MEMORY_LIMIT) {
      throw serverError(
        ErrorCode.MemoryLimitExceeded,
        `Sort exceeded memory limit of ${MEMORY_LIMIT} bytes: add an index on ${this.#paths.map((path) => path.join('.')).join(', ')}`,
      );
    }
  }

  /** The items in order. */
  sorted(): T[] {
    return [...this.merged()];
  }

  /** The items in order, each worked out when it is asked for. Nothing may be added afterwards. */
  *merged(): Generator<T, void> {
    this.#endRun();
    let left = this.#keep > 0 ? this.#keep : Infinity;
    const heap = new Heap<Ranked<T>>((a, b) => this.#compare(a, b));
    for (const run of this.#runs) heap.add(run);
    for (let next = heap.take(); next && left > 0; next = heap.take(), left--) yield next.item;
  }

  #endRun(): void {
    if (this.#ranked.length === 0) return;
    this.#ranked.sort((a, b) => this.#compare(a, b));
    this.#runs.push(this.#ranked);
    this.#ranked = [];
  }

  #placeOf(ranked: Ranked<T>): number {
    let low = 0;
    let high = this.#ranked.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#ranked[middle];
      if (other && this.#compare(other, ranked) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compare(a: Ranked<T>, b: Ranked<T>): number {
    return this.#compareKeys(a.key, b.key) || a.order - b.order;
  }

  #compareKeys(a: SortKey, b: SortKey): number {
    if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return Buffer.compare(a, b);
    for (let i = 0; i < this.#paths.length; i++) {
      const order = compareTupleValues((a as unknown[])[i], (b as unknown[])[i], this.#collator);
      if (order !== 0) return this.#descending[i] ? -order : order;
    }
    return 0;
  }

  #keyOf(doc: Doc): SortKey {
    const { tuples } = this.#extract(doc);
    const keys = tuples.map((tuple) => (this.#collator ? tuple : encodeKey(tuple, this.#descending)));
    return keys.reduce((least, key) => (this.#compareKeys(key, least) < 0 ? key : least));
  }

  #extract(doc: Doc): { tuples: readonly (readonly unknown[])[] } {
    try {
      return extractKeys(doc, this.#paths);
    } catch (error) {
      if (error instanceof ParallelArrays) throw badValue('cannot sort with keys that are parallel arrays');
      throw error;
    }
  }
}

function compareTupleValues(a: unknown, b: unknown, collator: StringComparator | undefined): number {
  if (a === EMPTY_ARRAY || b === EMPTY_ARRAY) return Number(b === EMPTY_ARRAY) - Number(a === EMPTY_ARRAY);
  return compareValues(a, b, collator);
}
