import { decode, encode, type Doc } from './bson.js';
import { splitPath, type Path } from './paths.js';
import type { Sqlite } from './sqlite.js';

/** An index as `createIndex` was asked for it and `listIndexes` gives it back. */
export interface IndexSpec {
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly name: string;
  readonly unique?: boolean;
  readonly sparse?: boolean;
  readonly partialFilterExpression?: Doc;
  readonly expireAfterSeconds?: number;
}

export interface IndexInfo {
  readonly id: number;
  readonly spec: IndexSpec;
  readonly table: string;
  /** Column of `table` that holds the encoded key. */
  readonly column: string;
  readonly fields: readonly string[];
  readonly paths: readonly Path[];
  readonly descending: readonly boolean[];
  /** Bit i: some document has an array on the way to field i. Never cleared. */
  readonly multikey: number;
}

export interface CollectionInfo {
  readonly id: number;
  readonly name: string;
  readonly table: string;
  /** The `_id` index: the collection's own table. */
  readonly idIndex: IndexInfo;
  readonly indexes: readonly IndexInfo[];
}

export const CATALOG_SQL = `
  CREATE TABLE IF NOT EXISTS collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
  );
  CREATE TABLE IF NOT EXISTS indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection INTEGER NOT NULL REFERENCES collections (id),
    name TEXT NOT NULL,
    spec BLOB NOT NULL,
    multikey INTEGER NOT NULL,
    UNIQUE (collection, name)
  );
`;

const ID_SPEC: IndexSpec = { key: { _id: 1 }, name: '_id_' };

/**
 * The collections and indexes of the file. SQLite counts changes of the schema itself, and everything kept
 * here changes together with a table: so `schema_version` tells when another process has changed it, and a
 * reader with an outdated view meets "no such table". For this an index's table carries its multikey bits in
 * its name: a plan made for plain values cannot run on an index that has arrays by now.
 */
export class Catalog {
  readonly #db: Sqlite;
  #version = -1;
  #collections = new Map<string, CollectionInfo>();
  #indexes = new Map<number, IndexInfo>();

  constructor(db: Sqlite) {
    this.#db = db;
  }

  get collections(): ReadonlyMap<string, CollectionInfo> {
    return this.#collections;
  }

  find(name: string): CollectionInfo | undefined {
    return this.#collections.get(name);
  }

  /** An index as it is now: its table may have been renamed since. */
  current(index: IndexInfo): IndexInfo {
    return this.#indexes.get(index.id) ?? index;
  }

  /** Reads the file again when its schema has changed. @returns whether it had */
  refresh(): boolean {
    const version = Number(this.#db.value('PRAGMA schema_version'));
    if (version === this.#version) return false;
    this.#collections = this.#read();
    this.#indexes = new Map(
      [...this.#collections.values()].flatMap(({ indexes }) => indexes.map((index) => [index.id, index])),
    );
    this.#version = version;
    return true;
  }

  #read(): Map<string, CollectionInfo> {
    const byCollection = new Map<number, IndexInfo[]>();
    const indexes = this.#db
      .statement('SELECT id, collection, spec, multikey FROM indexes ORDER BY id')
      .all([]);
    for (const [id, collection, spec, multikey] of indexes as [number, number, Buffer, number][]) {
      const list = byCollection.get(collection) ?? [];
      list.push(indexInfo(id, decode(spec) as unknown as IndexSpec, multikey));
      byCollection.set(collection, list);
    }
    const collections = new Map<string, CollectionInfo>();
    const rows = this.#db.statement('SELECT id, name FROM collections').all([]);
    for (const [id, name] of rows as [number, string][]) {
      collections.set(name, collectionInfo(id, name, byCollection.get(id) ?? []));
    }
    return collections;
  }

  /** Inside a transaction. */
  createCollection(name: string): CollectionInfo {
    const { lastInsertRowid: id } = this.#db
      .statement('INSERT INTO collections (name) VALUES (?)')
      .run([name]);
    this.#db.exec(
      `CREATE TABLE c${id} (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, doc BLOB NOT NULL)`,
    );
    return this.#changed(name);
  }

  /** Inside a transaction. Drops the documents and the indexes. */
  dropCollection(info: CollectionInfo): void {
    for (const index of info.indexes) this.#db.exec(`DROP TABLE ${index.table}`);
    this.#db.exec(
      `DROP TABLE ${info.table}; DELETE FROM indexes WHERE collection = ${info.id};
       DELETE FROM collections WHERE id = ${info.id}`,
    );
    this.refresh();
  }

  /** Inside a transaction. The index is empty: the caller fills it. */
  createIndex(info: CollectionInfo, spec: IndexSpec): IndexInfo {
    const { lastInsertRowid: id } = this.#db
      .statement('INSERT INTO indexes (collection, name, spec, multikey) VALUES (?, ?, ?, 0)')
      .run([info.id, spec.name, encode(spec)]);
    const key = spec.unique ? 'PRIMARY KEY (key)' : 'PRIMARY KEY (key, seq)';
    this.#db.exec(
      `CREATE TABLE ${indexTable(id, 0)} (key BLOB NOT NULL, seq INTEGER NOT NULL, ${key}) WITHOUT ROWID`,
    );
    this.#changed(info.name);
    return indexInfo(id, spec, 0);
  }

  /** Inside a transaction. */
  dropIndex(index: IndexInfo): void {
    this.#db.exec(`DROP TABLE ${index.table}; DELETE FROM indexes WHERE id = ${index.id}`);
    this.refresh();
  }

  /** Inside a transaction: from now on plans treat these fields of the index as arrays. */
  setMultikey(info: CollectionInfo, index: IndexInfo, bits: number): IndexInfo {
    const multikey = index.multikey | bits;
    this.#db.exec(
      `UPDATE indexes SET multikey = ${multikey} WHERE id = ${index.id};
       ALTER TABLE ${index.table} RENAME TO ${indexTable(index.id, multikey)}`,
    );
    this.#changed(info.name);
    return indexInfo(index.id, index.spec, multikey);
  }

  #changed(name: string): CollectionInfo {
    this.refresh();
    const info = this.#collections.get(name);
    if (!info) throw new Error(`collection ${name} is missing from the catalog`);
    return info;
  }
}

const indexTable = (id: number, multikey: number): string => `x${id}_${multikey}`;

function indexInfo(id: number, spec: IndexSpec, multikey: number): IndexInfo {
  const fields = Object.keys(spec.key);
  return {
    id,
    spec,
    table: indexTable(id, multikey),
    column: 'key',
    fields,
    paths: fields.map(splitPath),
    descending: Object.values(spec.key).map((direction) => direction === -1),
    multikey,
  };
}

function collectionInfo(id: number, name: string, indexes: readonly IndexInfo[]): CollectionInfo {
  const table = `c${id}`;
  const idIndex = { ...indexInfo(0, ID_SPEC, 0), table, column: 'id' };
  return { id, name, table, idIndex, indexes };
}
