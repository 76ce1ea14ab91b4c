import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { SLICE_DOCUMENTS } from '../../src/storage/embedded/build-index.js';
import { Sqlite } from '../../src/storage/embedded/sqlite.js';
import { verifyStorage, type Storage } from '../../src/storage/index.js';
import type { Collection } from '../contract/collection.js';
import { forkFile } from '../support/fork.js';
import { failure, seeded, workshop } from './support.js';

const COUNT = 3000;

async function fill(things: Collection, count = COUNT): Promise<void> {
  for (let at = 0; at < count; at += 1000) {
    await things.insertMany(
      Array.from({ length: 1000 }, (_, i) => ({
        n: at + i,
        tags: [(at + i) % 7, 'x'],
        text: 'т'.repeat(100),
      })),
    );
  }
}

const sound = async (storage: Storage): Promise<void> => {
  expect((await verifyStorage(storage)).problems).to.deep.equal([]);
};

/** Counts the event loop's turns until the promise settles. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let going = true;
  const ended = work.finally(() => (going = false));
  ended.catch(() => undefined);
  let turns = 0;
  while (going as boolean) {
    await setImmediate();
    turns++;
  }
  await ended;
  return turns;
}

describe('building an index over existing documents', () => {
  const { folder, open, collection } = workshop();

  it('does not block the event loop, reads or writes', async () => {
    const storage = await open();
    const things = collection(storage);
    await fill(things);
    const building = things.createIndex({ tags: 1, n: -1 });
    const writes = Promise.all([
      things.insertOne({ n: 'new', tags: ['while'] }),
      things.updateOne({ n: 2998 }, { $set: { tags: ['while', 'it'] } }),
      things.deleteOne({ n: 0 }),
    ]);
    let done = false;
    const noted = building.then(() => (done = true));
    await writes;
    expect(done, 'the writes were not kept waiting').to.equal(false);
    expect(await things.countDocuments({ tags: 'while' })).to.equal(2);
    expect(done).to.equal(false);
    expect(await turnsDuring(noted)).to.be.at.least(Math.floor(COUNT / SLICE_DOCUMENTS / 2));
    expect(await things.countDocuments({ tags: 'while' })).to.equal(2);
    expect(await things.countDocuments({ tags: 3 })).to.equal(Math.ceil((COUNT - 3) / 7));
    const plan = await things.find({ tags: 'while' }).explain();
    expect(JSON.stringify(plan)).to.contain('"indexName":"tags_1_n_-1"');
    await sound(storage);
  });

  it('is not used for queries before it is complete', async () => {
    const storage = await open();
    const things = collection(storage);
    await fill(things);
    const state = { done: false };
    const building = things.createIndex({ n: 1 }).then(() => (state.done = true));
    let looks = 0;
    for (;;) {
      const [names, plan, last] = [
        await things.indexes(),
        await things.find({ n: 2998 }).explain(),
        await things.findOne({ n: 2998 }),
      ];
      if (state.done) break;
      looks++;
      expect(names.map(({ name }) => name)).to.deep.equal(['_id_']);
      expect(JSON.stringify(plan)).to.contain('COLLSCAN');
      expect(last).to.include({ n: 2998 });
      await failure(() => things.find({}).hint('n_1').toArray());
    }
    await building;
    expect(looks).to.be.above(0);
    expect(JSON.stringify(await things.find({ n: 2998 }).explain())).to.contain('IXSCAN');
  });

  it('agrees with documents that are written meanwhile', async function () {
    this.timeout(120_000);
    const storage = await open(`file:${join(folder(), 'x.db')}`);
    const things = collection(storage);
    await fill(things, 4000);
    const random = seeded(7);
    const pick = (below: number): number => Math.floor(random() * below);
    let building = true;
    const builds = (async () => {
      await things.createIndex({ n: 1 }, { unique: true });
      await things.createIndex({ tags: 1 });
      await things.createIndex({ 'tags.a': 1, n: -1 }, { sparse: true });
      await things.createIndex({ text: 1 }, { partialFilterExpression: { n: { $gt: 2000 } } });
      building = false;
    })();
    let fresh = 10_000;
    const writer = async (): Promise<void> => {
      while (building) {
        const n = pick(4000);
        await things.updateOne({ n }, { $set: { tags: [pick(9), { a: pick(5) }] } });
        await things.updateOne({ n: pick(4000) }, { $set: { n: fresh++, text: `t${pick(50)}` } });
        await things.deleteOne({ n: pick(4000) });
        await things.insertOne({ n: fresh++, tags: pick(3) });
      }
    };
    await Promise.all([builds, writer(), writer(), writer()]);
    await sound(storage);
    const all = await things.find({}).hint({ $natural: 1 }).toArray();
    expect(await things.countDocuments({ n: { $gte: 10_000 } })).to.equal(
      all.filter(({ n }) => (n as number) >= 10_000).length,
    );
    expect((await failure(() => things.insertOne({ n: all[17]!.n }))).code).to.equal(11000);
  });

  it('fails at a duplicate, and leaves no index entries', async () => {
    const storage = await open();
    const things = collection(storage);
    await fill(things);
    await things.insertOne({ n: 5 });
    expect((await failure(() => things.createIndex({ n: 1 }, { unique: true }))).code).to.equal(11000);
    expect(await things.indexes()).to.have.length(1);
    await things.insertOne({ n: 6 });
    await things.deleteMany({ n: { $in: [5, 6] } });
    await things.createIndex({ n: 1 }, { unique: true });
    await sound(storage);
    // Of several, none is new when one fails.
    await things.insertMany([
      { n: -1, text: 1 },
      { n: -2, text: 1 },
    ]);
    const several = storage.connection.db!.collection('things');
    await failure(() =>
      several.createIndexes([
        { key: { tags: 1 }, name: 'tags_1' },
        { key: { text: 1 }, name: 'text_1', unique: true },
      ]),
    );
    expect((await things.indexes()).map(({ name }) => name)).to.deep.equal(['_id_', 'n_1']);
  });

  it('finds a duplicate that is written before or behind its position', async () => {
    const storage = await open();
    const things = collection(storage);
    await fill(things);
    // The place of the first is in the index at once, of the last only at the end.
    const early = things.createIndex({ n: 1 }, { unique: true });
    await setImmediate();
    const refused = await failure(() => things.insertOne({ n: 0 }));
    expect(refused.code).to.equal(11000);
    await early;
    await things.dropIndex('n_1');
    const late = failure(() => things.createIndex({ n: 1 }, { unique: true }));
    await things.insertOne({ n: 2999 });
    expect((await late).code).to.equal(11000);
    expect(await things.indexes()).to.have.length(1);
    await sound(storage);
  });

  it('upgrades a file of the previous format with its indexes', async () => {
    const path = join(folder(), 'x.db');
    const before = await open(`file:${path}`);
    await collection(before, 'things').insertMany([{ n: 1 }, { n: 2 }]);
    await collection(before, 'things').createIndex({ n: 1 });
    await before.close();
    const file = new Sqlite(path);
    file.exec('ALTER TABLE indexes DROP COLUMN progress; PRAGMA user_version = 1');
    file.close();
    const storage = await open(`file:${path}`);
    const things = collection(storage);
    expect(JSON.stringify(await things.find({ n: 2 }).explain())).to.contain('IXSCAN');
    await things.createIndex({ n: -1 });
    await sound(storage);
  });

  it('can be dropped with or without its collection while it is built', async () => {
    const storage = await open();
    const things = collection(storage);
    await fill(things);
    const building = things.createIndex({ n: 1 });
    await things.insertOne({ n: -1 });
    await things.drop();
    await building;
    expect(await things.countDocuments({})).to.equal(0);
    await sound(storage);
  });
});

describe('building an index, and several processes', () => {
  const { folder, open, collection } = workshop();

  async function builder(url: string): Promise<ChildProcess> {
    const child = forkFile('test/storage/building-process.ts', [url]);
    await once(child, 'message');
    return child;
  }

  it('can be continued after a kill, and is not used before that', async function () {
    this.timeout(120_000);
    const path = join(folder(), 'x.db');
    const storage = await open(`file:${path}`);
    const things = collection(storage);
    await fill(things, 12_000);
    const child = await builder(`file:${path}`);
    const file = new Sqlite(path);
    const progress = (): unknown => file.value('SELECT max(progress) FROM indexes');
    child.send('go');
    while (Number(progress() ?? 0) < 2000) await setImmediate();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(progress()).to.be.within(2000, 11_999);
    expect(await things.indexes()).to.have.length(1);
    expect(await things.countDocuments({ tags: 3, n: { $gt: 11_000 } })).to.equal(142);
    // Written after the crash, before and behind the place it had come to.
    await things.updateOne({ n: 3 }, { $set: { tags: ['after'] } });
    await things.updateOne({ n: 11_990 }, { $set: { tags: ['after'] } });
    await things.deleteOne({ n: 10 });
    await things.createIndex({ tags: 1, n: 1 });
    await sound(storage);
    expect(await things.countDocuments({ tags: 'after' })).to.equal(2);
    expect(JSON.stringify(await things.find({ tags: 'after' }).explain())).to.contain('IXSCAN');
    file.close();
  });

  it('is shared by two processes while a third writes', async function () {
    this.timeout(120_000);
    const url = `file:${join(folder(), 'x.db')}`;
    const storage = await open(url);
    const things = collection(storage);
    await fill(things, 8000);
    const children = [await builder(url), await builder(url)];
    const ended = children.map((child) => once(child, 'message'));
    for (const child of children) child.send('go');
    let building = 2;
    for (const end of ended) void end.then(() => building--);
    for (let n = 20_000; building > 0; n++) {
      await things.insertOne({ n, tags: ['meanwhile'] });
      await things.updateOne({ n: n - 20_000 }, { $set: { tags: [] } });
    }
    expect(await Promise.all(ended)).to.deep.equal([
      ['built', undefined],
      ['built', undefined],
    ]);
    expect((await things.indexes()).map(({ name }) => name).sort()).to.deep.equal([
      '_id_',
      'n_1',
      'tags_1_n_1',
    ]);
    await sound(storage);
  });
});
