import { expect } from 'chai';
import { Types } from 'mongoose';
import { contract, failure, type Doc } from './support.js';
import { bson } from './bson.js';

const { Decimal128, Long, Double, Int32, Binary, Timestamp, MinKey, MaxKey } = bson;

interface QueryCase {
  readonly title: string;
  readonly docs: readonly Doc[];
  readonly filter: Doc;
  /** Positions in `docs`. */
  readonly finds: readonly number[];
}

const a = (...values: unknown[]): Doc[] => values.map((value) => (value === undefined ? {} : { a: value }));
const id = (n: number): Types.ObjectId => new Types.ObjectId(n.toString(16).padStart(24, '0'));
const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));

const MIXED = a(1, 'x', null, undefined, true, day(1), [1], { b: 1 }, id(1));
const NULLS: Doc[] = [
  { a: {} },
  { a: null },
  { a: 4 },
  {},
  { a: { b: 'hi' } },
  { a: { b: null } },
  { a: [] },
  { a: [[]] },
  { a: [{ b: null }, {}] },
  { a: [{ b: 1 }, { b: 3 }] },
  { a: [{ b: null }, { b: 3 }] },
  { a: [{ b: 3 }, {}] },
  { a: [1, 'string'] },
  { a: [1, null] },
];

const CASES: readonly QueryCase[] = [
  // equality
  { title: 'a number', docs: a(1, 2, '1', [1], [2, 1], null), filter: { a: 1 }, finds: [0, 3, 4] },
  { title: 'a string', docs: a('x', 'X', 'xx', ['x', 'y']), filter: { a: 'x' }, finds: [0, 3] },
  { title: 'an empty string', docs: a('', null, undefined, ' '), filter: { a: '' }, finds: [0] },
  { title: 'a date', docs: a(day(1), day(2), day(1).getTime()), filter: { a: day(1) }, finds: [0] },
  {
    title: 'an ObjectId, not its text',
    docs: a(id(1), id(2), id(1).toHexString()),
    filter: { a: id(1) },
    finds: [0],
  },
  { title: 'a boolean', docs: a(true, false, 1, 0), filter: { a: true }, finds: [0] },
  { title: 'false is not missing', docs: a(false, undefined, null), filter: { a: false }, finds: [0] },
  {
    title: 'a Binary',
    docs: a(Buffer.from('ab'), Buffer.from('ac'), 'ab'),
    filter: { a: Buffer.from('ab') },
    finds: [0],
  },
  {
    title: 'numbers of all types by value',
    docs: a(new Int32(5), new Double(5), Long.fromNumber(5), Decimal128.fromString('5.0'), 6),
    filter: { a: 5 },
    finds: [0, 1, 2, 3],
  },
  {
    title: 'a Decimal128',
    docs: a(Decimal128.fromString('0.1'), Decimal128.fromString('0.10'), Decimal128.fromString('0.2')),
    filter: { a: Decimal128.fromString('0.1') },
    finds: [0, 1],
  },
  {
    title: 'a long beyond 2^53',
    docs: a(Long.fromString('9007199254740993'), Long.fromString('9007199254740992')),
    filter: { a: Long.fromString('9007199254740993') },
    finds: [0],
  },
  { title: 'null means null or missing', docs: MIXED, filter: { a: null }, finds: [2, 3] },
  { title: 'null inside an array', docs: a([null], [1], []), filter: { a: null }, finds: [0] },
  {
    title: 'an object with its fields in order',
    docs: a({ b: 1, c: 2 }, { c: 2, b: 1 }, { b: 1 }, [{ b: 1, c: 2 }]),
    filter: { a: { b: 1, c: 2 } },
    finds: [0, 3],
  },
  { title: 'an empty object', docs: a({}, { b: 1 }, [], undefined), filter: { a: {} }, finds: [0] },
  {
    title: 'a whole array, or an element that is one',
    docs: a([1, 2], [2, 1], [[1, 2], 3], [1, 2, 3]),
    filter: { a: [1, 2] },
    finds: [0, 2],
  },
  { title: 'an empty array', docs: a([], [[]], null, undefined, [1]), filter: { a: [] }, finds: [0, 1] },
  { title: '$eq', docs: a(1, 2, [1]), filter: { a: { $eq: 1 } }, finds: [0, 2] },
  {
    title: 'several fields',
    docs: [
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ],
    filter: { a: 1, b: 1 },
    finds: [0],
  },
  { title: 'an empty filter', docs: a(1, 2), filter: {}, finds: [0, 1] },
  { title: 'NaN', docs: a(NaN, 0, null), filter: { a: NaN }, finds: [0] },
  { title: '−0 and 0 are equal', docs: a(0, -0, 1), filter: { a: 0 }, finds: [0, 1] },

  // comparison
  {
    title: '$gt among numbers only',
    docs: a(1, 2, 3, '3', null, day(1), [0, 9]),
    filter: { a: { $gt: 1 } },
    finds: [1, 2, 6],
  },
  { title: '$gte and $lte', docs: a(1, 2, 3, 4), filter: { a: { $gte: 2, $lte: 3 } }, finds: [1, 2] },
  {
    title: '$lt with negative and fractional numbers',
    docs: a(-1.5, -1, 0, 0.5, 1),
    filter: { a: { $lt: 0.5 } },
    finds: [0, 1, 2],
  },
  { title: 'ranges leave NaN out', docs: a(NaN, -Infinity, 1), filter: { a: { $lt: 5 } }, finds: [1, 2] },
  { title: '$gte NaN finds NaN', docs: a(NaN, 1), filter: { a: { $gte: NaN } }, finds: [0] },
  { title: '$gt a string', docs: a('a', 'b', 'Б', 1), filter: { a: { $gt: 'a' } }, finds: [1, 2] },
  {
    title: 'strings by bytes: surrogate pairs above the rest',
    docs: a('\u{1F600}', '\uFFFD', 'я'),
    filter: { a: { $gt: '\uFFFD' } },
    finds: [0],
  },
  {
    title: 'a range of dates',
    docs: a(day(1), day(2), day(3), day(2).toISOString()),
    filter: { a: { $gte: day(2), $lt: day(3) } },
    finds: [1],
  },
  {
    title: 'a range of ObjectIds',
    docs: a(id(1), id(2), id(3)),
    filter: { a: { $gt: id(1) } },
    finds: [1, 2],
  },
  {
    title: 'an array meets a range by different elements',
    docs: a([1, 10], [4], [1], [6, 7]),
    filter: { a: { $gt: 5, $lt: 8 } },
    finds: [0, 3],
  },
  {
    title: '$gte null finds null and missing',
    docs: a(null, undefined, 1),
    filter: { a: { $gte: null } },
    finds: [0, 1],
  },
  { title: '$gt null finds nothing', docs: a(null, undefined, 1), filter: { a: { $gt: null } }, finds: [] },
  { title: '$lt true', docs: a(false, true, 0), filter: { a: { $lt: true } }, finds: [0] },
  {
    title: '$gt an object',
    docs: a({ b: 1 }, { b: 2 }, { b: 'x' }, 5),
    filter: { a: { $gt: { b: 1 } } },
    finds: [1, 2],
  },
  {
    title: '$gt an array compares whole arrays',
    docs: a([1, 2], [1, 3], [2], 9),
    filter: { a: { $gt: [1, 2] } },
    finds: [1, 2],
  },
  {
    title: '$gt MinKey finds all that is there',
    docs: a(1, 'x', null, undefined),
    filter: { a: { $gt: new MinKey() } },
    finds: [0, 1, 2],
  },
  { title: '$lt MaxKey', docs: a(1, 'x'), filter: { a: { $lt: new MaxKey() } }, finds: [0, 1] },
  {
    title: 'a range of decimals and doubles',
    docs: a(Decimal128.fromString('1.5'), 1.25, 2, Decimal128.fromString('NaN')),
    filter: { a: { $gt: 1.3 } },
    finds: [0, 2],
  },
  {
    title: 'a range of timestamps',
    docs: a(new Timestamp({ t: 1, i: 1 }), new Timestamp({ t: 2, i: 1 })),
    filter: { a: { $gt: new Timestamp({ t: 1, i: 5 }) } },
    finds: [1],
  },
  {
    title: 'binary data by length first',
    docs: a(new Binary(Buffer.from('b')), new Binary(Buffer.from('aa'))),
    filter: { a: { $gt: new Binary(Buffer.from('b')) } },
    finds: [1],
  },

  // $ne, $in, $nin, $not
  {
    title: '$ne finds missing too',
    docs: a(1, 2, undefined, null, [1, 2]),
    filter: { a: { $ne: 1 } },
    finds: [1, 2, 3],
  },
  { title: '$ne null', docs: a(1, null, undefined, [], [null]), filter: { a: { $ne: null } }, finds: [0, 3] },
  { title: '$in', docs: a(1, 2, 3, [3, 4], undefined), filter: { a: { $in: [1, 3] } }, finds: [0, 2, 3] },
  {
    title: '$in with null',
    docs: a(1, null, undefined, 2),
    filter: { a: { $in: [1, null] } },
    finds: [0, 1, 2],
  },
  { title: '$in of nothing', docs: a(1, undefined), filter: { a: { $in: [] } }, finds: [] },
  {
    title: '$in with a pattern',
    docs: a('abc', 'xbc', 'z', 5),
    filter: { a: { $in: [/^a/, 5] } },
    finds: [0, 3],
  },
  {
    title: '$in with many values',
    docs: a(1, 15, 30, '15'),
    filter: { a: { $in: Array.from({ length: 20 }, (_, i) => i) } },
    finds: [0, 1],
  },
  {
    title: '$in with an array',
    docs: a([1, 2], [1], [[1, 2]]),
    filter: { a: { $in: [[1, 2]] } },
    finds: [0, 2],
  },
  { title: '$nin', docs: a(1, 2, undefined, [1, 5]), filter: { a: { $nin: [1] } }, finds: [1, 2] },
  { title: '$not', docs: a(1, 5, undefined, 'x'), filter: { a: { $not: { $gt: 3 } } }, finds: [0, 2, 3] },
  {
    title: '$not with a pattern',
    docs: a('abc', 'x', 1, undefined),
    filter: { a: { $not: /^a/ } },
    finds: [1, 2, 3],
  },

  // $exists, $type
  {
    title: '$exists true: null is there',
    docs: a(1, null, undefined, []),
    filter: { a: { $exists: true } },
    finds: [0, 1, 3],
  },
  { title: '$exists false', docs: a(1, null, undefined), filter: { a: { $exists: false } }, finds: [2] },
  {
    title: '$exists below an array',
    docs: [{ a: [{ b: 1 }, {}] }, { a: [{}] }, { a: [] }, {}],
    filter: { 'a.b': { $exists: true } },
    finds: [0],
  },
  {
    title: '$exists false below an array',
    docs: [{ a: [{ b: 1 }, {}] }, { a: [{}] }, { a: [] }, {}],
    filter: { 'a.b': { $exists: false } },
    finds: [1, 2, 3],
  },
  { title: '$type by name', docs: MIXED, filter: { a: { $type: 'string' } }, finds: [1] },
  { title: '$type objectId', docs: MIXED, filter: { a: { $type: 'objectId' } }, finds: [8] },
  {
    title: '$type array, and of elements',
    docs: MIXED,
    filter: { a: { $type: ['array', 'date'] } },
    finds: [5, 6],
  },
  { title: '$type number looks into arrays', docs: MIXED, filter: { a: { $type: 'number' } }, finds: [0, 6] },
  {
    title: '$type tells int from double',
    docs: a(new Int32(5), new Double(5), Long.fromNumber(5)),
    filter: { a: { $type: 'double' } },
    finds: [1],
  },
  { title: '$type by number', docs: MIXED, filter: { a: { $type: 10 } }, finds: [2] },

  // $and, $or, $nor
  { title: '$and', docs: a(1, 2, 3), filter: { $and: [{ a: { $gt: 1 } }, { a: { $lt: 3 } }] }, finds: [1] },
  {
    title: '$or',
    docs: [{ a: 1 }, { b: 1 }, { c: 1 }],
    filter: { $or: [{ a: 1 }, { b: 1 }] },
    finds: [0, 1],
  },
  {
    title: '$or finds each once',
    docs: [
      { a: 1, b: 1 },
      { a: 2, b: 2 },
    ],
    filter: { $or: [{ a: 1 }, { b: 1 }] },
    finds: [0],
  },
  { title: '$nor', docs: [{ a: 1 }, { b: 1 }, { c: 1 }], filter: { $nor: [{ a: 1 }, { b: 1 }] }, finds: [2] },
  {
    title: '$or within an $and',
    docs: [
      { a: 1, c: 1 },
      { b: 1, c: 1 },
      { a: 1, c: 2 },
    ],
    filter: { c: 1, $or: [{ a: 1 }, { b: 1 }] },
    finds: [0, 1],
  },

  // patterns
  { title: 'a pattern', docs: a('Иванов', 'иванов', 'Петров', 5), filter: { a: /^Иван/ }, finds: [0] },
  {
    title: 'a pattern regardless of case',
    docs: a('Иванов', 'ИВАНОВ', 'Петров'),
    filter: { a: /^иван/i },
    finds: [0, 1],
  },
  {
    title: '$regex with $options',
    docs: a('one\ntwo', 'two', 'TWO x'),
    filter: { a: { $regex: '^TWO', $options: 'im' } },
    finds: [0, 1, 2],
  },
  { title: 'a pattern on array elements', docs: a(['x', 'abc'], ['x']), filter: { a: /b/ }, finds: [0] },
  {
    title: 'a pattern with an optional letter',
    docs: a('ab', 'a', 'abb', 'b'),
    filter: { a: /^ab?$/ },
    finds: [0, 1],
  },
  {
    title: 'a pattern with alternatives',
    docs: a('ab', 'xc', 'c'),
    filter: { a: /^a|c$/ },
    finds: [0, 1, 2],
  },
  { title: 'a pattern with an escaped dot', docs: a('a.b', 'axb'), filter: { a: /^a\.b/ }, finds: [0] },
  { title: 'a pattern with {0,1}', docs: a('a', 'ab', 'b'), filter: { a: /^ab{0,1}$/ }, finds: [0, 1] },

  // arrays
  { title: '$all', docs: a([1, 2, 3], [1, 2], [2], 2), filter: { a: { $all: [1, 2] } }, finds: [0, 1] },
  {
    title: '$all of one value finds a plain value',
    docs: a([1], 1, 2),
    filter: { a: { $all: [1] } },
    finds: [0, 1],
  },
  { title: '$all of nothing', docs: a([1], []), filter: { a: { $all: [] } }, finds: [] },
  {
    title: '$all with $elemMatch',
    docs: a(
      [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
      [{ x: 1, y: 2 }],
    ),
    filter: { a: { $all: [{ $elemMatch: { x: 1, y: 1 } }, { $elemMatch: { x: 2 } }] } },
    finds: [0],
  },
  { title: '$size', docs: a([], [1], [1, 2], 1), filter: { a: { $size: 1 } }, finds: [1] },
  { title: '$size 0', docs: a([], [1], undefined), filter: { a: { $size: 0 } }, finds: [0] },
  {
    title: '$elemMatch on plain elements',
    docs: a([1, 10], [6], [4, 9]),
    filter: { a: { $elemMatch: { $gt: 5, $lt: 8 } } },
    finds: [1],
  },
  {
    title: '$elemMatch on objects',
    docs: a([{ x: 1, y: 2 }], [{ x: 1 }, { y: 2 }], { x: 1, y: 2 }),
    filter: { a: { $elemMatch: { x: 1, y: 2 } } },
    finds: [0],
  },
  {
    title: '$elemMatch with $or',
    docs: a([{ x: 1 }], [{ y: 1 }], [{ z: 1 }]),
    filter: { a: { $elemMatch: { $or: [{ x: 1 }, { y: 1 }] } } },
    finds: [0, 1],
  },
  {
    title: '$elemMatch with $ne',
    docs: a([1, 1], [1, 2], []),
    filter: { a: { $elemMatch: { $ne: 1 } } },
    finds: [1],
  },
  {
    title: 'two fields of different elements',
    docs: a([{ x: 1 }, { y: 2 }], [{ x: 1, y: 3 }]),
    filter: { 'a.x': 1, 'a.y': 2 },
    finds: [0],
  },
  { title: 'an array position', docs: a([5, 7], [7, 5], 5), filter: { 'a.0': 5 }, finds: [0] },
  {
    title: 'a field at an array position',
    docs: a([{ b: 1 }, { b: 2 }], [{ b: 2 }]),
    filter: { 'a.0.b': 1 },
    finds: [0],
  },
  { title: 'a nested array is not looked into', docs: a([[1, 2]], [1]), filter: { a: 1 }, finds: [1] },
  { title: 'a position of a nested array', docs: a([[1, 2], 3], [1, 2]), filter: { 'a.0.1': 2 }, finds: [0] },

  // dotted paths
  {
    title: 'a nested field',
    docs: a({ b: { c: 1 } }, { b: { c: 2 } }, { b: 1 }),
    filter: { 'a.b.c': 1 },
    finds: [0],
  },
  {
    title: 'a field below an array',
    docs: a([{ b: 1 }, { b: 2 }], [{ b: 3 }], { b: 2 }),
    filter: { 'a.b': 2 },
    finds: [0, 2],
  },
  {
    title: 'a field below two arrays',
    docs: a([{ b: [{ c: 1 }] }, { b: [{ c: 2 }] }], [{ b: [] }]),
    filter: { 'a.b.c': 2 },
    finds: [0],
  },
  { title: 'null at a nested path', docs: NULLS, filter: { 'a.b': null }, finds: [0, 1, 2, 3, 5, 8, 10, 11] },
  {
    title: 'not null at a nested path',
    docs: NULLS,
    filter: { 'a.b': { $ne: null } },
    finds: [4, 6, 7, 9, 12, 13],
  },
  {
    title: 'a nested path exists',
    docs: NULLS,
    filter: { 'a.b': { $exists: true } },
    finds: [4, 5, 8, 9, 10, 11],
  },

  // $mod, $expr
  { title: '$mod', docs: a(4, 5, 8, -4, '4', 4.7), filter: { a: { $mod: [4, 0] } }, finds: [0, 2, 3, 5] },
  {
    title: '$expr between fields',
    docs: [
      { a: 5, b: 3 },
      { a: 1, b: 3 },
      { a: 3, b: 3 },
    ],
    filter: { $expr: { $gt: ['$a', '$b'] } },
    finds: [0],
  },
  {
    title: '$expr with arithmetic',
    docs: [
      { a: 5, b: 3 },
      { a: 1, b: 3 },
    ],
    filter: { $expr: { $eq: [{ $add: ['$a', '$b'] }, 4] } },
    finds: [1],
  },
  {
    title: '$expr: missing is less than null',
    docs: [{ a: null }, {}],
    filter: { $expr: { $eq: ['$a', null] } },
    finds: [0],
  },
  { title: '$comment changes nothing', docs: a(1, 2), filter: { a: 1, $comment: 'why' }, finds: [0] },

  // odd names
  {
    title: 'a field named like a method',
    docs: [{ constructor: 1 }, {}, { toString: 1 }],
    filter: { constructor: 1 },
    finds: [0],
  },
  {
    title: 'a field named like a method is missing',
    docs: [{ toString: 1 }, {}],
    filter: { toString: null },
    finds: [1],
  },
];

/** Paths of a filter an index can be made on. */
function pathsOf(filter: Doc): string[] {
  return Object.entries(filter).flatMap(([name, value]) => {
    if (name === '$and' || name === '$or' || name === '$nor') return (value as Doc[]).flatMap(pathsOf);
    return name.startsWith('$') || /\.\d/.test(name) ? [] : [name];
  });
}

contract('queries', (bench) => {
  for (const { title, docs, filter, finds } of CASES) {
    it(`finds ${title}`, async () => {
      const collection = await bench.collection(docs);
      const found = async (): Promise<unknown[]> =>
        (await collection.find(filter).sort({ _id: 1 }).toArray()).map((doc) => doc._id);
      expect(await found(), 'without an index').to.deep.equal(finds);
      expect(await collection.countDocuments(filter), 'counted').to.equal(finds.length);
      for (const path of new Set(pathsOf(filter))) await collection.createIndex({ [path]: 1 });
      expect(await found(), 'with ascending indexes').to.deep.equal(finds);
      expect(await collection.countDocuments(filter), 'counted by index').to.equal(finds.length);
      await collection.dropIndexes();
      for (const path of new Set(pathsOf(filter))) await collection.createIndex({ [path]: -1 });
      expect(await found(), 'with descending indexes').to.deep.equal(finds);
    });
  }

  it('returns nothing for an unknown collection', async () => {
    const collection = await bench.collection();
    expect(await collection.find({ a: 1 }).toArray()).to.deep.equal([]);
    expect(await collection.findOne({})).to.equal(null);
    expect(await collection.countDocuments({})).to.equal(0);
  });

  const REFUSED: readonly { title: string; filter: Doc; message: RegExp }[] = [
    { title: 'an unknown operator', filter: { a: { $foo: 1 } }, message: /unknown operator: \$foo/ },
    {
      title: 'an unknown top level operator',
      filter: { $foo: 1 },
      message: /unknown top level operator: \$foo/,
    },
    { title: 'an empty $or', filter: { $or: [] }, message: /nonempty array/ },
    { title: '$in without an array', filter: { a: { $in: 1 } }, message: /\$in needs an array/ },
    { title: '$size of a fraction', filter: { a: { $size: 1.5 } }, message: /\$size/ },
    { title: '$not of nothing', filter: { a: { $not: {} } }, message: /\$not cannot be empty/ },
    { title: '$mod by 0', filter: { a: { $mod: [0, 1] } }, message: /divisor cannot be 0/ },
    { title: 'an unknown type', filter: { a: { $type: 'nope' } }, message: /Unknown type name alias/ },
  ];
  for (const { title, filter, message } of REFUSED) {
    it(`refuses ${title}`, async () => {
      const collection = await bench.collection([{ a: 1 }]);
      const error = await failure(() => collection.find(filter).toArray());
      expect(error.name).to.equal('MongoServerError');
      expect(error.message).to.match(message);
    });
  }
});
