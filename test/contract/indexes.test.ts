import { expect } from 'chai';
import { contract, failure, type Doc } from './support.js';

interface UniqueCase {
  readonly title: string;
  readonly key: Record<string, 1 | -1>;
  readonly options?: Doc;
  readonly docs: readonly Doc[];
  /** Whether the next one is refused. */
  readonly next: Doc;
  readonly refused: boolean;
}

const UNIQUE: readonly UniqueCase[] = [
  { title: 'an equal value', key: { a: 1 }, docs: [{ a: 1 }], next: { a: 1 }, refused: true },
  {
    title: 'an equal number of another type',
    key: { a: 1 },
    docs: [{ a: 1 }],
    next: { a: 1.0 },
    refused: true,
  },
  {
    title: 'an equal text in another case',
    key: { a: 1 },
    docs: [{ a: 'x' }],
    next: { a: 'X' },
    refused: false,
  },
  { title: 'a second missing value', key: { a: 1 }, docs: [{ b: 1 }], next: { b: 2 }, refused: true },
  { title: 'null beside missing', key: { a: 1 }, docs: [{ b: 1 }], next: { a: null }, refused: true },
  {
    title: 'a second missing value when sparse',
    key: { a: 1 },
    options: { sparse: true },
    docs: [{ b: 1 }],
    next: { b: 2 },
    refused: false,
  },
  {
    title: 'a second null even when sparse',
    key: { a: 1 },
    options: { sparse: true },
    docs: [{ a: null }],
    next: { a: null },
    refused: true,
  },
  {
    title: 'an equal pair',
    key: { a: 1, b: -1 },
    docs: [{ a: 1, b: 1 }],
    next: { a: 1, b: 1 },
    refused: true,
  },
  {
    title: 'half of a pair',
    key: { a: 1, b: -1 },
    docs: [{ a: 1, b: 1 }],
    next: { a: 1, b: 2 },
    refused: false,
  },
  {
    title: 'an element of another array',
    key: { a: 1 },
    docs: [{ a: [1, 2] }],
    next: { a: [2, 3] },
    refused: true,
  },
  {
    title: 'an element of its own array twice',
    key: { a: 1 },
    docs: [{ a: 5 }],
    next: { a: [1, 1] },
    refused: false,
  },
  {
    title: 'a plain value that is an element',
    key: { a: 1 },
    docs: [{ a: [1, 2] }],
    next: { a: 2 },
    refused: true,
  },
  {
    title: 'a nested value',
    key: { 'a.b': 1 },
    docs: [{ a: { b: 1 } }],
    next: { a: { b: 1 } },
    refused: true,
  },
  {
    title: 'a value below an array',
    key: { 'a.b': 1 },
    docs: [{ a: [{ b: 1 }, { b: 2 }] }],
    next: { a: { b: 2 } },
    refused: true,
  },
  {
    title: 'an equal value inside the partial filter',
    key: { a: 1 },
    options: { partialFilterExpression: { on: true } },
    docs: [{ a: 1, on: true }],
    next: { a: 1, on: true },
    refused: true,
  },
  {
    title: 'an equal value outside the partial filter',
    key: { a: 1 },
    options: { partialFilterExpression: { on: true } },
    docs: [{ a: 1, on: true }],
    next: { a: 1, on: false },
    refused: false,
  },
  {
    title: 'an equal object',
    key: { a: 1 },
    docs: [{ a: { x: 1, y: 2 } }],
    next: { a: { x: 1, y: 2 } },
    refused: true,
  },
  {
    title: 'the fields of an object in another order',
    key: { a: 1 },
    docs: [{ a: { x: 1, y: 2 } }],
    next: { a: { y: 2, x: 1 } },
    refused: false,
  },
];

