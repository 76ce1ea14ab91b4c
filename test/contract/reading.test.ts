import { expect } from 'chai';
import { bson } from './bson.js';
import { contract, failure, type Doc } from './support.js';

const { Decimal128, MinKey, MaxKey } = bson;
const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));

interface SortCase {
  readonly title: string;
  readonly docs: readonly Doc[];
  readonly sort: Record<string, 1 | -1>;
  readonly order: readonly number[];
  readonly collation?: { locale: string; strength?: number; numericOrdering?: boolean };
}

const SORTS: readonly SortCase[] = [
  { title: 'numbers', docs: [{ a: 3 }, { a: 1 }, { a: 2 }], sort: { a: 1 }, order: [1, 2, 0] },
  { title: 'descending', docs: [{ a: 3 }, { a: 1 }, { a: 2 }], sort: { a: -1 }, order: [0, 2, 1] },
  {
    title: 'all types in their order',
    docs: [
      { a: new MaxKey() },
      { a: /x/ },
      { a: day(1) },
      { a: true },
      { a: Buffer.from('x') },
      { a: { b: 1 } },
      { a: 'x' },
      { a: 5 },
      { a: null },
      { a: new MinKey() },
    ],
    sort: { a: 1 },
    order: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
  },
  { title: 'missing as null', docs: [{ a: 1 }, {}, { a: -1 }], sort: { a: 1 }, order: [1, 2, 0] },
  {
    title: 'numbers of all types',
    docs: [{ a: Decimal128.fromString('1.5') }, { a: 1 }, { a: 2.25 }, { a: -Infinity }, { a: NaN }],
    sort: { a: 1 },
    order: [4, 3, 1, 0, 2],
  },
  {
    title: 'two fields',
    docs: [
      { a: 1, b: 1 },
      { a: 2, b: 1 },
      { a: 1, b: 2 },
    ],
    sort: { a: 1, b: -1 },
    order: [2, 0, 1],
  },
  {
    title: 'two fields against each other',
    docs: [
      { a: 1, b: 1 },
      { a: 2, b: 2 },
      { a: 2, b: 1 },
    ],
    sort: { a: -1, b: 1 },
    order: [2, 1, 0],
  },
  {
    title: 'arrays by their least element',
    docs: [{ a: [5, 1] }, { a: 3 }, { a: [2, 9] }],
    sort: { a: 1 },
    order: [0, 2, 1],
  },
  {
    title: 'arrays by their greatest element, descending',
    docs: [{ a: [5, 1] }, { a: 3 }, { a: [2, 9] }],
    sort: { a: -1 },
    order: [2, 0, 1],
  },
  {
    title: 'an empty array below null',
    docs: [{ a: null }, { a: [] }, { a: 1 }],
    sort: { a: 1 },
    order: [1, 0, 2],
  },
  {
    title: 'a nested field',
    docs: [{ a: { b: 2 } }, { a: { b: 1 } }, { a: 5 }],
    sort: { 'a.b': 1 },
    order: [2, 1, 0],
  },
  {
    title: 'a field below an array',
    docs: [{ a: [{ b: 9 }, { b: 1 }] }, { a: [{ b: 3 }] }],
    sort: { 'a.b': 1 },
    order: [0, 1],
  },
  {
    title: 'strings by bytes',
    docs: [{ a: 'б' }, { a: 'А' }, { a: 'z' }, { a: 'Z' }, { a: 'ё' }],
    sort: { a: 1 },
    order: [3, 2, 1, 0, 4],
  },
  {
    title: 'Russian',
    docs: [{ a: 'ёлка' }, { a: 'Яна' }, { a: 'дом' }, { a: 'жук' }, { a: 'Дом' }],
    sort: { a: 1 },
    order: [2, 4, 0, 3, 1],
    collation: { locale: 'ru' },
  },
  {
    title: 'numbers inside of strings',
    docs: [{ a: 'к10' }, { a: 'к9' }, { a: 'к1' }],
    sort: { a: 1 },
    order: [2, 1, 0],
    collation: { locale: 'ru', numericOrdering: true },
  },
  {
    title: 'under a collation other types stay',
    docs: [{ a: 'б' }, { a: 5 }, {}],
    sort: { a: 1 },
    order: [2, 1, 0],
    collation: { locale: 'ru' },
  },
];

