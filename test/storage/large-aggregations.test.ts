import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { mongo } from 'mongoose';
import { nodeArgs } from '../../scripts/built.js';
import { SHIFT_AT } from '../../src/storage/embedded/aggregate/shifting.js';
import { openStorage, type Storage } from '../../src/storage/index.js';
import type { Collection, Doc } from '../contract/support.js';
import { failure, workshop } from './support.js';

const COUNT = SHIFT_AT + 2000;

/** What the aggregations answer, whatever they run in: half of them is small enough to stay here. */
const PIPELINES: Readonly<Record<string, Doc[]>> = {
  $group: [
    { $group: { _id: '$k', n: { $sum: 1 }, last: { $max: '$at' }, who: { $addToSet: '$who' } } },
    { $set: { who: { $sortArray: { input: '$who', sortBy: 1 } } } },
    { $sort: { _id: 1 } },
  ],
  '$match and $sortByCount': [{ $match: { n: { $gte: 100 } } }, { $sortByCount: '$k' }],
  '$unwind and $group': [
    { $unwind: '$tags' },
    { $group: { _id: '$tags', n: { $sum: 1 }, missing: { $first: '$no.such' } } },
    { $sort: { _id: 1 } },
  ],
  '$project and $sort': [
    { $project: { _id: 0, n: 1, who: 1, half: { $divide: ['$n', 2] }, none: '$nothing' } },
    { $sort: { half: -1 } },
    { $limit: 1500 },
  ],
  $facet: [
    {
      $facet: {
        by: [{ $bucket: { groupBy: '$n', boundaries: [0, 5, 1e9] } }],
        all: [{ $count: 'n' }],
      },
    },
  ],
};

const hex = (doc: Doc): string => Buffer.from(mongo.BSON.serialize(doc)).toString('hex');

async function fill(things: Collection, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1000) {
    await things.insertMany(
      Array.from({ length: 1000 }, (_, i) => ({
        n: at + i,
        k: (at + i) % 9,
        at: new Date(at + i),
        who: i % 2 === 0 ? 'Ёлкина' : null,
        tags: ['a', i % 3],
      })),
    );
  }
}

describe('large aggregations', () => {
  const { folder, open, collection } = workshop();
  let filled: string;
  let memory: Storage;
  /** In the process itself, for it has no file that a thread could open. No test changes it. */
  let inMemory: Collection;

  before(async function () {
    this.timeout(120_000);
    filled = mkdtempSync(join(tmpdir(), 'nastavnik-large-'));
    const storage = await openStorage({ url: `file:${join(filled, 'x.db')}` });
    await fill(collection(storage), COUNT);
    await storage.close();
    memory = await openStorage({ url: 'file::memory:' });
    inMemory = collection(memory);
    await fill(inMemory, COUNT);
  });
  after(async () => {
    await memory.close();
    rmSync(filled, { recursive: true, force: true });
  });

  /** The address of a database of this test's own, filled. */
  function copyOfFilled(): string {
    const copy = folder();
    cpSync(filled, copy, { recursive: true });
    return `file:${join(copy, 'x.db')}`;
  }

  it('give the same result in the thread as in the process, decoded as requested', async function () {
    this.timeout(120_000);
    const things = collection(await open(copyOfFilled()));
    for (const [name, pipeline] of Object.entries(PIPELINES)) {
      const here = await inMemory.aggregate(pipeline).toArray();
      expect(here.length, name).to.be.above(0);
      expect(await things.aggregate(pipeline).toArray(), name).to.deep.equal(here);
      // Numbers worked out here are plain, there they have a type: as BSON they are the same.
      const exact = await things.aggregate(pipeline, { promoteValues: false }).toArray();
      expect(exact.map(hex), name).to.deep.equal(here.map(hex));
    }
  });

  it('do not block the event loop or other queries, and see acknowledged writes', async function () {
    this.timeout(120_000);
    const things = collection(await open(copyOfFilled()));
    await things.insertOne({ n: -1, k: 'fresh' });
    const pipeline = [{ $group: { _id: '$n', k: { $first: '$k' } } }, { $sort: { _id: -1 } }];
    /** Asks other queries while this one runs, and counts how many were answered. */
    const meanwhile = async (work: Promise<unknown>): Promise<number> => {
      const state = { going: true };
      void work.finally(() => (state.going = false));
      let turns = 0;
      while (state.going) {
        expect(await things.countDocuments({ n: -1 })).to.equal(1);
        await setImmediate();
        turns++;
      }
      return turns;
    };
    const work = things.aggregate(pipeline).toArray();
    const turns = await meanwhile(work);
    const groups = await work;
    expect(groups).to.have.length(COUNT + 1);
    expect(groups.at(-1)).to.deep.equal({ _id: -1, k: 'fresh' });
    // Work in one piece, here, leaves room for few.
    const inOnePiece = await meanwhile(inMemory.aggregate(pipeline).toArray());
    expect(turns).to.be.above(inOnePiece);
  });

  it('can be closed early, fail with their own errors, and end with the storage', async function () {
    this.timeout(120_000);
    const storage = await open(copyOfFilled());
    const things = collection(storage);
    const cursor = things.aggregate([{ $sort: { who: 1, n: -1 } }, { $set: { x: 1 } }, { $sort: { n: 1 } }]);
    expect(await cursor.next()).to.include({ n: 0 });
    const error = await failure(() =>
      things.aggregate([{ $group: { _id: '$n' } }, { $set: { x: { $divide: ['$_id', 0] } } }]).toArray(),
    );
    expect(error.name).to.equal('MongoServerError');
    expect(error.message).to.equal(
      (
        await failure(() =>
          inMemory
            .aggregate([{ $group: { _id: '$n' } }, { $set: { x: { $divide: ['$_id', 0] } } }])
            .toArray(),
        )
      ).message,
    );
    const late = failure(() =>
      things.aggregate([{ $unwind: '$tags' }, { $group: { _id: '$n' } }, { $sort: { _id: 1 } }]).toArray(),
    );
    await setImmediate();
    await storage.close();
    expect(await late).to.be.instanceOf(Error);
  });

  it('count documents made by $unwind, and explain the pipeline', async function () {
    this.timeout(120_000);
    const item = await open(`file:${join(folder(), 'x.db')}`);
    const few = collection(item);
    await few.insertMany(
      Array.from({ length: 300 }, (_, n) => ({ n, list: Array.from({ length: 100 }, (__, i) => i) })),
    );
    const groups = await few
      .aggregate([{ $unwind: '$list' }, { $group: { _id: '$list', n: { $sum: 1 } } }, { $sort: { _id: 1 } }])
      .toArray();
    expect(groups).to.have.length(100);
    expect(groups[7]).to.deep.equal({ _id: 7, n: 300 });
    await fill(few, COUNT);
    const plan = await few.aggregate([{ $group: { _id: '$k' } }]).explain();
    expect(plan.executionStats).to.include({ totalDocsExamined: COUNT + 300, nReturned: 10 });
  });

  it('let a script close the storage and exit', async function () {
    this.timeout(120_000);
    const args = nodeArgs('test/storage/aggregating-process.ts', copyOfFilled());
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).to.equal('9 groups\n');
  });
});
