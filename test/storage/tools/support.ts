import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import mongoose from 'mongoose';
import { nodeArgs } from '../../../scripts/built.js';
import { openStorage } from '../../../src/storage/index.js';
import { collectionOf, type Doc } from '../../contract/support.js';

const { Binary, BSONRegExp, Decimal128, Double, Int32, Long, ObjectId, Timestamp } = {
  ...mongoose.mongo,
  ...mongoose.mongo.BSON,
};

/** One document of every type, and `_id`s of several. */
export const UNKNOWN: readonly Doc[] = [
  { _id: new Int32(1), int: new Int32(1), double: new Double(1), long: Long.fromString('9007199254740993') },
  { _id: 'текст', text: 'строка\nс \u2028 разделителем', minusZero: new Double(-0), nan: NaN },
  {
    _id: new ObjectId('64b7f0c2a1b2c3d4e5f60718'),
    when: new Date(-1),
    decimal: Decimal128.fromString('1.10'),
  },
  { _id: { b: 1, a: [1, [2, { c: null }]] }, bytes: new Binary(Buffer.from([0, 255])), yes: true },
  { _id: new Date(5), pattern: new BSONRegExp('^ё', 'i'), time: new Timestamp({ t: 1, i: 2 }), tags: [] },
];

/** A database with every type, indexes of every kind, an empty collection, and `count` plain documents. */
export async function makeDatabase(url: string, count = 300): Promise<void> {
  const storage = await openStorage({ url });
  const plain = collectionOf(storage, 'plain');
  await plain.createIndex({ n: 1 }, { unique: true });
  await plain.createIndex({ tags: 1, n: -1 }, { name: 'by tag' });
  for (let at = 0; at < count; at += 1000) {
    const docs = Array.from({ length: Math.min(1000, count - at) }, (_, i) => ({
      n: at + i,
      tags: [i % 3, 'x'],
      text: 'т'.repeat(50),
    }));
    await plain.insertMany(docs);
  }
  const strange = collectionOf(storage, 'strange');
  await strange.insertMany([...UNKNOWN]);
  await strange.createIndex({ when: 1 }, { expireAfterSeconds: 1e9 });
  await strange.createIndex({ int: 1 }, { partialFilterExpression: { int: { $gt: 0 } } });
  await collectionOf(storage, 'empty').createIndex({ a: 1 }, { sparse: true });
  await storage.close();
  await letGo();
}

/**
 * Lets go of closed databases as the end of a process would: the library keeps a file open until its statements
 * are collected.
 */
export async function letGo(): Promise<void> {
  v8.setFlagsFromString('--expose-gc');
  (vm.runInNewContext('gc') as () => void)();
  await setImmediate();
  await setImmediate();
}

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs `npm run db -- …` without npm.
 * @param enough is asked again and again while the command runs; when it says yes the command is killed
 */
export async function db(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  enough?: () => Promise<boolean>,
): Promise<Outcome> {
  const child = spawn(process.execPath, nodeArgs('scripts/db.ts', ...args), {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const closed = once(child, 'close') as Promise<[number | null]>;
  // `exitCode` and `signalCode` are set when it has ended.
  while (enough && child.exitCode === null && child.signalCode === null) {
    if (await enough()) child.kill('SIGKILL');
    await setImmediate();
  }
  const [code] = await closed;
  return { code, out, err };
}
