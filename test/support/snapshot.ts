import type { mongo } from 'mongoose';
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

export async function snapshotOf(testApp: TestApp): Promise<Snapshot> {
  const kept = new Map<string, Stored>();
  for (const collection of collectionsOf(testApp)) {
    const documents = await documentsOf(collection);
    kept.set(collection.collectionName, { documents, text: JSON.stringify(documents) });
  }
  return kept;
}

/** Collections in which something differs. */
export const differences = (snapshot: Snapshot, two: Snapshot): string[] =>
  [...snapshot.keys()].filter((name) => snapshot.get(name)?.text !== two.get(name)?.text);

/** Puts everything back as it was. */
export async function restore(testApp: TestApp, kept: Snapshot): Promise<void> {
  for (const collection of collectionsOf(testApp)) {
    const before = kept.get(collection.collectionName)?.documents ?? [];
    const ids = (await documentsOf(collection)).map(({ _id }) => _id as mongo.ObjectId);
    await collection.deleteMany({ _id: { $in: ids } });
    if (before.length > 0) await collection.insertMany(before.map((document) => ({ ...document })));
  }
}
