import { createHash } from 'node:crypto';
import { encode, type Doc } from '../embedded/bson.js';
import { readIndexSpec } from '../embedded/indexes.js';
import type { Storage } from '../index.js';
import { TRANSFERS } from '../names.js';
import { StorageError } from '../storage-error.js';
import {
  createIndexes,
  databaseOf,
  documentsById,
  firstFilled,
  lastId,
  type CollectionDescription,
} from './records.js';

/** Where documents are carried from: a database, or a folder of files. */
export interface TransferSource {
  /** Tells it from other sources when an interrupted transfer goes on. Shown, so without a password. */
  readonly identity: string;
  readonly collections: readonly CollectionDescription[];
  /** In the order of `_id`. */
  documents(collection: string, skip: number): AsyncIterable<Doc>;
}

export interface TransferTarget {
  readonly storage: Storage;
  /** What named it: messages begin with this. */
  readonly argument: string;
}

export interface TransferProgress {
  readonly phase: 'copying' | 'comparing' | 'indexing';
  readonly collection: string;
  readonly done: number;
  readonly total: number;
}

export interface Transferred {
  readonly name: string;
  readonly documents: number;
  readonly indexes: number;
  /** Of all documents, in the order of `_id`. */
  readonly sha256: string;
}

/** What the target remembers of a transfer that is not over. */
interface Note {
  readonly _id: string;
  readonly from: string;
  /** Copied, and found equal to the source. */
  readonly done: readonly Transferred[];
  /** A collection whose copy differed and was started again. */
  readonly again?: string | null;
}

const NOTE = 'transfer';
const BATCH_DOCUMENTS = 1000;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Carries every document and index into an empty database, and compares the two. Killed half-way it goes on
 * where it was: documents are written in the order of `_id`, so what is there is a beginning of what shall be.
 * Indexes come after the documents; those that delete expired documents last.
 * @throws StorageError
 */
export async function transfer(
  source: TransferSource,
  to: TransferTarget,
  progress: (step: TransferProgress) => void = () => undefined,
): Promise<Transferred[]> {
  const { storage: target } = to;
  checkIndexes(source, to);
  const note = await begin(source, to);
  const done = [...note.done];
  for (const collection of source.collections) {
    if (done.some(({ name }) => name === collection.name)) continue;
    await copyCollection(source, target, collection, note.again === collection.name, progress);
    const sha256 = await compare(source, target, collection, progress);
    const { name, documents, indexes } = collection;
    done.push({ name, documents, indexes: indexes.length, sha256 });
    await notes(target).updateOne({ _id: NOTE }, { $set: { done, again: null } });
  }
  let built = 0;
  for (const { name, indexes } of source.collections) {
    progress({ phase: 'indexing', collection: name, done: built++, total: source.collections.length });
    await createIndexes(target, name, indexes);
  }
  await databaseOf(target).dropCollection(TRANSFERS);
  return done;
}

const notes = (target: Storage) => databaseOf(target).collection<Note>(TRANSFERS);

/** What the embedded engine cannot index is said before anything is written. */
function checkIndexes({ collections }: TransferSource, { storage, argument }: TransferTarget): void {
  if (storage.engine !== 'embedded') return;
  for (const { name, indexes } of collections) {
    for (const index of indexes) {
      try {
        readIndexSpec(index.key, { ...index.options, name: index.name });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new StorageError(`${argument}: the index ${name}.${index.name} cannot be built: ${why}`, {
          cause: error,
        });
      }
    }
  }
}

async function begin(
  { identity }: TransferSource,
  { storage: target, argument }: TransferTarget,
): Promise<Note> {
  const before = await notes(target).findOne({ _id: NOTE });
  if (before) {
    if (before.from === identity) return before;
    throw new StorageError(
      `${argument}: a transfer from ${before.from} was interrupted here: run that one again, or name an empty database`,
    );
  }
  const filled = await firstFilled(target);
  if (filled !== undefined) {
    throw new StorageError(`${argument}: the database is not empty (${filled}): name an empty one`);
  }
  const note: Note = { _id: NOTE, from: identity, done: [] };
  await notes(target).insertOne(note);
  return note;
}

async function copyCollection(
  source: TransferSource,
  target: Storage,
  { name, documents }: CollectionDescription,
  again: boolean,
  progress: (step: TransferProgress) => void,
): Promise<void> {
  let done = again ? 0 : await resumePoint(source, target, name);
  if (done === 0) await startAnew(target, name);
  const tell = (): void => progress({ phase: 'copying', collection: name, done, total: documents });
  tell();
  for await (const batch of inBatches(source.documents(name, done))) {
    await databaseOf(target).collection(name).insertMany(batch, { ordered: true });
    done += batch.length;
    tell();
  }
}

/** The collection exists, even where it has no documents. */
async function startAnew(target: Storage, name: string): Promise<void> {
  const db = databaseOf(target);
  const listed = await db.listCollections().toArray();
  if (listed.some((item) => item.name === name)) await db.dropCollection(name);
  await db.createCollection(name);
}

/** How many documents need not be copied again; 0 when what is there is no beginning of the source. */
async function resumePoint(source: TransferSource, target: Storage, name: string): Promise<number> {
  const last = await lastId(target, name);
  if (!last) return 0;
  const there = await databaseOf(target).collection(name).countDocuments({});
  for await (const doc of source.documents(name, there - 1)) {
    return encode({ _id: doc._id }).equals(encode({ _id: last._id })) ? there : 0;
  }
  return 0;
}

async function* inBatches(documents: AsyncIterable<Doc>): AsyncGenerator<Doc[], void> {
  let batch: Doc[] = [];
  let bytes = 0;
  for await (const doc of documents) {
    batch.push(doc);
    bytes += encode(doc).length;
    if (batch.length < BATCH_DOCUMENTS && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** @returns the checksum of what both sides hold @throws StorageError naming the first document that differs */
async function compare(
  source: TransferSource,
  target: Storage,
  { name, documents }: CollectionDescription,
  progress: (step: TransferProgress) => void,
): Promise<string> {
  const hash = createHash('sha256');
  const copies = documentsById(target, name);
  let done = 0;
  for await (const doc of source.documents(name, 0)) {
    const { value: copy } = await copies.next();
    const bytes = encode(doc);
    if (!copy || !encode(copy).equals(bytes)) return differs(target, name, doc);
    hash.update(bytes);
    if (++done % BATCH_DOCUMENTS === 0)
      progress({ phase: 'comparing', collection: name, done, total: documents });
  }
  const { value: extra } = await copies.next();
  if (extra || done !== documents) return differs(target, name, extra ?? undefined);
  return hash.digest('hex');
}

async function differs(target: Storage, name: string, doc: Doc | undefined): Promise<never> {
  await notes(target).updateOne({ _id: NOTE }, { $set: { again: name } });
  const which = doc ? ` at _id ${JSON.stringify(doc._id)}` : '';
  throw new StorageError(
    `${name}: the copy differs from the source${which}: something wrote meanwhile; stop it and run the command again`,
  );
}
