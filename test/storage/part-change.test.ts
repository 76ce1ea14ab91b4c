import { expect } from 'chai';
import { mongo, Types } from 'mongoose';
import type { EmbeddedDatabase } from '../../src/storage/embedded/database.js';
import { failure, seeded, workshop, type Doc } from './support.js';

const { Binary, BSONRegExp, Code, Decimal128, Double, Int32, Long, MaxKey, MinKey, Timestamp } = mongo;

/** Every type of value, so that none is lost on the way past it. */
const EVERY: Doc = {
  double: new Double(1),
  int: new Int32(2),
  long: Long.fromString('9007199254740993'),
  decimal: Decimal128.fromString('1.50'),
  text: 'текст \u0000 дальше',
  empty: '',
  list: [1, [2, { three: 3 }], 'четыре'],
  id: Types.ObjectId.createFromTime(1),
  bytes: new Binary(Buffer.from([1, 2, 3])),
  when: new Date(5),
  yes: true,
  nothing: null,
  code: new Code('return 1'),
  stamp: new Timestamp({ t: 1, i: 2 }),
  least: new MinKey(),
  most: new MaxKey(),
};

/** Large documents are changed in part: the result must be the same as of changing the whole. */
describe('changing a part of a large document', () => {
  const { open, collection } = workshop();
  const stored = (doc: unknown): string => mongo.BSON.EJSON.stringify(doc, { relaxed: false });

  for (const [name, filling] of [
    ['with values of every type', EVERY],
    ['with a value that is not skipped', { ...EVERY, pattern: new BSONRegExp('a+', 'i') }],
    ['without anything else', {}],
  ] as const) {
    it(`comes to the same as changing the whole: ${name}`, async () => {
      const storage = await open();
      const [part, whole] = [collection(storage, 'part'), collection(storage, 'whole')];
      for (const things of [part, whole]) {
        await things.createIndex({ owner: 1, n: 1 }, { unique: true });
        await things.createIndex({ owner: 1 }, { partialFilterExpression: { open: true } });
        await things.insertOne({
          ...{ _id: 1, owner: 'a', n: 1, ...filling, open: true, filling: 'я'.repeat(1_000), state: 'new' },
          answers: Array.from({ length: 20 }, () => ({ response: null, revision: new Int32(0) })),
        });
      }
      const random = seeded(7);
      const below = (count: number): number => Math.floor(random() * count);
      const updates: readonly (() => Doc)[] = [
        () => ({ $set: { [`answers.${below(22)}.response`]: `ответ ${below(100)}` }, $inc: { revision: 1 } }),
        () => ({ $inc: { [`answers.${below(20)}.revision`]: 1, revision: below(3) } }),
        () => ({ $set: { fresh: below(9), 'deep.er': [below(3)] } }),
        () => ({ $unset: { fresh: 1, deep: 1 } }),
        () => ({ $push: { log: { at: new Date(below(9)), kind: 'left' } } }),
        () => ({ $rename: { fresh: 'renamed' } }),
        () => ({ $set: { state: below(2) === 0 ? 'new' : 'old' } }),
        () => ({ $set: { open: below(2) === 0 } }),
        () => ({ $inc: { n: 1 } }),
        () => ({ $set: { 'answers.$[one].checked': true } }),
        () => ({ $set: { 'answers.$.seen': below(5) } }),
        () => ({ $set: { 'state.below': 1 } }),
      ];
      for (let n = 0; n < 400; n++) {
        const update = updates[below(updates.length)]?.() ?? {};
        const filter: Doc = {
          _id: 1,
          ...(random() < 0.5 && { state: 'new' }),
          'answers.revision': { $gte: 0 },
        };
        const options = stored(update).includes('$[one]')
          ? { arrayFilters: [{ 'one.revision': { $gt: 2 } }] }
          : {};
        const [a, b] = await Promise.allSettled([
          part.updateOne(filter, update, options),
          whole.findOneAndUpdate(filter, update, { ...options, returnDocument: 'after' }),
        ]);
        const note = stored(update);
        expect(a.status, note).to.equal(b.status);
        if (a.status === 'fulfilled' && b.status === 'fulfilled')
          expect(a.value.matchedCount, note).to.equal(b.value === null ? 0 : 1);
        const exact = { promoteValues: false, bsonRegExp: true };
        expect(stored(await part.findOne({ _id: 1 }, exact)), note).to.equal(
          stored(await whole.findOne({ _id: 1 }, exact)),
        );
      }
    });
  }

  it('refuses what is larger than a document may be, and leaves it as it was', async () => {
    const things = collection(await open());
    await things.insertOne({ _id: 1, filling: 'x'.repeat(15 * 1024 * 1024), n: 1 });
    const larger = () => things.updateOne({ _id: 1 }, { $set: { more: 'x'.repeat(2 * 1024 * 1024) } });
    expect((await failure(larger)).message).to.match(/^BSONObj size/);
    expect(await things.findOne({ _id: 1 }, { projection: { filling: 0 } })).to.deep.equal({ _id: 1, n: 1 });
  });

  it('tells listeners that look at other fields as well', async () => {
    const storage = await open();
    const things = collection(storage);
    await things.insertOne({ _id: 1, owner: 'a', filling: 'x'.repeat(2_000), n: 1 });
    const { db } = storage.connection as unknown as { db: EmbeddedDatabase };
    const told: unknown[] = [];
    db.changes.watch('things', {
      fields: ['owner'],
      written: ({ owner, filling }) => told.push([owner, filling]),
      unknown: () => undefined,
    });
    await things.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    expect(told).to.deep.equal([
      ['a', undefined],
      ['a', undefined],
    ]);
    db.changes.watch('things', {
      written: ({ filling }) => told.push(String(filling).length),
      unknown: () => undefined,
    });
    await things.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    expect(told.slice(2).filter((entry) => typeof entry === 'number')).to.deep.equal([2_000, 2_000]);
  });
});
