import { openStorage } from '../../src/storage/index.js';
import { collectionOf } from '../contract/collection.js';

/** A script with nothing else to do than a large aggregation: it must get to its end. */
const storage = await openStorage({ url: process.argv[2] ?? '' });
const groups = await collectionOf(storage, 'things')
  .aggregate([{ $group: { _id: '$k', n: { $sum: 1 } } }])
  .toArray();
await storage.close();
process.stdout.write(`${groups.length} groups\n`);
