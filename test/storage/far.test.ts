import { expect } from 'chai';
import { Sqlite } from '../../src/storage/embedded/sqlite.js';
import { Writer } from '../../src/storage/embedded/writer.js';
import { StorageError, verifyStorage } from '../../src/storage/index.js';
import { failure, workshop, type Collection } from './support.js';

/** Without an index a write looks for its document outside the transaction, and checks it inside. */
describe('writes without an index', () => {
  const { open, collection } = workshop();

  async function crowd(): Promise<Collection> {
    const things = collection(await open());
    await things.insertMany(Array.from({ length: 1200 }, (_, n) => ({ _id: n, n, state: 'new' })));
    return things;
  }

  it('find a document far behind', async () => {
    const things = await crowd();
    expect(await things.updateOne({ n: 1150 }, { $set: { state: 'old' } })).to.include({
      matchedCount: 1,
      modifiedCount: 1,
    });
    expect((await things.findOne({ state: 'old' }))?.n).to.equal(1150);
    expect(await things.findOneAndDelete({ n: 1151 })).to.include({ n: 1151 });
    expect((await things.deleteOne({ n: 9999 })).deletedCount).to.equal(0);
  });

  it('find the last document of an order', async () => {
    const things = await crowd();
    const last = await things.findOneAndUpdate(
      { state: 'new' },
      { $set: { state: 'old' } },
      { sort: { n: -1 } },
    );
    expect(last?.n).to.equal(1199);
  });

  it('let exactly as many of 100 at once win as there are seats', async () => {
    const things = await crowd();
    await things.updateOne({ n: 1160 }, { $set: { seats: 3 } });
    const results = await Promise.all(
      Array.from({ length: 100 }, () =>
        things.findOneAndUpdate({ n: 1160, seats: { $gt: 0 } }, { $inc: { seats: -1 } }),
      ),
    );
    expect(results.filter((doc) => doc !== null)).to.have.length(3);
    expect((await things.findOne({ n: 1160 }))?.seats).to.equal(0);
  });

  it('lease every task once', async () => {
    const things = await crowd();
    await things.updateMany({ n: { $lt: 1180 } }, { $set: { state: 'done' } });
    const taken = await Promise.all(
      Array.from({ length: 30 }, () =>
        things.findOneAndUpdate({ state: 'new' }, { $set: { state: 'taken' } }),
      ),
    );
    const numbers = taken.flatMap((doc) => (doc ? [doc.n] : []));
    expect(new Set(numbers).size).to.equal(20);
    expect(numbers).to.have.length(20);
  });

  it('upsert if there is no match', async () => {
    const things = await crowd();
    const result = await things.updateOne({ n: 5000 }, { $set: { state: 'made' } }, { upsert: true });
    expect(result.upsertedCount).to.equal(1);
    const many = await things.updateMany({ n: 6000 }, { $set: { state: 'made' } }, { upsert: true });
    expect(many.upsertedCount).to.equal(1);
    expect(await things.countDocuments({ state: 'made' })).to.equal(2);
  });

  it('go as steps of a bulk', async () => {
    const things = await crowd();
    const result = await things.bulkWrite([
      { updateOne: { filter: { n: 1150 }, update: { $set: { state: 'a' } } } },
      { insertOne: { document: { _id: 'x', n: -1 } } },
      { updateMany: { filter: { n: { $gte: 600 } }, update: { $set: { big: true } } } },
      { deleteMany: { filter: { n: { $gte: 1000 } } } },
    ]);
    expect(result).to.include({ insertedCount: 1, matchedCount: 601, deletedCount: 200 });
    expect(await things.countDocuments({})).to.equal(1001);
  });

  it('stop at a refused document; earlier changes stay', async () => {
    const storage = await open();
    const things = collection(storage);
    await things.insertMany(Array.from({ length: 1500 }, (_, n) => ({ n: n === 1200 ? 'x' : n })));
    expect((await failure(() => things.updateMany({}, { $inc: { n: 10_000 } }))).code).to.equal(14);
    expect(await things.countDocuments({ n: { $gte: 10_000 } })).to.equal(1200);
    expect((await verifyStorage(storage)).problems).to.deep.equal([]);
  });
});

describe('a full disk', () => {
  it('is reported in one line, fails no other write, and ends when there is space', async () => {
    const db = new Sqlite(':memory:');
    db.exec('CREATE TABLE t (a)');
    const writer = new Writer(db, { begun: () => undefined, undone: () => undefined });
    const insert = (bytes: number): Promise<unknown> =>
      writer.run(() => db.statement('INSERT INTO t VALUES (?)').run([Buffer.alloc(bytes)]));
    await insert(10);
    db.exec(`PRAGMA max_page_count = ${Number(db.value('PRAGMA page_count')) + 2}`);
    const error = await failure(() => insert(1_000_000));
    expect(error).to.be.instanceOf(StorageError);
    expect(error.message).to.equal('the disk is full: nothing was written');
    expect(db.inTransaction).to.equal(false);
    await insert(10);
    expect(db.value('SELECT count(*) FROM t')).to.equal(2);
  });
});
