import { openStorage } from '../../src/storage/index.js';
import { collectionOf } from '../contract/collection.js';

/** Another process of index-build.test.ts: builds an index when told to, and tells how it ended. */
const storage = await openStorage({ url: process.argv[2] ?? '' });
const things = collectionOf(storage, 'things');
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));
try {
  await things.createIndex({ tags: 1, n: 1 });
  await things.createIndex({ n: 1 }, { unique: true });
  process.send?.('built');
} catch (error) {
  process.send?.((error as Error).message);
}
await storage.close();
process.disconnect();
