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
  /** Kept in step by every write, but not whole yet: nothing may be looked up in it. */
  readonly building: boolean;
}

export interface CollectionInfo {
  readonly id: number;
  readonly name: string;
  readonly table: string;
  /** The `_id` index: the collection's own table. */
  readonly idIndex: IndexInfo;
  /** To look things up in. */
  readonly indexes: readonly IndexInfo[];
  /** To plan with: `_id`, then the unique ones, of which one entry may be all that is read. */
  readonly uniqueFirst: readonly IndexInfo[];
  /** To keep in step: those, and the ones being built. */
  readonly maintained: readonly IndexInfo[];
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
    progress INTEGER,
    UNIQUE (collection, name)
  );
`;

/** From the format of the key to the next one. */
export const CATALOG_UPGRADES: Readonly<Record<number, string>> = {
  1: 'ALTER TABLE indexes ADD COLUMN progress INTEGER;',
};

const ID_SPEC: IndexSpec = { key: { _id: 1 }, name: '_id_' };

/**
 * The collections and indexes of the file. SQLite counts changes of the schema itself, and everything kept
 * here changes together with a table: so `schema_version` tells when another process has changed it, and a
 * reader with an outdated view meets "no such table". For this an index's table carries its multikey bits in
 * its name: a plan made for plain values cannot run on an index that has arrays by now.
 *
 * While an index is built over documents that are there, `progress` holds the place of the last document that is
 * in it, -1 at the beginning; every write of any process keeps it in step all the same, so that building goes on
 * from there after a crash. When it is whole its table gets another name, and only then can a plan name it.
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

  /** Reads the file again when its schema has changed. Returns whether it had. */
  refresh(): boolean {
    const version = Number(this.#db.value('PRAGMA schema_version'));
    if (version === this.#version) return false;
    this.#collections = this.#read();
    this.#indexes = new Map(
      [...this.#collections.values()].flatMap(({ maintained }) =>
        maintained.map((index) => [index.id, index]),
      ),
    );
    this.#version = version;
    return true;
  }

  /**
   * Puts what was just created beside what is known, instead of reading all of it again. Inside a transaction
   * nothing else can have changed; what is undone gets another version, and is read again.
   */
  #add(info: CollectionInfo, index?: IndexInfo): void {
    const added = index === undefined ? info : withIndex(info, index);
    this.#collections = new Map(this.#collections).set(added.name, added);
    if (index !== undefined) this.#indexes.set(index.id, index);
    this.#version = Number(this.#db.value('PRAGMA schema_version'));
  }

  #read(): Map<string, CollectionInfo> {
    const byCollection = new Map<number, IndexInfo[]>();
    const indexes = this.#db
      .statement('SELECT id, collection, spec, multikey, progress IS NOT NULL FROM indexes ORDER BY id')
      .all([]);
    for (const row of indexes as [number, number, Buffer, number, number][]) {
      const [id, collection, spec, multikey, building] = row;
      const list = byCollection.get(collection) ?? [];
      list.push(indexInfo(id, decode(spec) as unknown as IndexSpec, multikey, building === 1));
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
    const info = collectionInfo(id, name, []);
    this.#add(info);
    return info;
  }

  /** Inside a transaction. Drops the documents and the indexes. */
  dropCollection(info: CollectionInfo): void {
    for (const index of info.maintained) this.#db.exec(`DROP TABLE ${index.table}`);
    this.#db.exec(
      `DROP TABLE ${info.table}; DELETE FROM indexes WHERE collection = ${info.id};
       DELETE FROM collections WHERE id = ${info.id}`,
    );
    this.refresh();
  }

  /**
   * Inside a transaction. Creates an index that is empty. Over a collection without documents it is whole at once;
   * otherwise it is being built, and the caller fills it.
   */
  createIndex(info: CollectionInfo, spec: IndexSpec): IndexInfo {
    const building = this.#db.statement(`SELECT 1 FROM ${info.table} LIMIT 1`).get([]) !== undefined;
    const { lastInsertRowid: id } = this.#db
      .statement('INSERT INTO indexes (collection, name, spec, multikey, progress) VALUES (?, ?, ?, 0, ?)')
      .run([info.id, spec.name, encode(spec), building ? -1 : null]);
    const key = spec.unique ? 'PRIMARY KEY (key)' : 'PRIMARY KEY (key, seq)';
    const table = indexTable(id, 0, building);
    this.#db.exec(`CREATE TABLE ${table} (key BLOB NOT NULL, seq INTEGER NOT NULL, ${key}) WITHOUT ROWID`);
    const index = indexInfo(id, spec, 0, building);
    this.#add(this.find(info.name) ?? info, index);
    return index;
  }

  /** Inside a transaction. The place of the last document an index being built holds. */
  progressOf(index: IndexInfo): number {
    return Number(this.#db.statement('SELECT progress FROM indexes WHERE id = ?').get([index.id])?.[0]);
  }

  /** Inside a transaction. */
  setProgress(index: IndexInfo, seq: number): void {
    this.#db.statement('UPDATE indexes SET progress = ? WHERE id = ?').run([seq, index.id]);
  }

  /** Inside a transaction: the index holds every document, and may be used from now on. */
  finishIndex(index: IndexInfo): void {
    const { id, table, multikey } = this.current(index);
    this.#db.exec(
      `UPDATE indexes SET progress = NULL WHERE id = ${id};
       ALTER TABLE ${table} RENAME TO ${indexTable(id, multikey, false)}`,
    );
    this.refresh();
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
       ALTER TABLE ${index.table} RENAME TO ${indexTable(index.id, multikey, index.building)}`,
    );
    this.#changed(info.name);
    return indexInfo(index.id, index.spec, multikey, index.building);
  }

  #changed(name: string): CollectionInfo {
    this.refresh();
    const info = this.#collections.get(name);
    if (!info) throw new Error(`collection ${name} is missing from the catalog`);
    return info;
  }
}

const indexTable = (id: number, multikey: number, building: boolean): string =>
  `${building ? 'b' : 'x'}${id}_${multikey}`;

function indexInfo(id: number, spec: IndexSpec, multikey: number, building: boolean): IndexInfo {
  const fields = Object.keys(spec.key);
  return {
    id,
    spec,
    table: indexTable(id, multikey, building),
    column: 'key',
    fields,
    paths: fields.map(splitPath),
    descending: Object.values(spec.key).map((direction) => direction === -1),
    multikey,
    building,
  };
}

const withIndex = ({ id, name, maintained }: CollectionInfo, index: IndexInfo): CollectionInfo =>
  collectionInfo(id, name, [...maintained, index]);

function collectionInfo(id: number, name: string, maintained: readonly IndexInfo[]): CollectionInfo {
  const table = `c${id}`;
  const idIndex = { ...indexInfo(0, ID_SPEC, 0, false), table, column: 'id' };
  const indexes = maintained.filter(({ building }) => !building);
  const isUnique = ({ spec }: IndexInfo): number => Number(spec.unique === true);
  const uniqueFirst = [idIndex, ...indexes.toSorted((a, b) => isUnique(b) - isUnique(a))];
  return { id, name, table, idIndex, indexes, uniqueFirst, maintained };
}