interface ProjectionCase {
  readonly title: string;
  readonly doc: Doc;
  readonly filter?: Doc;
  readonly projection: Doc;
  readonly gives: Doc;
}

const PROJECTIONS: readonly ProjectionCase[] = [
  { title: 'a field, and _id', doc: { a: 1, b: 2 }, projection: { a: 1 }, gives: { _id: 0, a: 1 } },
  { title: 'a field without _id', doc: { a: 1, b: 2 }, projection: { a: 1, _id: 0 }, gives: { a: 1 } },
  { title: '_id alone', doc: { a: 1 }, projection: { _id: 1 }, gives: { _id: 0 } },
  { title: 'all but _id', doc: { a: 1, b: 2 }, projection: { _id: 0 }, gives: { a: 1, b: 2 } },
  { title: 'all but a field', doc: { a: 1, b: 2 }, projection: { a: 0 }, gives: { _id: 0, b: 2 } },
  {
    title: 'a nested field',
    doc: { a: { b: 1, c: 2 }, d: 3 },
    projection: { 'a.b': 1 },
    gives: { _id: 0, a: { b: 1 } },
  },
  {
    title: 'a nested field in the other notation',
    doc: { a: { b: 1, c: 2 }, d: 3 },
    projection: { a: { b: 1 } },
    gives: { _id: 0, a: { b: 1 } },
  },
  {
    title: 'all but a nested field',
    doc: { a: { b: 1, c: 2 } },
    projection: { 'a.b': 0 },
    gives: { _id: 0, a: { c: 2 } },
  },
  {
    title: 'a field below an array',
    doc: { a: [{ b: 1, c: 2 }, { c: 3 }, 5] },
    projection: { 'a.b': 1 },
    gives: { _id: 0, a: [{ b: 1 }, {}] },
  },
  {
    title: 'all but a field below an array',
    doc: { a: [{ b: 1, c: 2 }, 5] },
    projection: { 'a.b': 0 },
    gives: { _id: 0, a: [{ c: 2 }, 5] },
  },
  { title: 'a nested field of a plain value', doc: { a: 5 }, projection: { 'a.b': 1 }, gives: { _id: 0 } },
  {
    title: 'the order of the document',
    doc: { a: 1, b: 2, c: 3 },
    projection: { c: 1, a: 1 },
    gives: { _id: 0, a: 1, c: 3 },
  },
  {
    title: '$slice from the beginning',
    doc: { a: [1, 2, 3], b: 1 },
    projection: { a: { $slice: 2 } },
    gives: { _id: 0, a: [1, 2], b: 1 },
  },
  {
    title: '$slice from the end',
    doc: { a: [1, 2, 3] },
    projection: { a: { $slice: -2 } },
    gives: { _id: 0, a: [2, 3] },
  },
  {
    title: '$slice from the middle',
    doc: { a: [1, 2, 3, 4] },
    projection: { a: { $slice: [1, 2] } },
    gives: { _id: 0, a: [2, 3] },
  },
  {
    title: '$slice beside an inclusion',
    doc: { a: [1, 2, 3], b: 1, c: 1 },
    projection: { b: 1, a: { $slice: 1 } },
    gives: { _id: 0, a: [1], b: 1 },
  },
  {
    title: '$elemMatch',
    doc: { a: [{ x: 1 }, { x: 2, y: 1 }, { x: 2, y: 2 }], b: 1 },
    projection: { a: { $elemMatch: { x: 2 } } },
    gives: { _id: 0, a: [{ x: 2, y: 1 }] },
  },
  {
    title: '$elemMatch without a match',
    doc: { a: [{ x: 1 }] },
    projection: { a: { $elemMatch: { x: 9 } } },
    gives: { _id: 0 },
  },
  {
    title: 'the positional $',
    doc: { a: [1, 5, 9] },
    filter: { a: { $gt: 3 } },
    projection: { 'a.$': 1 },
    gives: { _id: 0, a: [5] },
  },
  {
    title: 'the positional $ with $elemMatch',
    doc: { a: [{ x: 1 }, { x: 2 }] },
    filter: { a: { $elemMatch: { x: 2 } } },
    projection: { 'a.$': 1 },
    gives: { _id: 0, a: [{ x: 2 }] },
  },
  {
    title: 'a computed field',
    doc: { a: 2, b: 3 },
    projection: { sum: { $add: ['$a', '$b'] } },
    gives: { _id: 0, sum: 5 },
  },
  {
    title: 'a field of a missing value',
    doc: { a: 1 },
    projection: { b: '$nope', a: 1 },
    gives: { _id: 0, a: 1 },
  },
];

