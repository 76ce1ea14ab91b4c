import { expect } from 'chai';
import { Types } from 'mongoose';
import { seeded, workshop, type Collection, type Doc } from './support.js';

/** What leads to a document by `_id` or by a unique index alone must answer as reading everything does. */
describe('finding by a unique key', () => {
  const { folder, open, collection } = workshop();

  const VALUES: readonly unknown[] = [
    1,
    1.5,
    -0,
    'x',
    'é',
    true,
    new Date(5),
    Types.ObjectId.createFromTime(7),
  ];
  const INDEXES: readonly (readonly [key: Doc, options: Doc])[] = [
    [{ a: 1, b: -1 }, {}],
    [{ a: 1, b: 1 }, { sparse: true }],
    [{ 'a.c': 1 }, { sparse: true }],
    [{ b: 1, 'd.c': 1, 'd.e': 1 }, {}],
    [{ a: 1, b: 1 }, { partialFilterExpression: { n: { $gt: 5 } } }],
  ];

  for (const [key, options] of INDEXES) {
    it(`answers as a scan does: ${JSON.stringify(key)} ${JSON.stringify(options)}`, async () => {
      const storage = await open();
      const [indexed, plain] = [collection(storage, 'indexed'), collection(storage, 'plain')];
      await indexed.createIndex(key, { unique: true, ...options });
      const random = seeded(11);
      const below = (count: number): number => Math.floor(random() * count);
      const value = (): unknown => VALUES[below(VALUES.length)];
      const number = (): unknown => (random() < 0.5 ? below(10) : { $gte: below(10) });
      const deep = (): unknown => (random() < 0.4 ? value() : { c: value(), e: value() });
      for (let i = 0; i < 150; i++) {
        const doc: Doc = { _id: i, n: below(10), d: [deep(), deep()] };
        if (random() < 0.9) doc.a = random() < 0.2 ? [value(), value()] : deep();
        if (random() < 0.9) doc.b = value();
        const taken = await indexed.insertOne({ ...doc }).then(
          () => false,
          () => true,
        );
        if (!taken) await plain.insertOne(doc);
      }
      const filters = Array.from({ length: 300 }, (): Doc => {
        const filter: Doc = {};
        for (const name of [...Object.keys(key), 'n', '_id']) {
          if (name === '_id' ? random() < 0.3 : name === 'n' ? random() < 0.3 : random() < 0.95)
            filter[name] = name === '_id' ? below(200) : name === 'n' ? number() : value();
        }
        return filter;
      });
      for (const filter of filters) await same(indexed, plain, filter);
    });
  }

  async function same(indexed: Collection, plain: Collection, filter: Doc): Promise<void> {
    const note = JSON.stringify(filter);
    // A filter with $and goes the general way.
    const all = await plain.find({ $and: [filter] }).toArray();
    const found = await indexed.findOne(filter);
    expect(found === null, note).to.equal(all.length === 0);
    if (found) expect(all, note).to.deep.include(found);
    const { matchedCount } = await indexed.updateOne(filter, { $set: { seen: note } });
    expect(matchedCount, note).to.equal(found ? 1 : 0);
    const after = await indexed.findOneAndUpdate(filter, { $unset: { seen: 1 } });
    expect(after?.seen, note).to.equal(found ? note : undefined);
  }

  it('sees that an index got its first array in another process', async () => {
    const url = `file:${folder()}/x.db`;
    const [item, two] = [await open(url), await open(url)];
    const [mine, theirs] = [collection(item), collection(two)];
    await mine.createIndex({ 'a.b': 1, 'a.c': 1 }, { unique: true });
    await mine.insertOne({ _id: 1, a: { b: 1, c: 1 } });
    expect(await theirs.findOne({ 'a.b': 1, 'a.c': 1 })).to.include({ _id: 1 });
    await mine.insertOne({
      _id: 2,
      a: [
        { b: 2, c: 3 },
        { b: 4, c: 5 },
      ],
    });
    expect(await theirs.findOne({ 'a.b': 2, 'a.c': 5 })).to.include({ _id: 2 });
  });
});
