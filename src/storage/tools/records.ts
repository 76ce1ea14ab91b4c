import type { Connection, mongo } from 'mongoose';
import type { Doc } from '../embedded/bson.js';
import type { Storage } from '../index.js';
import { LOCKS, TRANSFERS } from '../names.js';
import { StorageError } from '../storage-error.js';

/**
 * Collections and documents as they are stored, on either engine: past Mongoose's models, number types kept
 * apart. For tools that carry everything from one place to another.
 */
export interface IndexDescription {
  readonly key: Doc;
  readonly name: string;
  readonly options: Doc;
}

export interface CollectionDescription {
  readonly name: string;
  readonly documents: number;
  readonly indexes: readonly IndexDescription[];
}

const NOT_CARRIED = new Set([TRANSFERS, LOCKS]);

/** Keeps what was stored: 1 and 1.0, a Long and a number, a regular expression's options. */
const EXACT = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true } as const;

/** @throws Error when the storage was closed */
export function databaseOf({ connection }: { readonly connection: Connection }): mongo.Db {
  const { db } = connection;
  if (!db) throw new Error('the storage is not open');
  return db;
}

/** Every collection there is, by name. @throws StorageError for a kind that cannot be carried */
export async function describeCollections(storage: Storage): Promise<CollectionDescription[]> {
  const db = databaseOf(storage);
  const listed = await db.listCollections().toArray();
  const described: CollectionDescription[] = [];
  for (const { name, type } of listed) {
    if (name.startsWith('system.') || NOT_CARRIED.has(name) || type === 'view') continue;
    if (type !== 'collection') throw new StorageError(`the collection ${name} is a ${type ?? 'strange one'}`);
    const collection = db.collection(name);
    const indexes = (await collection.indexes()) as unknown as Doc[];
    described.push({
      name,
      documents: await collection.countDocuments({}),
      indexes: indexes
        .filter((index) => index.name !== '_id_')
        .map(describeIndex)
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    });
  }
  return described.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What MongoDB adds to a listing and does not take at `createIndex`. */
const LISTED_ONLY = new Set(['v', 'ns', 'key', 'name', 'background']);

const describeIndex = (index: Doc): IndexDescription => ({
  key: index.key as Doc,
  name: index.name as string,
  options: Object.fromEntries(Object.entries(index).filter(([option]) => !LISTED_ONLY.has(option))),
});

/** All documents of a collection in the order of `_id`, the same on both engines. @param skip of the first */
export async function* documentsById(storage: Storage, name: string, skip = 0): AsyncGenerator<Doc, void> {
  const options = { ...EXACT, sort: { _id: 1 }, skip, batchSize: 1000 } as const;
  for await (const doc of databaseOf(storage).collection(name).find({}, options)) yield doc;
}

/** The last `_id` in the order of {@link documentsById}, in a document; null when there is none. */
export async function lastId(storage: Storage, name: string): Promise<Doc | null> {
  return databaseOf(storage)
    .collection(name)
    .findOne({}, { ...EXACT, sort: { _id: -1 }, projection: { _id: 1 } });
}

/** Returns whether there is a document anywhere, and in which collection. */
export async function firstFilled(storage: Storage): Promise<string | undefined> {
  const db = databaseOf(storage);
  for (const { name } of await db.listCollections().toArray()) {
    if (name.startsWith('system.') || NOT_CARRIED.has(name)) continue;
    if (await db.collection(name).findOne({}, { projection: { _id: 1 } })) return name;
  }
  return undefined;
}

/** TTL indexes come last: they begin to delete at once. */
export async function createIndexes(
  storage: Storage,
  of: string,
  indexes: readonly IndexDescription[],
): Promise<void> {
  const collection = databaseOf(storage).collection(of);
  const expires = ({ options }: IndexDescription): number => Number('expireAfterSeconds' in options);
  for (const index of indexes.toSorted((a, b) => expires(a) - expires(b))) {
    const { key, name, options } = index;
    await collection.createIndexes([{ ...options, key: key as mongo.IndexDescription['key'], name }]);
  }
}
