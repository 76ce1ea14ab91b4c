import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { verifyStorage } from '../../src/storage/index.js';
import { forkFile } from '../support/fork.js';
import { rounds } from '../support/rounds.js';
import { failure, workshop } from './support.js';

/** What the child tells about a write: begun, or acknowledged. */
interface Note {
  readonly kind: 'ready' | 'acknowledged' | 'done';
  readonly key?: string;
  /** How many updates of it are through. */
  readonly steps?: number;
  readonly failed?: number;
}

function startWriter(...args: string[]): ChildProcess {
  return forkFile('test/storage/writer-process.ts', args);
}

const noted = (child: ChildProcess, wanted: (note: Note) => boolean): Promise<Note> =>
  new Promise((resolve, reject) => {
    child.on('message', (note: Note) => {
      if (wanted(note)) resolve(note);
    });
    child.on('exit', (code) => reject(new Error(`the writer ended early (${code ?? 'killed'})`)));
  });

/** `npm run test:crash` asks for 50. */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? rounds(3, 20));

describe('a process that is killed', () => {
  const { folder, open, collection } = workshop();

  it('loses no acknowledged write and leaves no partial one', async function () {
    this.timeout(30_000 + ROUNDS * 30_000);
    const url = `file:${join(folder(), 'x.db')}`;
    /** Key → how many updates of it were acknowledged. */
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const child = startWriter('flood', url, `r${round}`);
      let enough: () => void = () => undefined;
      const reached = new Promise<void>((resolve) => (enough = resolve));
      // Some rounds end among the inserts, others among the updates.
      const last = 100 + ((round * 137) % 700);
      let count = 0;
      child.on('message', ({ kind, key, steps = 0 }: Note) => {
        if (kind !== 'acknowledged' || key === undefined) return;
        acknowledged.set(key, steps);
        if (++count === last) enough();
      });
      await reached;
      child.kill('SIGKILL');
      await once(child, 'exit');

      const storage = await open(url);
      const docs = await collection(storage).find({}).toArray();
      const found = new Map(docs.map((doc) => [doc.key as string, doc]));
      for (const [key, steps] of acknowledged) {
        expect(found.get(key)?.steps, `${key}: what was acknowledged`).to.be.at.least(steps);
      }
      for (const { key, steps, trail } of docs) {
        expect(trail, `${String(key)}: both halves of an update`).to.have.length(steps as number);
      }
      const report = await verifyStorage(storage);
      expect(report.problems).to.deep.equal([]);
      expect(report.documents).to.equal(found.size);
      await storage.close();
    }
    expect(acknowledged.size).to.be.above(ROUNDS * 100);
  });
});

describe('two processes on one file', () => {
  const { folder, open, collection } = workshop();

  it('write in turn and lose nothing', async function () {
    this.timeout(120_000);
    const url = `file:${join(folder(), 'x.db')}`;
    const storage = await open(url);
    const counters = collection(storage, 'counters');
    await counters.insertOne({ _id: 'c', n: 0 });
    const child = startWriter('count', url, '300');
    await noted(child, ({ kind }) => kind === 'ready');
    const done = noted(child, ({ kind }) => kind === 'done');
    child.send('go');
    for (let i = 0; i < 300; i++) await counters.updateOne({ _id: 'c' }, { $inc: { n: 1 } });
    expect((await done).failed).to.equal(0);
    expect((await counters.findOne({}))?.n).to.equal(600);
    expect((await verifyStorage(storage)).problems).to.deep.equal([]);
  });

  it('wait for a lock without blocking the event loop', async function () {
    this.timeout(120_000);
    const url = `file:${join(folder(), 'x.db')}`;
    const storage = await open(url);
    await collection(storage).insertOne({ n: 0 });
    const child = startWriter('hold', url);
    await noted(child, ({ kind }) => kind === 'ready');
    let settled = false;
    const write = collection(storage)
      .insertOne({ n: 1 })
      .finally(() => (settled = true));
    // Reads are served, turn by turn, while the write waits.
    for (let turn = 0; turn < 100; turn++) {
      expect(await collection(storage).countDocuments({ n: 0 })).to.equal(1);
      await setImmediate();
    }
    expect(settled).to.equal(false);
    child.send('release');
    await write;
    expect(await collection(storage).countDocuments({ n: 1 })).to.equal(1);
  });

  it('see and maintain collections and indexes that the other one made', async () => {
    const url = `file:${join(folder(), 'x.db')}`;
    const [item, two] = [await open(url), await open(url)];
    const [mine, theirs] = [collection(item), collection(two)];
    expect(await theirs.countDocuments({})).to.equal(0);
    await mine.insertOne({ a: 1, list: 1 });
    expect(await theirs.countDocuments({ a: 1 })).to.equal(1);
    await theirs.createIndex({ a: 1 }, { unique: true });
    // A writer that has not heard of the index keeps it all the same.
    expect((await failure(() => mine.insertOne({ a: 1 }))).code).to.equal(11000);
    await mine.insertOne({ a: 2, list: 5 });
    expect(await theirs.find({ a: 2 }).toArray()).to.have.length(1);
    // A plan made for plain values does not survive the first array.
    await mine.createIndex({ list: 1 });
    const between = { list: { $gt: 5, $lt: 8 } };
    expect(await theirs.find(between).toArray()).to.have.length(0);
    await mine.insertOne({ a: 3, list: [1, 10] });
    expect(await theirs.find(between).toArray()).to.have.length(1);
    expect(await theirs.countDocuments(between)).to.equal(1);
    await mine.dropIndex('list_1');
    expect(await theirs.countDocuments({ list: 5 })).to.equal(1);
    await mine.drop();
    expect(await theirs.countDocuments({})).to.equal(0);
    await theirs.insertOne({ a: 1 });
    expect((await verifyStorage(item)).problems).to.deep.equal([]);
  });
});
