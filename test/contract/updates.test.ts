import { expect } from 'chai';
import { bson } from './bson.js';
import { contract, failure, type Doc } from './support.js';

const { Decimal128, Double, Long } = bson;
const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));

interface UpdateCase {
  readonly title: string;
  readonly doc: Doc;
  readonly filter?: Doc;
  readonly update: Doc | Doc[];
  readonly arrayFilters?: Doc[];
  /** The document afterwards, without `_id`; absent: unchanged. */
  readonly gives?: Doc;
  /** The outcome equals what was there, but the server may count it as modified. */
  readonly countedEitherWay?: true;
}

const UPDATES: readonly UpdateCase[] = [
  // $set, $unset
  { title: '$set a field', doc: { a: 1, b: 2 }, update: { $set: { a: 5 } }, gives: { a: 5, b: 2 } },
  { title: '$set a new field', doc: { a: 1 }, update: { $set: { b: 2 } }, gives: { a: 1, b: 2 } },
  {
    title: '$set new fields in the order of their names',
    doc: {},
    update: { $set: { z: 1, y: 2, x: 3 } },
    gives: { x: 3, y: 2, z: 1 },
  },
  {
    title: '$set a nested field',
    doc: { a: { b: 1 } },
    update: { $set: { 'a.b': 2, 'a.c': 3 } },
    gives: { a: { b: 2, c: 3 } },
  },
  {
    title: '$set makes the objects on the way',
    doc: {},
    update: { $set: { 'a.b.c': 1 } },
    gives: { a: { b: { c: 1 } } },
  },
  {
    title: '$set an array position',
    doc: { a: [1, 2, 3] },
    update: { $set: { 'a.1': 9 } },
    gives: { a: [1, 9, 3] },
  },
  {
    title: '$set beyond the end fills with null',
    doc: { a: [1] },
    update: { $set: { 'a.3': 9 } },
    gives: { a: [1, null, null, 9] },
  },
  {
    title: '$set a field at an array position',
    doc: { a: [{ b: 1 }] },
    update: { $set: { 'a.0.b': 2 } },
    gives: { a: [{ b: 2 }] },
  },
  {
    title: '$set a number as a name makes an object',
    doc: {},
    update: { $set: { 'a.0': 1 } },
    gives: { a: { 0: 1 } },
  },
  { title: '$set the same value changes nothing', doc: { a: 1 }, update: { $set: { a: 1 } } },
  {
    title: '$set an object replaces it',
    doc: { a: { b: 1, c: 2 } },
    update: { $set: { a: { d: 1 } } },
    gives: { a: { d: 1 } },
  },
  {
    title: '$set the fields of an object in another order',
    doc: { a: { b: 1, c: 2 } },
    update: { $set: { a: { c: 2, b: 1 } } },
    gives: { a: { c: 2, b: 1 } },
  },
  { title: '$set null', doc: { a: 1 }, update: { $set: { a: null } }, gives: { a: null } },
  { title: '$unset', doc: { a: 1, b: 2 }, update: { $unset: { a: '' } }, gives: { b: 2 } },
  {
    title: '$unset a nested field',
    doc: { a: { b: 1, c: 2 } },
    update: { $unset: { 'a.b': 1 } },
    gives: { a: { c: 2 } },
  },
  { title: '$unset what is not there', doc: { a: 1 }, update: { $unset: { b: 1, 'c.d': 1, 'a.x': 1 } } },
  {
    title: '$unset an array position leaves null',
    doc: { a: [1, 2, 3] },
    update: { $unset: { 'a.1': 1 } },
    gives: { a: [1, null, 3] },
  },
  {
    title: '$setOnInsert does nothing to a document that is there',
    doc: { a: 1 },
    update: { $setOnInsert: { b: 1 } },
  },

  // numbers
  { title: '$inc', doc: { a: 1 }, update: { $inc: { a: 2 } }, gives: { a: 3 } },
  { title: '$inc down', doc: { a: 1 }, update: { $inc: { a: -2 } }, gives: { a: -1 } },
  { title: '$inc a missing field', doc: {}, update: { $inc: { a: 2 } }, gives: { a: 2 } },
  { title: '$inc by a fraction', doc: { a: 1 }, update: { $inc: { a: 0.5 } }, gives: { a: 1.5 } },
  {
    title: '$inc beyond 32 bits',
    doc: { a: 2147483647 },
    update: { $inc: { a: 1 } },
    gives: { a: 2147483648 },
  },
  {
    title: '$inc a Decimal128',
    doc: { a: Decimal128.fromString('0.1') },
    update: { $inc: { a: Decimal128.fromString('0.2') } },
    gives: { a: Decimal128.fromString('0.3') },
  },
  {
    title: '$inc a long',
    doc: { a: Long.fromString('9007199254740993') },
    update: { $inc: { a: 1 } },
    gives: { a: Long.fromString('9007199254740994') },
  },
  { title: '$inc by 0 changes nothing', doc: { a: 1 }, update: { $inc: { a: 0 } } },
  { title: '$mul', doc: { a: 3 }, update: { $mul: { a: 2 } }, gives: { a: 6 } },
  { title: '$mul a missing field', doc: {}, update: { $mul: { a: 2 } }, gives: { a: 0 } },
  { title: '$min lower', doc: { a: 5 }, update: { $min: { a: 3 } }, gives: { a: 3 } },
  { title: '$min higher', doc: { a: 5 }, update: { $min: { a: 9 } } },
  { title: '$min a missing field', doc: {}, update: { $min: { a: 3 } }, gives: { a: 3 } },
  { title: '$max', doc: { a: day(1) }, update: { $max: { a: day(2) } }, gives: { a: day(2) } },
  {
    title: '$max between types goes by their order',
    doc: { a: 5 },
    update: { $max: { a: 'x' } },
    gives: { a: 'x' },
  },
  { title: '$max over null', doc: { a: null }, update: { $max: { a: 1 } }, gives: { a: 1 } },
  { title: '$bit', doc: { a: 13 }, update: { $bit: { a: { and: 10 } } }, gives: { a: 8 } },

  // $rename
  { title: '$rename', doc: { a: 1, b: 2 }, update: { $rename: { a: 'c' } }, gives: { b: 2, c: 1 } },
  {
    title: '$rename onto another field',
    doc: { a: 1, b: 2 },
    update: { $rename: { a: 'b' } },
    gives: { b: 1 },
  },
  {
    title: '$rename into an object',
    doc: { a: 1 },
    update: { $rename: { a: 'x.y' } },
    gives: { x: { y: 1 } },
  },
  { title: '$rename what is not there', doc: { a: 1 }, update: { $rename: { b: 'c' } } },

  // arrays
  { title: '$push', doc: { a: [1] }, update: { $push: { a: 2 } }, gives: { a: [1, 2] } },
  { title: '$push makes the array', doc: {}, update: { $push: { a: 1 } }, gives: { a: [1] } },
  {
    title: '$push an array as one element',
    doc: { a: [1] },
    update: { $push: { a: [2, 3] } },
    gives: { a: [1, [2, 3]] },
  },
  {
    title: '$push $each',
    doc: { a: [1] },
    update: { $push: { a: { $each: [2, 3] } } },
    gives: { a: [1, 2, 3] },
  },
  {
    title: '$push $each into a missing array with $slice',
    doc: {},
    update: { $push: { a: { $each: [1, 2, 3], $slice: -2 } } },
    gives: { a: [2, 3] },
  },
  {
    title: '$push $position',
    doc: { a: [1, 2] },
    update: { $push: { a: { $each: [9], $position: 0 } } },
    gives: { a: [9, 1, 2] },
  },
  {
    title: '$push $position from the end',
    doc: { a: [1, 2] },
    update: { $push: { a: { $each: [9], $position: -1 } } },
    gives: { a: [1, 9, 2] },
  },
  {
    title: '$push $slice from the end',
    doc: { a: [1, 2] },
    update: { $push: { a: { $each: [3], $slice: -2 } } },
    gives: { a: [2, 3] },
  },
  {
    title: '$push $slice from the beginning',
    doc: { a: [1, 2] },
    update: { $push: { a: { $each: [3], $slice: 2 } } },
    countedEitherWay: true,
  },
  {
    title: '$push $slice 0',
    doc: { a: [1, 2] },
    update: { $push: { a: { $each: [3], $slice: 0 } } },
    gives: { a: [] },
  },
  {
    title: '$push $sort',
    doc: { a: [3, 1] },
    update: { $push: { a: { $each: [2], $sort: 1 } } },
    gives: { a: [1, 2, 3] },
  },
  {
    title: '$push $sort by a field, keeping the best',
    doc: { a: [{ s: 1 }, { s: 3 }] },
    update: { $push: { a: { $each: [{ s: 2 }], $sort: { s: -1 }, $slice: 2 } } },
    gives: { a: [{ s: 3 }, { s: 2 }] },
  },
  {
    title: '$push below a nested path',
    doc: { a: { b: [1] } },
    update: { $push: { 'a.b': 2 } },
    gives: { a: { b: [1, 2] } },
  },
  { title: '$addToSet', doc: { a: [1] }, update: { $addToSet: { a: 2 } }, gives: { a: [1, 2] } },
  { title: '$addToSet what is there', doc: { a: [1] }, update: { $addToSet: { a: 1 } } },
  {
    title: '$addToSet an object that is there',
    doc: { a: [{ b: 1 }] },
    update: { $addToSet: { a: { b: 1 } } },
  },
  {
    title: '$addToSet the fields in another order',
    doc: { a: [{ b: 1, c: 2 }] },
    update: { $addToSet: { a: { c: 2, b: 1 } } },
    gives: {
      a: [
        { b: 1, c: 2 },
        { c: 2, b: 1 },
      ],
    },
  },
  {
    title: '$addToSet $each',
    doc: { a: [1] },
    update: { $addToSet: { a: { $each: [1, 2, 2] } } },
    gives: { a: [1, 2] },
  },
  {
    title: '$addToSet makes the array',
    doc: {},
    update: { $addToSet: { a: { $each: [1, 1] } } },
    gives: { a: [1] },
  },
  { title: '$pull a value', doc: { a: [1, 2, 1] }, update: { $pull: { a: 1 } }, gives: { a: [2] } },
  {
    title: '$pull by operators',
    doc: { a: [1, 5, 9] },
    update: { $pull: { a: { $gte: 5 } } },
    gives: { a: [1] },
  },
  {
    title: '$pull objects that match',
    doc: { a: [{ x: 1, y: 1 }, { x: 2 }] },
    update: { $pull: { a: { x: 1 } } },
    gives: { a: [{ x: 2 }] },
  },
  {
    title: '$pull objects by operators',
    doc: { a: [{ x: 1 }, { x: 5 }] },
    update: { $pull: { a: { x: { $gt: 3 } } } },
    gives: { a: [{ x: 1 }] },
  },
  {
    title: '$pull with $in',
    doc: { a: ['x', 'y', 'z'] },
    update: { $pull: { a: { $in: ['x', 'z'] } } },
    gives: { a: ['y'] },
  },
  { title: '$pull a pattern', doc: { a: ['abc', 'x'] }, update: { $pull: { a: /^a/ } }, gives: { a: ['x'] } },
  { title: '$pull from nothing', doc: { b: 1 }, update: { $pull: { a: 1 } } },
  {
    title: '$pull an array',
    doc: { a: [[1, 2], [1]] },
    update: { $pull: { a: [1, 2] } },
    gives: { a: [[1]] },
  },
  { title: '$pullAll', doc: { a: [1, 2, 3, 1] }, update: { $pullAll: { a: [1, 3] } }, gives: { a: [2] } },
  {
    title: '$pullAll exact objects',
    doc: { a: [{ x: 1 }, { x: 1, y: 2 }] },
    update: { $pullAll: { a: [{ x: 1 }] } },
    gives: { a: [{ x: 1, y: 2 }] },
  },
  { title: '$pop the last', doc: { a: [1, 2, 3] }, update: { $pop: { a: 1 } }, gives: { a: [1, 2] } },
  { title: '$pop the first', doc: { a: [1, 2, 3] }, update: { $pop: { a: -1 } }, gives: { a: [2, 3] } },
  { title: '$pop an empty array', doc: { a: [] }, update: { $pop: { a: 1 } } },

  // positions
  {
    title: 'the positional $',
    doc: { a: [1, 2, 3] },
    filter: { a: 2 },
    update: { $set: { 'a.$': 9 } },
    gives: { a: [1, 9, 3] },
  },
  {
    title: 'the positional $ below an element',
    doc: {
      a: [
        { x: 1, y: 0 },
        { x: 2, y: 0 },
      ],
    },
    filter: { 'a.x': 2 },
    update: { $set: { 'a.$.y': 5 } },
    gives: {
      a: [
        { x: 1, y: 0 },
        { x: 2, y: 5 },
      ],
    },
  },
  {
    title: 'the positional $ with $elemMatch',
    doc: {
      a: [
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ],
    },
    filter: { a: { $elemMatch: { x: 1, y: 2 } } },
    update: { $inc: { 'a.$.x': 10 } },
    gives: {
      a: [
        { x: 1, y: 1 },
        { x: 11, y: 2 },
      ],
    },
  },
  {
    title: 'the positional $ within $and',
    doc: { a: [5, 8] },
    filter: { $and: [{ a: { $gt: 6 } }] },
    update: { $set: { 'a.$': 0 } },
    gives: { a: [5, 0] },
  },
  {
    title: 'the positional $ with $in',
    doc: { a: ['x', 'y'] },
    filter: { a: { $in: ['y', 'z'] } },
    update: { $set: { 'a.$': 'q' } },
    gives: { a: ['x', 'q'] },
  },
  {
    title: '$unset at the positional $',
    doc: { a: [{ x: 1, y: 2 }] },
    filter: { 'a.x': 1 },
    update: { $unset: { 'a.$.y': 1 } },
    gives: { a: [{ x: 1 }] },
  },
  {
    title: '$[] every element',
    doc: { a: [1, 2] },
    update: { $inc: { 'a.$[]': 10 } },
    gives: { a: [11, 12] },
  },
  {
    title: '$[] below every element',
    doc: { a: [{ x: 1 }, { x: 2 }] },
    update: { $set: { 'a.$[].y': 0 } },
    gives: {
      a: [
        { x: 1, y: 0 },
        { x: 2, y: 0 },
      ],
    },
  },
  {
    title: '$[] of $[]',
    doc: { a: [{ b: [1, 2] }, { b: [3] }] },
    update: { $mul: { 'a.$[].b.$[]': 2 } },
    gives: { a: [{ b: [2, 4] }, { b: [6] }] },
  },
  {
    title: '$[name]',
    doc: { a: [1, 5, 9] },
    update: { $set: { 'a.$[big]': 0 } },
    arrayFilters: [{ big: { $gt: 3 } }],
    gives: { a: [1, 0, 0] },
  },
  {
    title: '$[name] by a field',
    doc: { a: [{ x: 1 }, { x: 2 }] },
    update: { $set: { 'a.$[e].y': 1 } },
    arrayFilters: [{ 'e.x': 2 }],
    gives: { a: [{ x: 1 }, { x: 2, y: 1 }] },
  },
  {
    title: '$[name] by two fields',
    doc: {
      a: [
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ],
    },
    update: { $set: { 'a.$[e].z': 1 } },
    arrayFilters: [{ 'e.x': 1, 'e.y': 2 }],
    gives: {
      a: [
        { x: 1, y: 1 },
        { x: 1, y: 2, z: 1 },
      ],
    },
  },
  {
    title: '$[one] and $[two]',
    doc: {
      a: [
        { x: 1, b: [1, 2] },
        { x: 2, b: [1] },
      ],
    },
    update: { $set: { 'a.$[one].b.$[two]': 0 } },
    arrayFilters: [{ 'one.x': 1 }, { two: 2 }],
    gives: {
      a: [
        { x: 1, b: [1, 0] },
        { x: 2, b: [1] },
      ],
    },
  },
  {
    title: '$push at $[name]',
    doc: {
      a: [
        { x: 1, l: [] },
        { x: 2, l: [] },
      ],
    },
    update: { $push: { 'a.$[e].l': 7 } },
    arrayFilters: [{ 'e.x': 2 }],
    gives: {
      a: [
        { x: 1, l: [] },
        { x: 2, l: [7] },
      ],
    },
  },

  // several operators, pipelines
  {
    title: 'several operators',
    doc: { a: 1, b: [1], c: 1 },
    update: { $set: { d: 1 }, $inc: { a: 1 }, $push: { b: 2 }, $unset: { c: 1 } },
    gives: { a: 2, b: [1, 2], d: 1 },
  },
  {
    title: 'a pipeline',
    doc: { a: 1, b: 2 },
    update: [{ $set: { c: { $add: ['$a', '$b'] } } }],
    gives: { a: 1, b: 2, c: 3 },
  },
  { title: 'a pipeline that removes', doc: { a: 1, b: 2 }, update: [{ $unset: 'a' }], gives: { b: 2 } },
  {
    title: 'a pipeline with a condition',
    doc: { n: 5 },
    update: [{ $set: { big: { $cond: [{ $gt: ['$n', 3] }, 'yes', 'no'] } } }],
    gives: { n: 5, big: 'yes' },
  },
  {
    title: 'a pipeline sets a nested field',
    doc: { a: { b: 1 } },
    update: [{ $set: { 'a.c': 2 } }],
    gives: { a: { b: 1, c: 2 } },
  },
];

