import { expect } from 'chai';
import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../../src/shared/clock.js';
import { Engine } from '../../src/storage/embedded/engine.js';
import { openDatabase } from '../../src/storage/embedded/open-file.js';
import { readFilter } from '../../src/storage/embedded/query/filter.js';
import { Search } from '../../src/storage/embedded/read/search.js';
import { Sorter } from '../../src/storage/embedded/read/sorter.js';
import { EmbeddedClient } from '../../src/storage/embedded/database.js';
import type { Collection, Doc } from '../contract/support.js';
import { seeded } from './support.js';

describe('slices of long work', () => {
  let engine: Engine;
  let things: Collection;

  beforeEach(async () => {
    engine = new Engine(await openDatabase(':memory:'), 'memory', systemClock);
    things = new EmbeddedClient(engine).db().collection('things') as unknown as Collection;
  });
  afterEach(() => engine.close());

  const docs = (count: number): Doc[] =>
    Array.from({ length: count }, (_, n) => ({ n: (n * 7919) % count, text: 'т'.repeat(100) }));

  it('do not block the event loop in toArray', async () => {
    await things.insertMany(docs(20_000));
    let turned = false;
    void setImmediate().then(() => (turned = true));
    expect(await things.find({}).toArray()).to.have.length(20_000);
    expect(turned).to.equal(true);
  });

  it('are a thousand documents in insertMany', async () => {
    const many = docs(5000);
    const inserting = things.insertMany(many);
    await setImmediate();
    expect(many[0]).to.have.property('_id');
    expect(many[4999]).to.not.have.property('_id');
    expect((await inserting).insertedCount).to.equal(5000);
    expect(await things.distinct('n')).to.have.length(5000);
  });

  it('are a thousand documents of a sorted search, sorted on demand', async () => {
    await things.insertMany(docs(9000));
    const filter = readFilter({ n: { $gte: 500 } }, { now: new Date() });
    const search = new Search(engine, {
      collection: 'things',
      filter,
      sort: [['n', 1]],
      skip: 2500,
      limit: 5500,
    });
    const found: number[] = [];
    for (let step = search.step(); step; step = search.step()) {
      expect(step.length).to.be.at.most(1000);
      found.push(...step.map(({ doc }) => Number(doc.n)));
    }
    expect(found).to.deep.equal(Array.from({ length: 5500 }, (_, i) => 3000 + i));
  });

  it('merge sorted runs in a stable order', () => {
    const random = seeded(3);
    const sorter = new Sorter<Doc>(
      [
        ['k', 1],
        ['l', -1],
      ],
      0,
    );
    const all = Array.from({ length: 9001 }, (_, came) => ({
      k: Math.floor(random() * 40),
      l: random() < 0.5 ? [1, 2] : null,
      came,
    }));
    for (const doc of all) sorter.add(doc, doc, 100);
    const rank = ({ l }: Doc): number => (l === null ? 1 : 0);
    const expected = all.toSorted((a, b) => a.k - b.k || rank(a) - rank(b) || a.came - b.came);
    expect(sorter.sorted()).to.deep.equal(expected);
  });
});