contract('reading', (bench) => {
  for (const { title, docs, sort, order, collation } of SORTS) {
    it(`sorts ${title}`, async () => {
      const collection = await bench.collection(docs);
      const read = async (limit = 0): Promise<unknown[]> => {
        const found = await collection.find({}, { sort, ...(collation && { collation }), limit }).toArray();
        return found.map((doc) => doc._id);
      };
      expect(await read(), 'without an index').to.deep.equal(order);
      expect(await read(2), 'the first two').to.deep.equal(order.slice(0, 2));
      await collection.createIndex(sort);
      expect(await read(), 'by index').to.deep.equal(order);
      await collection.dropIndexes();
      const backward = Object.fromEntries(
        Object.entries(sort).map(([name, way]) => [name, way === 1 ? -1 : 1]),
      );
      await collection.createIndex(backward);
      expect(await read(), 'by an index read backward').to.deep.equal(order);
    });
  }

  for (const { title, doc, filter = {}, projection, gives } of PROJECTIONS) {
    it(`projects ${title}`, async () => {
      const collection = await bench.collection([doc]);
      const found = await collection.findOne(filter, { projection });
      expect(found).to.deep.equal(gives);
      expect(Object.keys(found ?? {}), 'in the same order').to.deep.equal(Object.keys(gives));
    });
  }

  it('refuses a mixture of inclusion and exclusion', async () => {
    const collection = await bench.collection([{ a: 1 }]);
    const error = await failure(() => collection.findOne({}, { projection: { a: 1, b: 0 } }));
    expect(error.name).to.equal('MongoServerError');
  });

  it('refuses colliding paths', async () => {
    const collection = await bench.collection([{ a: 1 }]);
    const error = await failure(() => collection.findOne({}, { projection: { a: 1, 'a.b': 1 } }));
    expect(error.message).to.match(/collision/);
  });

  it('skips and limits', async () => {
    const collection = await bench.collection(Array.from({ length: 10 }, () => ({})));
    const found = await collection.find().sort({ _id: 1 }).skip(3).limit(4).toArray();
    expect(found.map((doc) => doc._id)).to.deep.equal([3, 4, 5, 6]);
    expect(await collection.countDocuments({}, { skip: 3, limit: 4 })).to.equal(4);
    expect(await collection.countDocuments({}, { skip: 8 })).to.equal(2);
  });

  it('finds strings regardless of case and accents under a collation', async () => {
    const collection = await bench.collection([{ a: 'Ёлка' }, { a: 'елка' }, { a: 'ЁЛКА' }, { a: 'палка' }]);
    await collection.createIndex({ a: 1 });
    const ids = async (strength: number): Promise<unknown[]> => {
      const found = collection.find({ a: 'ёлка' }).collation({ locale: 'ru', strength }).sort({ _id: 1 });
      return (await found.toArray()).map((doc) => doc._id);
    };
    expect(await ids(2)).to.deep.equal([0, 2]);
    expect(await ids(3)).to.deep.equal([]);
  });

  it('returns a cursor that is read one by one, in batches, and by for await', async () => {
    const docs = Array.from({ length: 300 }, (_, n) => ({ n }));
    const collection = await bench.collection(docs);
    const cursor = collection.find().sort({ _id: 1 });
    expect((await cursor.next())?.n).to.equal(0);
    expect(await cursor.hasNext()).to.equal(true);
    const rest = await cursor.toArray();
    expect(rest).to.have.length(299);
    expect(await cursor.hasNext()).to.equal(false);
    const seen: unknown[] = [];
    for await (const doc of collection.find().sort({ _id: -1 }).limit(250)) seen.push(doc.n);
    expect(seen).to.deep.equal(Array.from({ length: 250 }, (_, i) => 299 - i));
  });

  it('returns a document once when it moves while the cursor is read', async () => {
    const collection = await bench.collection(Array.from({ length: 500 }, (_, n) => ({ n })));
    const seen = new Set<unknown>();
    for await (const doc of collection.find({}).batchSize(50)) {
      expect(seen.has(doc._id)).to.equal(false);
      seen.add(doc._id);
      await collection.updateOne({ _id: doc._id }, { $set: { n: 1000 } });
    }
    expect(seen.size).to.equal(500);
  });

  it('reads through a hint', async () => {
    const collection = await bench.collection([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
    ]);
    await collection.createIndex({ b: 1 }, { name: 'by_b' });
    expect(await collection.find({ a: 1 }).hint('by_b').toArray()).to.have.length(2);
    const error = await failure(() => collection.find({ a: 1 }).hint('nope').toArray());
    expect(error.message).to.match(/hint/);
  });

  const DISTINCT: readonly { title: string; docs: Doc[]; key: string; filter?: Doc; gives: unknown[] }[] = [
    { title: 'values', docs: [{ a: 1 }, { a: 2 }, { a: 1 }, {}], key: 'a', gives: [1, 2] },
    { title: 'elements of arrays', docs: [{ a: [1, 2] }, { a: [2, 3] }], key: 'a', gives: [1, 2, 3] },
    {
      title: 'a nested field below an array',
      docs: [{ a: [{ b: 1 }, { b: 2 }] }, { a: { b: 3 } }],
      key: 'a.b',
      gives: [1, 2, 3],
    },
    {
      title: 'under a filter',
      docs: [
        { a: 1, b: 1 },
        { a: 2, b: 2 },
      ],
      key: 'a',
      filter: { b: 2 },
      gives: [2],
    },
    { title: 'objects', docs: [{ a: { b: 1 } }, { a: { b: 1 } }], key: 'a', gives: [{ b: 1 }] },
  ];
  for (const { title, docs, key, filter = {}, gives } of DISTINCT) {
    it(`tells the distinct ${title}`, async () => {
      const collection = await bench.collection(docs);
      expect(await collection.distinct(key, filter)).to.have.deep.members(gives);
    });
  }

  it('counts by estimate', async () => {
    const collection = await bench.collection([{}, {}]);
    expect(await collection.estimatedDocumentCount()).to.equal(2);
  });

  it('ends a search that takes longer than maxTimeMS', async function () {
    this.timeout(120_000);
    const collection = await bench.collection(Array.from({ length: 20_000 }, (_, n) => ({ s: `text ${n}` })));
    const slow = {
      $expr: {
        $gt: [{ $size: { $filter: { input: { $range: [0, 300] }, cond: { $eq: ['$$this', '$n'] } } } }, 5],
      },
    };
    const error = await failure(() => collection.find(slow).maxTimeMS(20).toArray());
    expect(error.code).to.equal(50);
  });

  it('keeps every type through a round trip', async () => {
    const doc = {
      string: 'строка',
      int: 5,
      double: 1.5,
      big: 2 ** 40,
      truth: true,
      nothing: null,
      date: day(1),
      pattern: /a/i,
      list: [1, 'x', [2], { y: 1 }],
      object: { nested: { deep: 1 } },
      decimal: Decimal128.fromString('12.340'),
    };
    const collection = await bench.collection([doc]);
    expect(await collection.findOne({})).to.deep.equal({ _id: 0, ...doc });
  });
});
