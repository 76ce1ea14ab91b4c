import type { Storage } from '../../src/storage/index.js';

/** A document in a test: any fields. */
export type Doc = Record<string, unknown>;

/** The driver's cursor and collection as the tests use them: any document, any filter. */
export interface Cursor extends AsyncIterable<Doc> {
  sort(sort: Doc): Cursor;
  skip(count: number): Cursor;
  limit(count: number): Cursor;
  hint(hint: unknown): Cursor;
  collation(collation: Doc): Cursor;
  batchSize(size: number): Cursor;
  maxTimeMS(milliseconds: number): Cursor;
  toArray(): Promise<Doc[]>;
  next(): Promise<Doc | null>;
  hasNext(): Promise<boolean>;
  explain(): Promise<Doc>;
}

interface UpdateOutcome {
  readonly matchedCount: number;
  readonly modifiedCount: number;
  readonly upsertedCount: number;
  readonly upsertedId: unknown;
}

interface BulkOutcome {
  readonly insertedCount: number;
  readonly matchedCount: number;
  readonly modifiedCount: number;
  readonly deletedCount: number;
  readonly upsertedCount: number;
  readonly insertedIds: Record<number, unknown>;
  readonly upsertedIds: Record<number, unknown>;
}

export interface Collection {
  readonly collectionName: string;
  find(filter?: Doc, options?: Doc): Cursor;
  findOne(filter?: Doc, options?: Doc): Promise<Doc | null>;
  countDocuments(filter?: Doc, options?: Doc): Promise<number>;
  estimatedDocumentCount(): Promise<number>;
  distinct(key: string, filter?: Doc): Promise<unknown[]>;
  aggregate(pipeline: Doc[], options?: Doc): Cursor;
  insertOne(doc: Doc): Promise<{ insertedId: unknown }>;
  insertMany(
    docs: readonly Doc[],
    options?: Doc,
  ): Promise<{ insertedCount: number; insertedIds: Record<number, unknown> }>;
  updateOne(filter: Doc, update: Doc | Doc[], options?: Doc): Promise<UpdateOutcome>;
  updateMany(filter: Doc, update: Doc | Doc[], options?: Doc): Promise<UpdateOutcome>;
  replaceOne(filter: Doc, doc: Doc, options?: Doc): Promise<UpdateOutcome>;
  deleteOne(filter: Doc): Promise<{ deletedCount: number }>;
  deleteMany(filter: Doc): Promise<{ deletedCount: number }>;
  findOneAndUpdate(filter: Doc, update: Doc | Doc[], options?: Doc): Promise<Doc | null>;
  findOneAndReplace(filter: Doc, doc: Doc, options?: Doc): Promise<Doc | null>;
  findOneAndDelete(filter: Doc, options?: Doc): Promise<Doc | null>;
  bulkWrite(operations: Doc[], options?: Doc): Promise<BulkOutcome>;
  createIndex(key: unknown, options?: Doc): Promise<string>;
  dropIndex(index: unknown): Promise<unknown>;
  dropIndexes(): Promise<unknown>;
  indexes(): Promise<Doc[]>;
  listIndexes(): { toArray(): Promise<Doc[]> };
  drop(): Promise<boolean>;
  rename(name: string): Promise<unknown>;
  watch(): unknown;
}

/** A collection of an open storage, past Mongoose's models. */
export function collectionOf(storage: Storage, name: string): Collection {
  const db = storage.connection.db;
  if (!db) throw new Error('the storage is not open');
  return db.collection(name) as unknown as Collection;
}
