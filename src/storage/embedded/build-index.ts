import { decodeExact } from './bson.js';
import type { CollectionInfo, IndexInfo, IndexSpec } from './catalog.js';
import { addEntries } from './documents.js';
import type { Engine } from './engine.js';
import { entriesOf } from './index-keys.js';
import { ID_INDEX, indexExists, isIdKey, sameIndex } from './indexes.js';
import { pause } from './retry.js';

/** Filling goes on this long in one transaction, or for this many documents; then in the next. */
const SLICE_MS = 5;
export const SLICE_DOCUMENTS = 500;
/** Documents read at a time; the slice is looked at after each lot. */
const PAGE = 20;
/** Between two slices, so that other processes find the file unlocked. */
const REST_MS = 1;

interface Step {
  readonly done: boolean;
  readonly error?: unknown;
}

/**
 * Makes an index over what is there, or finds that it exists. Writes go on meanwhile, in all processes: they keep
 * the unfinished index in step. It can be used only when it is whole. What a killed process has begun is gone on
 * with; two processes that build the same index build it together.
 * @returns its name
 * @throws duplicate key when a unique index meets equal values: nothing of the index stays
 */
export async function buildIndex(engine: Engine, collection: string, spec: IndexSpec): Promise<string> {
  const name = isIdKey(spec) ? ID_INDEX : spec.name;
  if (await engine.read(() => indexExists(engine, collection, spec))) return name;
  for (;;) {
    const { done, error } = await engine.write(() => step(engine, collection, spec));
    if (error !== undefined) throw error as Error;
    if (done) return name;
    await pause(REST_MS);
  }
}

/** Inside a transaction: begins the index, or takes it a little further. */
function step(engine: Engine, collection: string, spec: IndexSpec): Step {
  const info = engine.collectionForWrite(collection);
  if (isIdKey(spec)) return { done: true };
  const known = sameIndex(info, spec);
  if (known?.building === false) return { done: true };
  try {
    return engine.isolated(() => {
      const index = known ?? engine.catalog.createIndex(info, spec);
      if (!index.building) return { done: true };
      return { done: fillSome(engine, engine.catalog.find(collection) ?? info, index) };
    });
  } catch (error) {
    // A full disk ends the transaction: the index stays as it was, to be gone on with.
    if (!engine.db.inTransaction) throw error;
    const begun = engine.catalog.find(collection)?.maintained.find((index) => index.id === known?.id);
    if (begun) engine.catalog.dropIndex(begun);
    return { done: false, error };
  }
}

/** Returns whether the index is whole now. */
function fillSome(engine: Engine, info: CollectionInfo, index: IndexInfo): boolean {
  const until = performance.now() + SLICE_MS;
  const page = engine.db.statement(
    `SELECT seq, doc FROM ${info.table} WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`,
  );
  let last = engine.catalog.progressOf(index);
  for (let filled = PAGE; ; filled += PAGE) {
    const rows = page.all([last]) as [number, Buffer][];
    for (const [seq, bytes] of rows) {
      addEntries(engine, info, index, seq, entriesOf(index, decodeExact(bytes)));
      last = seq;
    }
    if (rows.length < PAGE) {
      engine.catalog.finishIndex(index);
      return true;
    }
    if (filled >= SLICE_DOCUMENTS || performance.now() > until) {
      engine.catalog.setProgress(index, last);
      return false;
    }
  }
}