interface RefusedCase {
  readonly title: string;
  readonly doc: Doc;
  readonly filter?: Doc;
  readonly update: Doc;
  readonly arrayFilters?: Doc[];
  readonly code: number;
}

const REFUSED: readonly RefusedCase[] = [
  { title: '$inc of a string', doc: { a: 'x' }, update: { $inc: { a: 1 } }, code: 14 },
  { title: '$inc of null', doc: { a: null }, update: { $inc: { a: 1 } }, code: 14 },
  { title: '$inc by a string', doc: { a: 1 }, update: { $inc: { a: 'x' } }, code: 14 },
  { title: '$push to a number', doc: { a: 1 }, update: { $push: { a: 1 } }, code: 2 },
  { title: '$addToSet to a number', doc: { a: 1 }, update: { $addToSet: { a: 1 } }, code: 2 },
  { title: '$pull from a number', doc: { a: 1 }, update: { $pull: { a: 1 } }, code: 2 },
  { title: '$pop of a number', doc: { a: 1 }, update: { $pop: { a: 1 } }, code: 14 },
  { title: '$pop by 2', doc: { a: [1] }, update: { $pop: { a: 2 } }, code: 9 },
  { title: '$set below a plain value', doc: { a: 1 }, update: { $set: { 'a.b': 1 } }, code: 28 },
  { title: '$set below null', doc: { a: null }, update: { $set: { 'a.b': 1 } }, code: 28 },
  { title: '$set a name in an array', doc: { a: [1] }, update: { $set: { 'a.b': 1 } }, code: 28 },
  { title: 'two changes of one path', doc: { a: 1 }, update: { $set: { a: 1 }, $inc: { a: 1 } }, code: 40 },
  {
    title: 'changes of a path and of one below it',
    doc: { a: {} },
    update: { $set: { a: 1, 'a.b': 1 } },
    code: 40,
  },
  { title: 'another _id', doc: { a: 1 }, update: { $set: { _id: 99 } }, code: 66 },
  { title: 'no _id', doc: { a: 1 }, update: { $unset: { _id: 1 } }, code: 66 },
  { title: 'an unknown operator', doc: { a: 1 }, update: { $foo: { a: 1 } }, code: 9 },
  {
    title: 'the positional $ without an array in the query',
    doc: { a: [1] },
    update: { $set: { 'a.$': 1 } },
    code: 2,
  },
  { title: '$[name] without a filter', doc: { a: [1] }, update: { $set: { 'a.$[x]': 1 } }, code: 2 },
  {
    title: 'an array filter without use',
    doc: { a: [1] },
    update: { $set: { b: 1 } },
    arrayFilters: [{ x: 1 }],
    code: 9,
  },
  { title: '$[] of a plain value', doc: { a: 1 }, update: { $set: { 'a.$[]': 1 } }, code: 2 },
  { title: '$[] of nothing', doc: { b: 1 }, update: { $set: { 'a.$[]': 1 } }, code: 2 },
  { title: 'an empty field name', doc: { a: 1 }, update: { $set: { 'a..b': 1 } }, code: 56 },
];

