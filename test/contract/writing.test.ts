import { expect } from 'chai';
import { Types, type mongo } from 'mongoose';
import { contract, failure, type Doc } from './support.js';

type BulkError = mongo.MongoBulkWriteError;
const writeErrors = (error: Error): mongo.WriteError[] => [(error as BulkError).writeErrors].flat();

contract('inserting, deleting, bulk writes', (bench) => {
  describe('insertOne', () => {
    it('sets an ObjectId, also in the caller’s document', async () => {
      const collection = await bench.collection();
      const doc: Doc = { a: 1 };
      const { insertedId } = await collection.insertOne(doc);
      expect(insertedId).to.be.instanceOf(Types.ObjectId);
      expect(doc._id).to.equal(insertedId);
      expect(await collection.findOne({ _id: insertedId })).to.deep.equal({ _id: insertedId, a: 1 });
    });

    it('puts _id first', async () => {
      const collection = await bench.collection();
      await collection.insertOne({ a: 1, _id: 'x' });
      expect(Object.keys((await collection.findOne({})) ?? {})).to.deep.equal(['_id', 'a']);
    });

    it('refuses a duplicate _id', async () => {
      const collection = await bench.collection([{ a: 1 }]);
      const error = await failure(() => collection.insertOne({ _id: 0, a: 2 }));
      expect(error).to.deep.include({ name: 'MongoServerError', code: 11000 });
      expect(error).to.deep.include({ keyPattern: { _id: 1 }, keyValue: { _id: 0 } });
      expect(error.message).to.match(
        /^E11000 duplicate key error collection: \S+ index: _id_ dup key: \{ _id: 0 \}/,
      );
    });

    it('accepts any value but an array as _id', async () => {
      const collection = await bench.collection();
      for (const _id of ['s', 5, 5.5, true, new Date(0), { a: 1 }]) {
        await collection.insertOne({ _id });
        expect(await collection.findOne({ _id: _id })).to.deep.equal({ _id });
      }
      const error = await failure(() => collection.insertOne({ _id: [1] }));
      expect(error.name).to.equal('MongoServerError');
    });

    it('treats 1 and 1.0 as the same _id, and 1 and "1" as different', async () => {
      const collection = await bench.collection();
      await collection.insertOne({ _id: 1 });
      await collection.insertOne({ _id: '1' });
      expect((await failure(() => collection.insertOne({ _id: 1.0 }))).code).to.equal(11000);
    });

    it('accepts null as _id', async () => {
      const collection = await bench.collection();
      expect((await collection.insertOne({ _id: null })).insertedId).to.be.instanceOf(Types.ObjectId);
    });

    it('stores undefined as null', async () => {
      const collection = await bench.collection([{ a: undefined }]);
      expect(await collection.findOne({})).to.deep.equal({ _id: 0, a: null });
    });

    it('refuses a document beyond 16 MB', async () => {
      const collection = await bench.collection();
      const error = await failure(() => collection.insertOne({ s: 'x'.repeat(16.5 * 1024 * 1024) }));
      expect(error.message).to.match(/BSONObj|BSON|size/i);
      expect(await collection.countDocuments({})).to.equal(0);
    });

    it('keeps the order of insertion', async () => {
      const collection = await bench.collection();
      for (const _id of ['c', 'a', 'b']) await collection.insertOne({ _id });
      expect((await collection.find({}).toArray()).map((doc) => doc._id)).to.deep.equal(['c', 'a', 'b']);
    });
  });

  describe('insertMany', () => {
    it('inserts all', async () => {
      const collection = await bench.collection();
      const result = await collection.insertMany([{ a: 1 }, { a: 2 }]);
      expect(result.insertedCount).to.equal(2);
      expect(Object.keys(result.insertedIds)).to.deep.equal(['0', '1']);
    });

    it('stops at the first failure when ordered', async () => {
      const collection = await bench.collection();
      await collection.createIndex({ a: 1 }, { unique: true });
      const error = await failure(() => collection.insertMany([{ a: 1 }, { a: 1 }, { a: 2 }]));
      expect(error).to.include({ name: 'MongoBulkWriteError', code: 11000, insertedCount: 1 });
      expect(writeErrors(error).map(({ index, code }) => [index, code])).to.deep.equal([[1, 11000]]);
      expect(await collection.distinct('a')).to.deep.equal([1]);
    });

    it('continues after a failure when not ordered', async () => {
      const collection = await bench.collection();
      await collection.createIndex({ a: 1 }, { unique: true });
      const docs = [{ a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }, { a: 3 }];
      const error = await failure(() => collection.insertMany(docs, { ordered: false }));
      expect(error).to.include({ name: 'MongoBulkWriteError', insertedCount: 3 });
      expect(writeErrors(error).map(({ index }) => index)).to.deep.equal([1, 3]);
      expect(await collection.distinct('a')).to.deep.equal([1, 2, 3]);
    });

    it('inserts thousands', async () => {
      const collection = await bench.collection();
      await collection.insertMany(Array.from({ length: 3000 }, (_, n) => ({ n })));
      expect(await collection.countDocuments({})).to.equal(3000);
    });
  });

  describe('delete', () => {
    it('deletes the first match', async () => {
      const collection = await bench.collection([{ a: 1 }, { a: 1 }]);
      expect((await collection.deleteOne({ a: 1 })).deletedCount).to.equal(1);
      expect(await collection.countDocuments({})).to.equal(1);
    });

    it('deletes all matches', async () => {
      const collection = await bench.collection([{ a: 1 }, { a: 1 }, { a: 2 }]);
      expect((await collection.deleteMany({ a: 1 })).deletedCount).to.equal(2);
      expect(await collection.find({}).toArray()).to.deep.equal([{ _id: 2, a: 2 }]);
    });

    it('deletes all, thousands too, and their index entries', async () => {
      const collection = await bench.collection(Array.from({ length: 2500 }, (_, n) => ({ n })));
      await collection.createIndex({ n: 1 }, { unique: true });
      expect((await collection.deleteMany({})).deletedCount).to.equal(2500);
      await collection.insertOne({ n: 1 });
      expect(await collection.countDocuments({ n: 1 })).to.equal(1);
    });

    it('deletes nothing without a match', async () => {
      const collection = await bench.collection([{ a: 1 }]);
      expect((await collection.deleteOne({ a: 9 })).deletedCount).to.equal(0);
      expect((await collection.deleteMany({ a: 9 })).deletedCount).to.equal(0);
    });
  });

  describe('bulkWrite', () => {
    it('applies all kinds of writes in order', async () => {
      const collection = await bench.collection([{ a: 1 }, { a: 2 }]);
      const result = await collection.bulkWrite([
        { insertOne: { document: { _id: 'n', a: 3 } } },
        { updateOne: { filter: { a: 3 }, update: { $set: { a: 4 } } } },
        { updateMany: { filter: { a: { $lt: 3 } }, update: { $inc: { a: 10 } } } },
        { updateOne: { filter: { a: 99 }, update: { $set: { b: 1 } }, upsert: true } },
        { replaceOne: { filter: { a: 4 }, replacement: { z: 1 } } },
        { deleteOne: { filter: { a: 11 } } },
        { deleteMany: { filter: { a: 12 } } },
      ]);
      expect(result).to.include({
        insertedCount: 1,
        matchedCount: 4,
        modifiedCount: 4,
        deletedCount: 2,
        upsertedCount: 1,
      });
      expect(result.insertedIds).to.deep.equal({ 0: 'n' });
      expect(Object.keys(result.upsertedIds)).to.deep.equal(['3']);
      expect(await collection.findOne({ _id: 'n' })).to.deep.equal({ _id: 'n', z: 1 });
      expect(await collection.countDocuments({})).to.equal(2);
    });

    it('stops at a failure when ordered', async () => {
      const collection = await bench.collection([{ a: 1 }]);
      const error = await failure(() =>
        collection.bulkWrite([
          { insertOne: { document: { _id: 1 } } },
          { insertOne: { document: { _id: 0 } } },
          { insertOne: { document: { _id: 2 } } },
        ]),
      );
      expect(error).to.include({ name: 'MongoBulkWriteError', code: 11000, insertedCount: 1 });
      expect(await collection.countDocuments({})).to.equal(2);
    });

    it('continues after a failure when not ordered', async () => {
      const collection = await bench.collection([{ a: 'x' }]);
      const error = await failure(() =>
        collection.bulkWrite(
          [
            { updateOne: { filter: {}, update: { $inc: { a: 1 } } } },
            { insertOne: { document: { _id: 0 } } },
            { insertOne: { document: { _id: 2 } } },
          ],
          { ordered: false },
        ),
      );
      // Without an order inserts may come before updates.
      expect(writeErrors(error).map(({ index, code }) => [index, code])).to.have.deep.members([
        [0, 14],
        [1, 11000],
      ]);
      expect(await collection.countDocuments({})).to.equal(2);
    });

    it('refuses an empty list of writes', async () => {
      const collection = await bench.collection();
      await failure(() => collection.bulkWrite([]));
    });
  });

  it('fails only the write that is refused among writes of the same moment', async () => {
    const collection = await bench.collection();
    await collection.createIndex({ a: 1 }, { unique: true });
    const values = [1, 2, 1, 3, 2, 4, 1];
    const results = await Promise.allSettled(values.map((a) => collection.insertOne({ a })));
    expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(4);
    expect((await collection.distinct('a')).sort()).to.deep.equal([1, 2, 3, 4]);
    expect(await collection.countDocuments({})).to.equal(4);
  });
});
