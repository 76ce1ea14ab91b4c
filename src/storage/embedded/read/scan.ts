import type { CollectionInfo, IndexInfo } from '../catalog.js';
import type { Engine } from '../engine.js';
import type { ByteRange } from '../plan/intervals.js';
import type { CollectionPlan, IndexPlan, Plan } from '../plan/plan.js';
import type { Row } from '../sqlite.js';

/** A stored document, not decoded yet. */
export interface Stored {
  readonly seq: number;
  readonly bytes: Buffer;
}

/**
 * Reads the documents a plan leads to, some at a time. Between two calls nothing is held open: each call goes
 * on after the last key, and sees what has been committed meanwhile, as a MongoDB cursor does.
 */
export interface Scan {
  /** Returns at most `count` documents; none when there are no more. */
  next(count: number): readonly Stored[];
  /** Index entries or documents read so far. */
  readonly examined: number;
}

/** @param atOnce what is wanted is asked for in one call: then nothing is kept to go on from */
export function openScan(engine: Engine, info: CollectionInfo, plan: Plan, atOnce: boolean): Scan {
  switch (plan.kind) {
    case 'collection':
      return new CollectionScan(engine, info, plan);
    case 'index':
      return plan.repeats
        ? new Once(new IndexScan(engine, info, plan, false))
        : new IndexScan(engine, info, plan, atOnce);
    case 'union':
      return new Once(new Chain(plan.branches.map((branch) => new IndexScan(engine, info, branch, false))));
  }
}

class CollectionScan implements Scan {
  examined = 0;
  #last: number | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly info: CollectionInfo,
    private readonly plan: CollectionPlan,
  ) {}

  next(count: number): readonly Stored[] {
    const { table } = this.info;
    const [compare, order] = this.plan.reverse ? ['<', 'DESC'] : ['>', 'ASC'];
    const start = this.#last ?? (this.plan.reverse ? Number.MAX_SAFE_INTEGER : -1);
    const rows = this.engine.db
      .statement(`SELECT seq, doc FROM ${table} WHERE seq ${compare} ? ORDER BY seq ${order} LIMIT ?`)
      .all([start, count]) as [number, Buffer][];
    this.#last = rows.at(-1)?.[0] ?? this.#last;
    this.examined += rows.length;
    return rows.map(([seq, bytes]) => ({ seq, bytes }));
  }
}

interface Entry {
  readonly key: Buffer;
  readonly seq: number;
}

class IndexScan implements Scan {
  examined = 0;
  #range = 0;
  #last: Entry | undefined;
  readonly #first: string;
  readonly #further: string;

  constructor(
    private readonly engine: Engine,
    info: CollectionInfo,
    private readonly plan: IndexPlan,
    private readonly atOnce: boolean,
  ) {
    [this.#first, this.#further] = indexQueries(plan.index, info, plan.reverse, atOnce);
  }

  next(count: number): readonly Stored[] {
    const found: Stored[] = [];
    const { ranges, reverse } = this.plan;
    while (found.length < count && this.#range < ranges.length) {
      const range = ranges[reverse ? ranges.length - 1 - this.#range : this.#range];
      if (!range) break;
      const wanted = count - found.length;
      let rows: Row[];
      try {
        rows = this.#read(range, wanted);
      } catch (error) {
        // What has been read is not lost to a lock: it is given out, and the next call meets the error.
        if (found.length > 0) break;
        throw error;
      }
      this.examined += rows.length;
      for (const row of rows) found.push({ seq: row[0] as number, bytes: row[1] as Buffer });
      if (rows.length < wanted) {
        this.#range++;
        this.#last = undefined;
      } else if (this.atOnce) {
        this.#range = ranges.length;
      } else {
        this.#last = entryOf(rows.at(-1));
      }
    }
    return found;
  }

  #read({ lo, hi }: ByteRange, count: number): Row[] {
    const { db } = this.engine;
    const last = this.#last;
    return last
      ? db.statement(this.#further).all([lo, hi, last.key, last.seq, count])
      : db.statement(this.#first).all([lo, hi, count]);
  }
}

const entryOf = (row: Row | undefined): Entry | undefined =>
  row && { key: row[2] as Buffer, seq: row[0] as number };

/** The statement for the beginning of a range, and the one that goes on after an entry. */
function indexQueries(
  index: IndexInfo,
  info: CollectionInfo,
  reverse: boolean,
  atOnce: boolean,
): [string, string] {
  const key = `i.${index.column}`;
  const own = index.table === info.table;
  const source = own ? `${info.table} i` : `${index.table} i CROSS JOIN ${info.table} d ON d.seq = i.seq`;
  const doc = own ? 'i.doc' : 'd.doc';
  const [compare, order] = reverse ? ['<', 'DESC'] : ['>', 'ASC'];
  const columns = atOnce ? `i.seq, ${doc}` : `i.seq, ${doc}, ${key}`;
  const select = `SELECT ${columns} FROM ${source} WHERE ${key} >= ? AND ${key} < ?`;
  const tail = `ORDER BY ${key} ${order}, i.seq ${order} LIMIT ?`;
  return [`${select} ${tail}`, `${select} AND (${key}, i.seq) ${compare} (?, ?) ${tail}`];
}

/** One scan after another. */
class Chain implements Scan {
  constructor(private readonly scans: readonly Scan[]) {}

  get examined(): number {
    return this.scans.reduce((sum, scan) => sum + scan.examined, 0);
  }

  next(count: number): readonly Stored[] {
    for (const scan of this.scans) {
      const found = scan.next(count);
      if (found.length > 0) return found;
    }
    return [];
  }
}

/** Each document once, at its first entry. */
class Once implements Scan {
  readonly #seen = new Set<number>();

  constructor(private readonly scan: Scan) {}

  get examined(): number {
    return this.scan.examined;
  }

  next(count: number): readonly Stored[] {
    for (;;) {
      const found = this.scan.next(count);
      const fresh = found.filter(({ seq }) => {
        if (this.#seen.has(seq)) return false;
        this.#seen.add(seq);
        return true;
      });
      if (fresh.length > 0 || found.length === 0) return fresh;
    }
  }
}
