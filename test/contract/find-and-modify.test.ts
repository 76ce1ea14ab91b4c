import { expect } from 'chai';
import { contract, failure } from './support.js';

contract('findOneAndUpdate, findOneAndReplace, findOneAndDelete', (bench) => {
  it('returns the document before the change', async () => {
    const collection = await bench.collection([{ a: 1 }]);
    const before = await collection.findOneAndUpdate({ a: 1 }, { $set: { a: 2 } });
    expect(before).to.deep.equal({ _id: 0, a: 1 });
    expect(await collection.findOne({})).to.deep.equal({ _id: 0, a: 2 });
  });

  it('returns the document after the change', async () => {
    const collection = await bench.collection([{ a: 1 }]);
    const after = await collection.findOneAndUpdate(
      { a: 1 },
      { $set: { a: 2 } },
      { returnDocument: 'after' },
    );
    expect(after).to.deep.equal({ _id: 0, a: 2 });
  });

  it('returns null when nothing matches', async () => {
    const collection = await bench.collection([{ a: 1 }]);
    expect(await collection.findOneAndUpdate({ a: 9 }, { $set: { a: 2 } })).to.equal(null);
    expect(await collection.findOneAndDelete({ a: 9 })).to.equal(null);
    expect(await collection.findOneAndReplace({ a: 9 }, { a: 2 })).to.equal(null);
  });

  it('changes the first in the given order', async () => {
    const collection = await bench.collection([{ n: 2 }, { n: 1 }, { n: 3 }]);
    const first = await collection.findOneAndUpdate({}, { $set: { taken: true } }, { sort: { n: 1 } });
    expect(first).to.deep.equal({ _id: 1, n: 1 });
    const last = await collection.findOneAndDelete({}, { sort: { n: -1 } });
    expect(last).to.deep.equal({ _id: 2, n: 3 });
  });

  it('projects', async () => {
    const collection = await bench.collection([{ a: 1, b: 2 }]);
    const doc = await collection.findOneAndUpdate(
      {},
      { $inc: { a: 1 } },
      { projection: { a: 1, _id: 0 }, returnDocument: 'after' },
    );
    expect(doc).to.deep.equal({ a: 2 });
  });

  it('returns null before and the document after an upsert', async () => {
    const collection = await bench.collection();
    expect(await collection.findOneAndUpdate({ a: 1 }, { $set: { b: 1 } }, { upsert: true })).to.equal(null);
    const after = await collection.findOneAndUpdate(
      { a: 2 },
      { $set: { b: 2 } },
      { upsert: true, returnDocument: 'after' },
    );
    expect(after).to.include({ a: 2, b: 2 });
    expect(await collection.countDocuments({})).to.equal(2);
  });

  it('returns the whole answer with includeResultMetadata', async () => {
    const collection = await bench.collection([{ a: 1 }]);
    const updated = await collection.findOneAndUpdate(
      { a: 1 },
      { $set: { a: 2 } },
      { includeResultMetadata: true },
    );
    expect(updated?.value).to.deep.equal({ _id: 0, a: 1 });
    expect(updated?.lastErrorObject).to.include({ n: 1, updatedExisting: true });
    const upserted = await collection.findOneAndUpdate(
      { _id: 'new' },
      { $set: { a: 2 } },
      { upsert: true, includeResultMetadata: true },
    );
    expect(upserted?.value).to.equal(null);
    expect(upserted?.lastErrorObject).to.include({ n: 1, updatedExisting: false, upserted: 'new' });
    const missed = await collection.findOneAndDelete({ a: 99 }, { includeResultMetadata: true });
    expect(missed?.value).to.equal(null);
    expect(missed?.lastErrorObject).to.include({ n: 0 });
  });

  it('replaces', async () => {
    const collection = await bench.collection([{ a: 1, b: 1 }]);
    const after = await collection.findOneAndReplace({ a: 1 }, { c: 1 }, { returnDocument: 'after' });
    expect(after).to.deep.equal({ _id: 0, c: 1 });
  });

  it('changes by array filters and by the positional $', async () => {
    const collection = await bench.collection([{ a: [1, 5] }]);
    const options = { arrayFilters: [{ e: { $gt: 3 } }], returnDocument: 'after' } as const;
    expect(await collection.findOneAndUpdate({}, { $set: { 'a.$[e]': 0 } }, options)).to.deep.equal({
      _id: 0,
      a: [1, 0],
    });
    expect(
      await collection.findOneAndUpdate({ a: 1 }, { $inc: { 'a.$': 1 } }, { returnDocument: 'after' }),
    ).to.deep.equal({ _id: 0, a: [2, 0] });
  });

  it('leaves the document unchanged when the change is refused', async () => {
    const collection = await bench.collection([{ a: 'x' }]);
    const error = await failure(() => collection.findOneAndUpdate({}, { $inc: { a: 1 } }));
    expect(error.code).to.equal(14);
    expect(await collection.findOne({})).to.deep.equal({ _id: 0, a: 'x' });
  });

  it('lets exactly as many of 200 at once win as there are seats', async () => {
    const collection = await bench.collection([{ seats: 7, taken: [] }]);
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, who) =>
        collection.findOneAndUpdate(
          { _id: 0, seats: { $gt: 0 } },
          {
            $inc: { seats: -1 },
            $push: { taken: who },
          },
        ),
      ),
    );
    expect(results.filter((doc) => doc !== null)).to.have.length(7);
    const after = await collection.findOne({});
    expect(after?.seats).to.equal(0);
    expect(after?.taken).to.have.length(7);
  });

  it('leases every task of a queue once', async () => {
    const collection = await bench.collection(Array.from({ length: 40 }, (_, n) => ({ state: 'new', n })));
    await collection.createIndex({ state: 1, n: 1 });
    const taken = await Promise.all(
      Array.from({ length: 60 }, () =>
        collection.findOneAndUpdate({ state: 'new' }, { $set: { state: 'taken' } }, { sort: { n: 1 } }),
      ),
    );
    const numbers = taken.flatMap((doc) => (doc ? [doc.n] : []));
    // A server may let one of many at once go away empty-handed; then the task is still there.
    for (let more = true; more;) {
      const doc = await collection.findOneAndUpdate({ state: 'new' }, { $set: { state: 'taken' } });
      if (doc) numbers.push(doc.n);
      more = doc !== null;
    }
    expect(numbers).to.have.length(40);
    expect(new Set(numbers).size).to.equal(40);
  });
});
