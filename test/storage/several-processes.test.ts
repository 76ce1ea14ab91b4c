import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { verifyStorage } from '../../src/storage/index.js';
import { forkFile } from '../support/fork.js';
import { workshop } from './support.js';
import { db } from './tools/support.js';

const ADDITIONS = 150;

describe('a server and commands on one file', () => {
  const { folder, open, collection } = workshop();
  const clock = { running: false, turns: 0 };
  afterEach(() => (clock.running = false));

  async function counter(url: string): Promise<ChildProcess> {
    const child = forkFile('test/storage/writer-process.ts', ['count', url, String(ADDITIONS)]);
    await once(child, 'message');
    return child;
  }

  it('all succeed under contention without a busy error', async function () {
    this.timeout(120_000);
    const home = folder();
    const url = `file:${join(home, 'x.db')}`;
    const env = { DATABASE_URL: url };
    const storage = await open(url);
    const counters = collection(storage, 'counters');
    const things = collection(storage);
    await counters.insertOne({ _id: 'c', n: 0 });
    await things.insertMany(Array.from({ length: 5000 }, (_, n) => ({ n, tags: [n % 5] })));
    const children = [await counter(url), await counter(url)];
    const done = children.map((child) => once(child, 'message'));
    for (const child of children) child.send('go');

    clock.running = true;
    const loop = (async () => {
      for (; clock.running; clock.turns++) await setImmediate();
    })();
    const commands = Promise.all([
      db(['backup', join(home, 'b')], env),
      db(['verify'], env),
      db(['export', '--to', join(home, 'out')], env),
      db(['stats', '--json'], env),
    ]);
    // The server itself: writes, a large update, an index.
    for (let i = 0; i < ADDITIONS; i++) await counters.updateOne({ _id: 'c' }, { $inc: { n: 1 } });
    await Promise.all([things.updateMany({}, { $inc: { n: 1 } }), things.createIndex({ tags: 1 })]);

    expect(await Promise.all(done)).to.deep.equal(done.map(() => [{ kind: 'done', failed: 0 }, undefined]));
    for (const { code, err } of await commands) {
      expect(err.replace(/^\d+ % .*\n/gm, ''), 'but for progress').to.equal('');
      expect(code).to.equal(0);
    }
    clock.running = false;
    await loop;
    expect(clock.turns).to.be.above(100);
    expect((await counters.findOne({}))?.n).to.equal(3 * ADDITIONS);
    expect((await verifyStorage(storage)).problems).to.deep.equal([]);
  });
});
