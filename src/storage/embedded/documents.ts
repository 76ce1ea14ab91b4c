import { decode, type Doc, encode, MAX_DOCUMENT_BYTES } from './bson.js';
import type { CollectionInfo, IndexInfo } from './catalog.js';
import type { Engine } from './engine.js';
import { duplicateKey, ErrorCode, serverError } from './errors.js';
import { entriesOf, type Entries } from './index-keys.js';
import { EMPTY_ARRAY, encodeValue } from './key.js';
import type { Found } from './read/found.js';

/**
 * Documents and their index entries, kept in step. Everything here runs inside a transaction; a function that
 * throws may have written half of its work, so its caller undoes it.
 */

/** @returns the place of the new document @throws duplicate key, document too large */
export function insertDocument(engine: Engine, info: CollectionInfo, doc: Doc, bytes: Buffer): number {
  checkSize(bytes);
  const id = encodeValue(doc._id);
  const { changes, lastInsertRowid } = engine.db
    .statement(`INSERT OR IGNORE INTO ${info.table} (id, doc) VALUES (?, ?)`)
    .run([id, bytes]);
  if (changes === 0) {
    throw duplicateKey(engine.namespace(info.name), '_id_', { _id: 1 }, { _id: decode(bytes)._id });
  }
  for (const index of info.maintained)
    addEntries(engine, info, index, lastInsertRowid, entriesOf(index, doc));
  engine.changes.written(info.name, doc);
  return lastInsertRowid;
}

/** @param touched the indexes that the change can concern; all others are left alone */
export function replaceDocument(
  engine: Engine,
  info: CollectionInfo,
  before: Found,
  after: Doc,
  bytes: Buffer,
  touched: readonly IndexInfo[],
): void {
  const { seq } = before;
  writeDocument(engine, info, seq, bytes);
  for (const index of touched) {
    const old = entriesOf(index, before.doc);
    const fresh = entriesOf(index, after);
    const { removed, added } = difference(old, fresh);
    removeEntries(engine, index, seq, removed);
    addEntries(engine, info, index, seq, added);
  }
  engine.changes.written(info.name, after);
}

/** For a change that concerns no index. */
export function writeDocument(engine: Engine, info: CollectionInfo, seq: number, bytes: Buffer): void {
  checkSize(bytes);
  engine.db.statement(`UPDATE ${info.table} SET doc = ? WHERE seq = ?`).run([bytes, seq]);
}

export function deleteDocument(engine: Engine, info: CollectionInfo, seq: number, doc: Doc): void {
  for (const index of info.maintained) removeEntries(engine, index, seq, entriesOf(index, doc).keys);
  engine.db.statement(`DELETE FROM ${info.table} WHERE seq = ?`).run([seq]);
  engine.changes.written(info.name, doc);
}

/** The stored bytes, or undefined when the document is gone. */
export function readDocument(engine: Engine, info: CollectionInfo, seq: number): Buffer | undefined {
  const row = engine.db.statement(`SELECT doc FROM ${info.table} WHERE seq = ?`).get([seq]);
  return row?.[0] as Buffer | undefined;
}

function checkSize(bytes: Buffer): void {
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    throw serverError(
      ErrorCode.ObjectTooLarge,
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
    );
  }
}

function difference(old: Entries, fresh: Entries): { removed: readonly Buffer[]; added: Entries } {
  const has = (keys: readonly Buffer[], key: Buffer): boolean => keys.some((other) => other.equals(key));
  if (old.keys.length > 16 || fresh.keys.length > 16) return differenceOfMany(old, fresh);
  const kept = fresh.keys.map((key) => !has(old.keys, key));
  return {
    removed: old.keys.filter((key) => !has(fresh.keys, key)),
    added: pick(fresh, kept),
  };
}

function differenceOfMany(old: Entries, fresh: Entries): { removed: readonly Buffer[]; added: Entries } {
  const name = (key: Buffer): string => key.toString('latin1');
  const before = new Set(old.keys.map(name));
  const after = new Set(fresh.keys.map(name));
  return {
    removed: old.keys.filter((key) => !after.has(name(key))),
    added: pick(
      fresh,
      fresh.keys.map((key) => !before.has(name(key))),
    ),
  };
}

const pick = (entries: Entries, chosen: readonly boolean[]): Entries => ({
  keys: entries.keys.filter((_, i) => chosen[i]),
  tuples: entries.tuples.filter((_, i) => chosen[i]),
  multikey: entries.multikey,
});

function removeEntries(engine: Engine, index: IndexInfo, seq: number, keys: readonly Buffer[]): void {
  const { table } = engine.catalog.current(index);
  for (const key of keys) {
    engine.db.statement(`DELETE FROM ${table} WHERE key = ? AND seq = ?`).run([key, seq]);
  }
}

/**
 * Also used to fill a new index, which may hold entries that writes have brought.
 * @throws duplicate key for a unique index
 */
export function addEntries(
  engine: Engine,
  info: CollectionInfo,
  index: IndexInfo,
  seq: number,
  { keys, tuples, multikey }: Entries,
): void {
  const known = engine.catalog.current(index);
  const arrays = (multikey & ~known.multikey) !== 0;
  const { table } = arrays ? engine.catalog.setMultikey(info, known, multikey) : known;
  keys.forEach((key, i) => {
    const { changes } = engine.db
      .statement(`INSERT OR IGNORE INTO ${table} (key, seq) VALUES (?, ?)`)
      .run([key, seq]);
    if (changes === 0 && !isOwn(engine, table, key, seq)) throw taken(engine, info, index, tuples[i] ?? []);
  });
}

const isOwn = (engine: Engine, table: string, key: Buffer, seq: number): boolean =>
  engine.db.statement(`SELECT 1 FROM ${table} WHERE key = ? AND seq = ?`).get([key, seq]) !== undefined;

function taken(engine: Engine, info: CollectionInfo, index: IndexInfo, tuple: readonly unknown[]): Error {
  const keyValue: Doc = {};
  index.fields.forEach((name, i) => {
    const value = tuple[i];
    keyValue[name] = value === EMPTY_ARRAY || value === undefined ? null : value;
  });
  const shown = decode(encode(keyValue));
  return duplicateKey(engine.namespace(info.name), index.spec.name, index.spec.key, shown);
}
