import { expect } from 'chai';
import type { Scan } from '../../src/storage/index.js';
import { openStorage } from '../../src/storage/index.js';
import { collectionOf } from '../contract/collection.js';

describe('scan warnings', () => {
  it('report each kind of search once that reads more than 1,000 documents in vain', async () => {
    const told: Scan[] = [];
    const storage = await openStorage({ url: 'file::memory:', scans: { tell: (scan) => told.push(scan) } });
    try {
      const things = collectionOf(storage, 'things');
      await things.insertMany(Array.from({ length: 3000 }, (_, n) => ({ n, even: n % 2, s: `s${n}` })));
      await things.createIndex({ even: 1 });
      await things.find({ even: 1 }).toArray();
      await things
        .find({ _id: { $exists: true } })
        .limit(900)
        .toArray();
      await things.find({ even: 1, n: { $gte: 0 } }).toArray();
      expect(told).to.deep.equal([]);

      await things.find({ n: 7 }).toArray();
      await things.updateOne({ s: 's2000' }, { $set: { n: 0 } });
      await things.aggregate([{ $match: { even: 1, n: 9 } }]).toArray();
      expect(told.map(({ collection, fields, index }) => ({ collection, fields, index }))).to.deep.equal([
        { collection: 'things', fields: ['n'], index: undefined },
        // A write that finds nothing near searches again outside of its transaction.
        { collection: 'things', fields: ['s'], index: undefined },
        { collection: 'things', fields: ['even', 'n'], index: 'even_1' },
      ]);
      expect(told[0]?.documents).to.be.within(1001, 3000);
    } finally {
      await storage.close();
    }
  });
});