contract('updates', (bench) => {
  for (const { title, doc, filter = {}, update, arrayFilters, gives, countedEitherWay } of UPDATES) {
    it(title, async () => {
      const collection = await bench.collection([doc]);
      // Indexes on everything: what is looked up afterwards must have followed the change.
      for (const name of ['a', 'b', 'a.b', 'a.x']) await collection.createIndex({ [name]: 1 });
      const options = arrayFilters ? { arrayFilters } : {};
      const result = await collection.updateOne(filter, update, options);
      const after = await collection.findOne({});
      expect(after).to.deep.equal({ _id: 0, ...(gives ?? doc) });
      expect(Object.keys(after ?? {})).to.deep.equal(['_id', ...Object.keys(gives ?? doc)]);
      expect(result.matchedCount).to.equal(1);
      if (!countedEitherWay) expect(result.modifiedCount, 'modified').to.equal(gives ? 1 : 0);
      const value = (gives ?? doc).a;
      if (value !== undefined) expect(await collection.countDocuments({ a: value })).to.equal(1);
    });
  }

  for (const { title, doc, filter = {}, update, arrayFilters, code } of REFUSED) {
    it(`refuses ${title}`, async () => {
      const collection = await bench.collection([doc]);
      const options = arrayFilters ? { arrayFilters } : {};
      const error = await failure(() => collection.updateOne(filter, update, options));
      expect(error.name).to.equal('MongoServerError');
      expect(error.code).to.equal(code);
      expect(await collection.findOne({}), 'unchanged').to.deep.equal({ _id: 0, ...doc });
    });
  }

  it('updates many', async () => {
    const collection = await bench.collection([{ a: 1 }, { a: 1 }, { a: 2 }]);
    const result = await collection.updateMany({ a: 1 }, { $set: { a: 2 } });
    expect(result).to.include({ matchedCount: 2, modifiedCount: 2 });
    expect(await collection.countDocuments({ a: 2 })).to.equal(3);
  });

  it('updates many, each once, while they move in the index that finds them', async () => {
    const collection = await bench.collection(Array.from({ length: 1200 }, (_, n) => ({ n })));
    await collection.createIndex({ n: 1 });
    const result = await collection.updateMany({ n: { $gte: 0 } }, { $inc: { n: 100_000 } });
    expect(result).to.include({ matchedCount: 1200, modifiedCount: 1200 });
    expect(await collection.countDocuments({ n: { $gte: 100_000, $lt: 101_200 } })).to.equal(1200);
  });

  it('updates the first in the given order', async () => {
    const collection = await bench.collection([
      { a: 1, n: 1 },
      { a: 1, n: 3 },
      { a: 1, n: 2 },
    ]);
    await collection.findOneAndUpdate({ a: 1 }, { $set: { a: 2 } }, { sort: { n: -1 } });
    expect((await collection.findOne({ a: 2 }))?._id).to.equal(1);
  });

  it('matches nothing', async () => {
    const collection = await bench.collection([{ a: 1 }]);
    expect(await collection.updateOne({ a: 9 }, { $set: { a: 2 } })).to.include({
      matchedCount: 0,
      modifiedCount: 0,
      upsertedCount: 0,
    });
  });

  it('keeps the types of unchanged numbers', async () => {
    const collection = await bench.collection([{ a: new Double(5), b: 1, c: Long.fromNumber(7) }]);
    await collection.updateOne({}, { $inc: { b: 1 } });
    expect(
      await collection.countDocuments({ a: { $type: 'double' }, b: { $type: 'int' }, c: { $type: 'long' } }),
    ).to.equal(1);
  });

  it('returns the wider type from $inc', async () => {
    const collection = await bench.collection([
      { a: 1, b: new Double(1), c: Long.fromNumber(1), d: 2147483647 },
    ]);
    await collection.updateOne({}, { $inc: { a: 1, b: 1, c: 1, d: 1 } });
    expect(
      await collection.countDocuments({
        a: { $type: 'int' },
        b: { $type: 'double' },
        c: { $type: 'long' },
        d: { $type: 'long' },
      }),
    ).to.equal(1);
  });

  it('sets $currentDate', async () => {
    const collection = await bench.collection([{}]);
    await collection.updateOne({}, { $currentDate: { a: true, b: { $type: 'timestamp' } } });
    expect(await collection.countDocuments({ a: { $type: 'date' }, b: { $type: 'timestamp' } })).to.equal(1);
  });

  describe('replaceOne', () => {
    it('replaces the whole document', async () => {
      const collection = await bench.collection([{ a: 1, b: 2 }]);
      const result = await collection.replaceOne({ a: 1 }, { c: 3 });
      expect(result).to.include({ matchedCount: 1, modifiedCount: 1 });
      expect(await collection.findOne({})).to.deep.equal({ _id: 0, c: 3 });
    });

    it('refuses another _id', async () => {
      const collection = await bench.collection([{ a: 1 }]);
      const error = await failure(() => collection.replaceOne({ a: 1 }, { _id: 9, c: 3 }));
      expect(error.code).to.equal(66);
    });

    it('upserts', async () => {
      const collection = await bench.collection();
      const result = await collection.replaceOne({ _id: 7 }, { a: 1 }, { upsert: true });
      expect(result.upsertedId).to.equal(7);
      expect(await collection.findOne({})).to.deep.equal({ _id: 7, a: 1 });
    });
  });

  interface UpsertCase {
    readonly title: string;
    readonly filter: Doc;
    readonly update: Doc;
    /** Without `_id`. */
    readonly gives: Doc;
  }
  const UPSERTS: readonly UpsertCase[] = [
    {
      title: 'the fields the filter pins',
      filter: { a: 1, b: { $eq: 2 } },
      update: { $set: { c: 3 } },
      gives: { a: 1, b: 2, c: 3 },
    },
    { title: 'nothing of a range', filter: { a: { $gt: 1 } }, update: { $set: { c: 3 } }, gives: { c: 3 } },
    {
      title: 'nested fields',
      filter: { 'a.b': 1 },
      update: { $set: { c: 3 } },
      gives: { a: { b: 1 }, c: 3 },
    },
    {
      title: 'the fields of an $and',
      filter: { $and: [{ a: 1 }, { b: 2 }] },
      update: { $set: { c: 3 } },
      gives: { a: 1, b: 2, c: 3 },
    },
    {
      title: '$setOnInsert',
      filter: { a: 1 },
      update: { $setOnInsert: { b: 2 }, $set: { c: 3 } },
      gives: { a: 1, b: 2, c: 3 },
    },
    { title: '$inc on what the filter pins', filter: { a: 1 }, update: { $inc: { a: 5 } }, gives: { a: 6 } },
    { title: '$push', filter: { a: 1 }, update: { $push: { l: 1 } }, gives: { a: 1, l: [1] } },
    { title: '$unset of what is not there', filter: { a: 1 }, update: { $unset: { z: 1 } }, gives: { a: 1 } },
    {
      title: 'no fields of an $or',
      filter: { $or: [{ a: 1 }, { b: 2 }] },
      update: { $set: { c: 3 } },
      gives: { c: 3 },
    },
  ];
  describe('upsert', () => {
    for (const { title, filter, update, gives } of UPSERTS) {
      it(`inserts ${title}`, async () => {
        const collection = await bench.collection();
        const result = await collection.updateOne(filter, update, { upsert: true });
        expect(result).to.include({ matchedCount: 0, modifiedCount: 0, upsertedCount: 1 });
        const doc = await collection.findOne({});
        expect(doc).to.deep.equal({ _id: result.upsertedId, ...gives });
      });
    }

    it('updates an existing document', async () => {
      const collection = await bench.collection([{ a: 1 }]);
      const result = await collection.updateOne({ a: 1 }, { $set: { c: 3 } }, { upsert: true });
      expect(result).to.include({ matchedCount: 1, modifiedCount: 1, upsertedCount: 0 });
      expect(await collection.countDocuments({})).to.equal(1);
    });

    it('uses the _id of the filter', async () => {
      const collection = await bench.collection();
      const result = await collection.updateMany({ _id: 'x' }, { $set: { a: 1 } }, { upsert: true });
      expect(result.upsertedId).to.equal('x');
    });

    it('refuses two values for a field in the filter', async () => {
      const collection = await bench.collection();
      const filter = { $and: [{ a: 1 }, { a: 2 }] };
      const error = await failure(() => collection.updateOne(filter, { $set: { b: 1 } }, { upsert: true }));
      expect(error.code).to.equal(54);
    });

    it('inserts once for many upserts at the same time', async () => {
      const collection = await bench.collection();
      await collection.createIndex({ key: 1 }, { unique: true });
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () =>
          collection.updateOne({ key: 'k' }, { $inc: { n: 1 } }, { upsert: true }),
        ),
      );
      const done = results.filter(({ status }) => status === 'fulfilled').length;
      expect(await collection.find({}).toArray()).to.have.length(1);
      expect((await collection.findOne({}))?.n).to.equal(done);
    });
  });
});
