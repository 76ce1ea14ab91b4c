import type { mongo } from 'mongoose';
import { MINUTE } from '../../src/shared/clock.js';
import { EmbeddedDatabase } from '../../src/storage/embedded/database.js';
import type { Changes } from '../../src/storage/embedded/changes.js';
import type { TestApp } from './test-app.js';

interface Stored {
  readonly documents: readonly mongo.BSON.Document[];
  /** The same as text, to compare. */
  readonly text: string;
}

/** Everything stored but what every visit writes: sessions, and the states of launches. */
export type Snapshot = ReadonlyMap<string, Stored>;

const PASSING = new Set(['sessions', 'used_states', 'launch_log']);

const collectionsOf = (testApp: TestApp): mongo.Collection[] =>
  Object.values(testApp.storage.connection.models)
    .map((model) => model.collection as unknown as mongo.Collection)
    .filter(({ collectionName }) => !PASSING.has(collectionName));

/** Fewer than what a test's database takes for a search without an index. */
const PAGE = 40;

async function documentsOf(collection: mongo.Collection): Promise<mongo.BSON.Document[]> {
  const all: mongo.BSON.Document[] = [];
  for (let last; ;) {
    const page: mongo.BSON.Document[] = await collection
      .find(last === undefined ? {} : { _id: { $gt: last } })
      .sort({ _id: 1 })
      .limit(PAGE)
      .toArray();
    all.push(...page);
    if (page.length < PAGE) return all;
    last = page.at(-1)?._id as mongo.ObjectId;
  }
}

/** What was read last of a database's collections, without those that were written to since. */
class LastRead extends Map<string, Stored> {
  readonly #watched = new Set<string>();

  /** From now on each write drops its collection, in the transaction that makes it. */
  watch(changes: Changes, collection: string): void {
    if (this.#watched.has(collection)) return;
    this.#watched.add(collection);
    const drop = (): void => void this.delete(collection);
    changes.watch(collection, { written: drop, unknown: drop });
  }
}

const lastReads = new WeakMap<TestApp['storage'], LastRead>();

function lastReadOf(testApp: TestApp): LastRead {
  const { storage } = testApp;
  const read = lastReads.get(storage) ?? new LastRead();
  const { db } = storage.connection;
  if (!(db instanceof EmbeddedDatabase)) return read;
  lastReads.set(storage, read);
  for (const { collectionName } of collectionsOf(testApp)) read.watch(db.changes, collectionName);
  db.changes.look();
  return read;
}

/** Reads what was written to since the last snapshot of this test app; the rest is as it was. */
export async function snapshotOf(testApp: TestApp): Promise<Snapshot> {
  const before = lastReadOf(testApp);
  const kept = new Map<string, Stored>();
  for (const collection of collectionsOf(testApp)) {
    const { collectionName } = collection;
    let stored = before.get(collectionName);
    if (stored === undefined) {
      // Set before reading: a write meanwhile drops it.
      before.set(collectionName, NOTHING);
      const documents = await documentsOf(collection);
      stored = { documents, text: JSON.stringify(documents) };
      if (before.get(collectionName) === NOTHING) before.set(collectionName, stored);
    }
    kept.set(collectionName, stored);
  }
  return kept;
}

const NOTHING: Stored = { documents: [], text: '' };

/** Collections in which something differs. */
export const differences = (before: Snapshot, after: Snapshot): string[] =>
  [...before.keys()].filter((name) => before.get(name)?.text !== after.get(name)?.text);

/** Puts everything back as it was. */
export async function restore(testApp: TestApp, kept: Snapshot): Promise<void> {
  const changed = new Set(differences(kept, await snapshotOf(testApp)));
  for (const collection of collectionsOf(testApp)) {
    if (!changed.has(collection.collectionName)) continue;
    const before = kept.get(collection.collectionName)?.documents ?? [];
    const ids = (await documentsOf(collection)).map(({ _id }) => _id as mongo.ObjectId);
    await collection.deleteMany({ _id: { $in: ids } });
    if (before.length > 0) await collection.insertMany(before.map((document) => ({ ...document })));
  }
}

/**
 * For `beforeEach`, in place of a new test app: the database is as it was, and what is remembered for some seconds is
 * over. The clock goes on, and the LMS keeps what a test has changed there.
 */
export async function renew(testApp: TestApp, kept: Snapshot): Promise<void> {
  await restore(testApp, kept);
  testApp.clock.advance(MINUTE);
}
