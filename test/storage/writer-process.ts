import { Sqlite } from '../../src/storage/embedded/sqlite.js';
import { openStorage } from '../../src/storage/index.js';
import { collectionOf } from '../contract/collection.js';

/** The other process of crash.test.ts. */
const [task, url = '', argument = ''] = process.argv.slice(2);
const tell = (note: object): void => void process.send?.(note);

switch (task) {
  case 'flood':
    await flood();
    break;
  case 'count':
    await count(Number(argument));
    break;
  case 'hold':
    await hold();
    break;
  default:
    throw new Error(`no such task: ${task}`);
}

/** Writes of all kinds, many in flight, until killed; tells each one that was acknowledged. */
async function flood(): Promise<void> {
  const storage = await openStorage({ url });
  const things = collectionOf(storage, 'things');
  await things.createIndex({ key: 1 }, { unique: true });
  await things.createIndex({ tags: 1, n: -1 });
  let made = 0;
  const writer = async (): Promise<void> => {
    for (;;) {
      const key = `${argument}-${made++}`;
      await things.insertOne({ key, n: made, tags: ['x', `t${made % 5}`], steps: 0, trail: [] });
      tell({ kind: 'acknowledged', key, steps: 0 });
      for (let steps = 1; steps < 4; steps++) {
        const push = { tags: `u${made % 3}`, trail: steps };
        await things.updateOne({ key }, { $inc: { n: 1000, steps: 1 }, $push: push });
        tell({ kind: 'acknowledged', key, steps });
      }
      if (made % 10 === 0) await things.updateMany({ tags: 'u1', n: { $lt: 2000 } }, { $inc: { n: 1 } });
    }
  };
  await Promise.all(Array.from({ length: 200 }, writer));
}

async function count(times: number): Promise<void> {
  const storage = await openStorage({ url });
  const counters = collectionOf(storage, 'counters');
  tell({ kind: 'ready' });
  await new Promise((resolve) => process.once('message', resolve));
  let failed = 0;
  for (let i = 0; i < times; i++) {
    await counters.updateOne({ _id: 'c' }, { $inc: { n: 1 } }).catch(() => failed++);
  }
  await storage.close();
  tell({ kind: 'done', failed });
  process.disconnect();
}

/** Holds the write lock until told to release it. */
async function hold(): Promise<void> {
  const db = new Sqlite(url.slice('file:'.length));
  db.exec('BEGIN IMMEDIATE');
  tell({ kind: 'ready' });
  await new Promise((resolve) => process.once('message', resolve));
  db.exec('COMMIT');
  process.disconnect();
}
