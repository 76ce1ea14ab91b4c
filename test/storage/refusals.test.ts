import { expect } from 'chai';
import { failure, workshop, type Collection } from './support.js';

interface Refusal {
  readonly feature: string;
  readonly ask: (things: Collection) => unknown;
}

/** What only MongoDB does is refused by name; an empty or a wrong answer would be worse. */
const REFUSALS: readonly Refusal[] = [
  { feature: '$where', ask: (c) => c.find({ $where: 'this.a > 1' }).toArray() },
  { feature: '$text', ask: (c) => c.find({ $text: { $search: 'x' } }).toArray() },
  { feature: '$jsonSchema', ask: (c) => c.find({ $jsonSchema: {} }).toArray() },
  { feature: '$near', ask: (c) => c.find({ a: { $near: [0, 0] } }).toArray() },
  { feature: '$geoWithin', ask: (c) => c.find({ a: { $geoWithin: {} } }).toArray() },
  { feature: '$bitsAllSet', ask: (c) => c.find({ a: { $bitsAllSet: 1 } }).toArray() },
  {
    feature: 'the aggregation stage $lookup',
    ask: (c) =>
      c.aggregate([{ $lookup: { from: 'x', localField: 'a', foreignField: 'b', as: 'c' } }]).toArray(),
  },
  {
    feature: 'the aggregation stage $graphLookup',
    ask: (c) => c.aggregate([{ $graphLookup: {} }]).toArray(),
  },
  { feature: 'the aggregation stage $unionWith', ask: (c) => c.aggregate([{ $unionWith: 'x' }]).toArray() },
  { feature: 'the aggregation stage $out', ask: (c) => c.aggregate([{ $out: 'x' }]).toArray() },
  { feature: 'the aggregation stage $merge', ask: (c) => c.aggregate([{ $merge: 'x' }]).toArray() },
  {
    feature: 'the aggregation stage $setWindowFields',
    ask: (c) => c.aggregate([{ $setWindowFields: {} }]).toArray(),
  },
  {
    feature: 'the expression operator $zip',
    ask: (c) => c.aggregate([{ $project: { x: { $zip: { inputs: [] } } } }]).toArray(),
  },
  {
    feature: 'the expression operator $function',
    ask: (c) => c.aggregate([{ $project: { x: { $function: {} } } }]).toArray(),
  },
  {
    feature: 'the group operator $accumulator',
    ask: (c) => c.aggregate([{ $group: { _id: 1, x: { $accumulator: {} } } }]).toArray(),
  },
  {
    feature: '$group under a collation',
    ask: (c) => c.aggregate([{ $group: { _id: '$a' } }], { collation: { locale: 'ru' } }).toArray(),
  },
  { feature: 'a text index', ask: (c) => c.createIndex({ a: 'text' }) },
  { feature: 'a 2dsphere index', ask: (c) => c.createIndex({ a: '2dsphere' }) },
  { feature: 'a hashed index', ask: (c) => c.createIndex({ a: 'hashed' }) },
  { feature: 'a wildcard index', ask: (c) => c.createIndex({ '$**': 1 }) },
  {
    feature: 'an index with a collation',
    ask: (c) => c.createIndex({ a: 1 }, { collation: { locale: 'ru' } }),
  },
  { feature: 'the index option hidden', ask: (c) => c.createIndex({ a: 1 }, { hidden: true }) },
  { feature: "an index on an array position ('a.0')", ask: (c) => c.createIndex({ 'a.0': 1 }) },
  { feature: 'change streams (watch)', ask: (c) => c.watch() },
  { feature: 'sessions and transactions', ask: (c) => c.find({}, { session: { id: 1 } }).toArray() },
  { feature: 'tailable cursors', ask: (c) => c.find({}, { tailable: true }).toArray() },
  { feature: 'the option showRecordId', ask: (c) => c.find({}, { showRecordId: true }).toArray() },
  {
    feature: 'the regular expression option x',
    ask: (c) => c.find({ a: { $regex: 'a b', $options: 'x' } }).toArray(),
  },
  {
    feature: '$meta in a projection',
    ask: (c) => c.find({}, { projection: { s: { $meta: 'textScore' } } }).toArray(),
  },
  {
    feature: 'the collation field backwards',
    ask: (c) => c.find({}, { collation: { locale: 'fr', backwards: true } }).toArray(),
  },
  { feature: 'the collection method rename', ask: (c) => c.rename('x') },
  {
    feature: '$avg of Decimal128',
    ask: async (c) => {
      const { bson } = await import('../contract/bson.js');
      await c.insertOne({ d: bson.Decimal128.fromString('1') });
      return c.aggregate([{ $group: { _id: null, a: { $avg: '$d' } } }]).toArray();
    },
  },
];

describe('unsupported features of the embedded engine', () => {
  const { open, collection } = workshop();

  for (const { feature, ask } of REFUSALS) {
    it(`is refused by name: ${feature}`, async () => {
      const things = collection(await open());
      await things.insertOne({ a: 1 });
      const error = await failure(async () => await ask(things));
      expect(error.name).to.equal('MongoServerError');
      expect(error.message).to.equal(`the embedded engine does not support ${feature}; MongoDB does`);
    });
  }

  it('are refused on the connection too', async () => {
    const { connection } = await open();
    expect((await failure(() => connection.startSession())).message).to.match(/sessions and transactions/);
    expect((await failure(() => connection.transaction(() => Promise.resolve()))).message).to.match(
      /sessions/,
    );
    expect(() => connection.useDb('other')).to.throw(/useDb/);
    expect(
      (await failure(async () => connection.db!.createCollection('x', { capped: true, size: 100 }))).message,
    ).to.match(/capped/);
    expect((await failure(async () => connection.db!.command({ serverStatus: 1 }))).message).to.match(
      /serverStatus/,
    );
  });
});