contract('indexes', (bench) => {
  for (const { title, key, options, docs, next, refused } of UNIQUE) {
    it(`${refused ? 'refuses' : 'allows'} ${title}`, async () => {
      const collection = await bench.collection(docs);
      await collection.createIndex(key, { ...options, unique: true });
      const insert = (): Promise<unknown> => collection.insertOne({ ...next });
      if (!refused) {
        await insert();
        return;
      }
      const error = await failure(insert);
      expect(error.code).to.equal(11000);
      expect(error).to.have.deep.property('keyPattern', key);
      expect(Object.keys((error as unknown as { keyValue: Doc }).keyValue)).to.deep.equal(Object.keys(key));
      expect(await collection.countDocuments({})).to.equal(docs.length);
    });
  }

  it('refuses an update to a duplicate value, and allows it after the other is deleted', async () => {
    const collection = await bench.collection([{ a: 1 }, { a: 2 }]);
    await collection.createIndex({ a: 1 }, { unique: true });
    const error = await failure(() => collection.updateOne({ _id: 1 }, { $set: { a: 1 } }));
    expect(error).to.deep.include({ code: 11000, keyValue: { a: 1 } });
    expect((await collection.findOne({ _id: 1 }))?.a).to.equal(2);
    await collection.deleteOne({ a: 1 });
    await collection.updateOne({ _id: 1 }, { $set: { a: 1 } });
    expect(await collection.countDocuments({ a: 1 })).to.equal(1);
  });

  it('names the duplicate value in the message', async () => {
    const collection = await bench.collection([{ mail: 'a@b.ru' }]);
    await collection.createIndex({ mail: 1 }, { unique: true });
    const error = await failure(() => collection.insertOne({ mail: 'a@b.ru' }));
    expect(error.message).to.contain('index: mail_1 dup key: { mail: "a@b.ru" }');
  });

  it('refuses a unique index over duplicate values', async () => {
    const collection = await bench.collection([{ a: 1 }, { a: 1 }]);
    expect((await failure(() => collection.createIndex({ a: 1 }, { unique: true }))).code).to.equal(11000);
    expect(await collection.indexes()).to.have.length(1);
  });

  it('builds an index over existing documents', async () => {
    const collection = await bench.collection(Array.from({ length: 500 }, (_, n) => ({ n: n % 10 })));
    await collection.createIndex({ n: 1 });
    expect(await collection.countDocuments({ n: 3 })).to.equal(50);
  });

  it('lists the created indexes', async () => {
    const collection = await bench.collection([{}]);
    await collection.createIndex({ a: 1, b: -1 });
    await collection.createIndex({ c: 1 }, { unique: true, name: 'mine', sparse: true });
    await collection.createIndex({ d: 1 }, { expireAfterSeconds: 60 });
    await collection.createIndex({ e: 1 }, { partialFilterExpression: { e: { $gt: 5 } } });
    const list = await collection.listIndexes().toArray();
    expect(list.map(({ name }) => name)).to.deep.equal(['_id_', 'a_1_b_-1', 'mine', 'd_1', 'e_1']);
    expect(list[1]).to.deep.include({ key: { a: 1, b: -1 } });
    expect(list[2]).to.deep.include({ key: { c: 1 }, unique: true, sparse: true });
    expect(list[3]).to.deep.include({ expireAfterSeconds: 60 });
    expect(list[4]).to.deep.include({ partialFilterExpression: { e: { $gt: 5 } } });
  });

  it('creates an index once when requested twice', async () => {
    const collection = await bench.collection([{}]);
    expect(await collection.createIndex({ a: 1 })).to.equal('a_1');
    expect(await collection.createIndex({ a: 1 })).to.equal('a_1');
    expect(await collection.indexes()).to.have.length(2);
  });

  it('refuses a duplicate name', async () => {
    const collection = await bench.collection([{}]);
    await collection.createIndex({ a: 1 }, { name: 'x' });
    expect((await failure(() => collection.createIndex({ b: 1 }, { name: 'x' }))).code).to.equal(86);
    expect((await failure(() => collection.createIndex({ a: 1 }, { name: 'y' }))).code).to.equal(85);
  });

  it('drops an index by name and by key', async () => {
    const collection = await bench.collection([{ a: 1 }]);
    await collection.createIndex({ a: 1 });
    await collection.createIndex({ b: 1 });
    await collection.dropIndex('a_1');
    expect(await collection.countDocuments({ a: 1 })).to.equal(1);
    expect((await failure(() => collection.dropIndex('a_1'))).code).to.equal(27);
    await collection.dropIndexes();
    expect(await collection.indexes()).to.have.length(1);
  });

  it('throws when listing the indexes of an unknown collection', async () => {
    const collection = await bench.collection();
    expect((await failure(() => collection.listIndexes().toArray())).code).to.equal(26);
  });

  it('refuses two parallel arrays in one index', async () => {
    const collection = await bench.collection([{ a: [1], b: 1 }]);
    await collection.createIndex({ a: 1, b: 1 });
    const error = await failure(() => collection.insertOne({ a: [1], b: [2] }));
    expect(error.code).to.equal(171);
    expect(await collection.countDocuments({})).to.equal(1);
  });

  const NOT_HELD: readonly {
    title: string;
    options: Doc;
    docs: Doc[];
    filter: Doc;
    finds: number;
  }[] = [
    {
      title: 'a sparse index when missing is asked for',
      options: { sparse: true },
      docs: [{ a: 1 }, {}, { a: null }],
      filter: { a: null },
      finds: 2,
    },
    {
      title: 'a sparse index when $exists false is asked for',
      options: { sparse: true },
      docs: [{ a: 1 }, {}],
      filter: { a: { $exists: false } },
      finds: 1,
    },
    {
      title: 'a sparse index when something else is asked for',
      options: { sparse: true },
      docs: [{ a: 1, b: 1 }, { b: 1 }],
      filter: { b: 1 },
      finds: 2,
    },
    {
      title: 'a partial index for a wider range',
      options: { partialFilterExpression: { a: { $gt: 5 } } },
      docs: [{ a: 1 }, { a: 9 }],
      filter: { a: { $gt: 0 } },
      finds: 2,
    },
    {
      title: 'a partial index for another value',
      options: { partialFilterExpression: { on: true } },
      docs: [{ a: 1, on: true }, { a: 1 }],
      filter: { a: 1 },
      finds: 2,
    },
  ];
  for (const { title, options, docs, filter, finds } of NOT_HELD) {
    it(`does not trust ${title}`, async () => {
      const collection = await bench.collection(docs);
      await collection.createIndex({ a: 1 }, options);
      expect(await collection.find(filter).toArray()).to.have.length(finds);
      expect(await collection.countDocuments(filter)).to.equal(finds);
    });
  }

  it('does not sort by a sparse index', async () => {
    const collection = await bench.collection([{ a: 2 }, {}, { a: 1 }]);
    await collection.createIndex({ a: 1 }, { sparse: true });
    expect((await collection.find({}).sort({ a: 1 }).toArray()).map((doc) => doc._id)).to.deep.equal([
      1, 2, 0,
    ]);
  });

  it('follows a field that becomes an array later', async () => {
    const collection = await bench.collection([{ a: 5, w: 1 }]);
    await collection.createIndex({ a: 1, w: 1 });
    expect(await collection.countDocuments({ a: { $gt: 5, $lt: 8 } })).to.equal(0);
    await collection.updateOne({}, { $set: { a: [1, 10] } });
    expect(await collection.countDocuments({ a: { $gt: 5, $lt: 8 } })).to.equal(1);
    expect(await collection.countDocuments({ a: 10, w: 1 })).to.equal(1);
    expect(await collection.find({ a: { $gte: 1 } }).toArray(), 'once').to.have.length(1);
  });

  it('keeps two fields of an array’s elements apart', async () => {
    const collection = await bench.collection([
      {
        l: [
          { a: 1, b: 9 },
          { a: 2, b: 1 },
        ],
      },
    ]);
    await collection.createIndex({ 'l.a': 1, 'l.b': 1 });
    expect(await collection.countDocuments({ 'l.a': 1, 'l.b': 1 })).to.equal(1);
    expect(await collection.countDocuments({ l: { $elemMatch: { a: 1, b: 1 } } })).to.equal(0);
    expect(await collection.countDocuments({ l: { $elemMatch: { a: 2, b: 1 } } })).to.equal(1);
  });

  it('drops a collection with its indexes', async () => {
    const collection = await bench.collection([{ a: 1 }]);
    await collection.createIndex({ a: 1 }, { unique: true });
    await collection.drop();
    expect(await collection.countDocuments({})).to.equal(0);
    await collection.insertMany([{ a: 1 }, { a: 1 }]);
    expect(await collection.countDocuments({ a: 1 })).to.equal(2);
  });

  it('lists the collections', async () => {
    const collection = await bench.collection();
    const db = bench.storage.connection.db!;
    await db.createCollection(collection.collectionName);
    const names = (await db.listCollections().toArray()).map(({ name }) => name);
    expect(names).to.include(collection.collectionName);
  });
});
