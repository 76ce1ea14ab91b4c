/**
 * `npm run bench:storage`: the embedded engine beside plain statements on the same SQLite library in the same
 * run: the same documents, the same BSON, one transaction per write. Sides take turns, so that a busy machine
 * slows both; what counts are the ratios.
 *
 *   DOCUMENTS=1000000 ROUNDS=5 MS=400
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measured } from './measured.js';
import { PlainTable } from './plain-table.js';
import {
  COURSE_SIZE,
  documentOf,
  idOf,
  openThings,
  type Sqlite,
  type Thing,
  type Things,
} from './storage-data.js';

const DOCUMENTS = Number(process.env.DOCUMENTS ?? 1_000_000);
const SMALL = 10_000;
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const ROUND_MS = Number(process.env.MS ?? 400);
const root = path.resolve(import.meta.dirname, '../..');

type Act = (turn: number) => unknown;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

let turn = 0;

/** Calls per second; `at` calls are under way at any time. */
async function rate(act: Act, at = 1): Promise<number> {
  const begun = performance.now();
  const until = begun + ROUND_MS;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      await act(turn++);
      done++;
    }
  };
  await Promise.all(Array.from({ length: at }, lane));
  return (done * 1000) / (performance.now() - begun);
}

const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);

const results: { name: string; ratio: number; wanted: number | undefined }[] = [];

/** Lets the sides take turns and prints their rates; `wanted` is the least share of the plain rate. */
async function compare(
  name: string,
  sides: { plain: Act; engine: Act; lean?: Act; at?: number; wanted?: number },
): Promise<void> {
  const acts = [sides.plain, sides.engine, ...(sides.lean ? [sides.lean] : [])];
  const rates = acts.map((): number[] => []);
  for (const act of acts) await rate(act, sides.at);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, act] of acts.entries())
      rates[i]?.push(await rate(act, act === sides.plain ? 1 : sides.at));
  }
  const [plain = 0, engine = 0, lean] = rates.map(median);
  const share = (value: number): string =>
    `${figure(value).padStart(8)} ${((value / plain) * 100).toFixed(0).padStart(4)} %`;
  console.log(
    `${name.padEnd(52)} ${figure(plain).padStart(8)} ${share(engine)} ${lean === undefined ? '' : share(lean)}`,
  );
  results.push({ name, ratio: Math.min(engine, lean ?? engine) / plain, wanted: sides.wanted });
}

async function fill(things: Things, plain: PlainTable, from: number, to: number): Promise<[number, number]> {
  let [engineMs, plainMs] = [0, 0];
  for (let at = from; at < to; at += 1000) {
    const batch = Array.from({ length: Math.min(to - at, 1000) }, (_, i) => documentOf(at + i));
    let begun = performance.now();
    await things.collection.insertMany(batch);
    engineMs += performance.now() - begun;
    begun = performance.now();
    plain.insertMany(batch);
    plainMs += performance.now() - begun;
  }
  return [engineMs, plainMs];
}

const find20 = (things: Things, count: number) => (): Promise<Thing[]> => {
  const { courseId, at } = somewhere(count);
  return things.collection
    .find({ courseId, at: { $gte: at } })
    .sort({ at: 1 })
    .limit(20)
    .toArray();
};

/** A repeatable walk over the documents that no cache follows. */
let walk = 0;
const some = (count: number): number => (walk = (walk * 48_271 + 11) % 2_147_483_647) % count;
const somewhere = (count: number): Thing => {
  const course = some(Math.ceil(count / COURSE_SIZE)) * COURSE_SIZE;
  return documentOf(course + some(COURSE_SIZE - 40));
};

async function reads(things: Things, plain: PlainTable, count: number): Promise<[number, number]> {
  const size = count.toLocaleString('en');
  await compare(`find by _id among ${size}`, {
    plain: () => plain.byId(idOf(some(count))),
    engine: () => things.collection.findOne({ _id: idOf(some(count)) }),
    lean: () =>
      things.model
        .findById(idOf(some(count)))
        .lean()
        .exec(),
    wanted: 0.25,
  });
  await compare(`find by a unique index among ${size}`, {
    plain: () => {
      const { courseId, personId } = somewhere(count);
      return plain.byPerson(courseId, personId);
    },
    engine: () => {
      const { courseId, personId } = somewhere(count);
      return things.collection.findOne({ courseId, personId });
    },
    lean: () => {
      const { courseId, personId } = somewhere(count);
      return things.model.findOne({ courseId, personId }).lean().exec();
    },
    wanted: 0.25,
  });
  await compare(`find 20 of ${size} by an index, in order`, {
    plain: () => {
      const { courseId, at } = somewhere(count);
      return plain.twenty(courseId, at);
    },
    engine: find20(things, count),
    lean: () => {
      const { courseId, at } = somewhere(count);
      return things.model
        .find({ courseId, at: { $gte: at } })
        .sort({ at: 1 })
        .limit(20)
        .lean()
        .exec();
    },
    wanted: 0.25,
  });
  const byId = await Promise.all([rate(() => things.collection.findOne({ _id: idOf(some(count)) }))]);
  return [byId[0], await rate(find20(things, count))];
}

async function writes(things: Things, plain: PlainTable, count: number): Promise<void> {
  let made = count;
  const fresh = (): Thing => documentOf(made++);
  await compare('durable inserts, one after another', {
    plain: () => plain.insert(fresh()),
    engine: () => things.collection.insertOne(fresh()),
    wanted: 0.5,
  });
  await compare('durable inserts, 64 at once', {
    plain: () => plain.insert(fresh()),
    engine: () => things.collection.insertOne(fresh()),
    at: 64,
    wanted: 0.5,
  });
  const take = (index: number): Promise<unknown> =>
    things.collection.findOneAndUpdate(
      { _id: idOf(index), seats: { $gt: 0 } },
      { $inc: { seats: -1 } },
      { returnDocument: 'after' },
    );
  await compare('conditional findOneAndUpdate, 64 at once, one document', {
    plain: () => plain.take(idOf(7)),
    engine: () => take(7),
    at: 64,
    wanted: 0.5,
  });
  await compare('conditional findOneAndUpdate, 64 at once, 1,000', {
    plain: () => plain.take(idOf(some(1000))),
    engine: () => take(some(1000)),
    at: 64,
    wanted: 0.5,
  });
  const large = 'x'.repeat(4000);
  const first = made;
  const big = Array.from({ length: 1000 }, () => ({ ...fresh(), note: large }));
  await things.collection.insertMany(big);
  plain.insertMany(big);
  const pick = (): Thing['_id'] => idOf(first + some(1000));
  await compare('one field of a 4 KB document, one after another', {
    plain: (n) => plain.setSeats(pick(), n),
    engine: (n) => things.collection.updateOne({ _id: pick() }, { $set: { seats: n } }),
    wanted: 0.25,
  });
  await compare('one field of a 4 KB document, 64 at once', {
    plain: (n) => plain.setSeats(pick(), n),
    engine: (n) => things.collection.updateOne({ _id: pick() }, { $set: { seats: n } }),
    at: 64,
    wanted: 0.5,
  });
}

async function aggregation(things: Things, plain: PlainTable): Promise<void> {
  const courses = Array.from({ length: 100_000 / COURSE_SIZE }, (_, i) => `c${i}`);
  await compare('grouping 100,000 documents', {
    plain: () => plain.group(courses),
    engine: () =>
      things.collection
        .aggregate([
          { $match: { courseId: { $in: courses } } },
          { $group: { _id: '$state', count: { $sum: 1 }, seats: { $avg: '$seats' } } },
        ])
        .toArray(),
  });
}

async function run(): Promise<void> {
  const file = path.join(folder, 'engine.db');
  const things = await openThings(file);
  const { Sqlite: Library } = (await import(path.join(root, 'dist/storage/embedded/sqlite.js'))) as {
    Sqlite: typeof Sqlite;
  };
  const plain = new PlainTable(new Library(path.join(folder, 'plain.db')));
  console.log(`Node ${process.version}`);
  console.log(`${'calls per second'.padEnd(52)}    plain   engine          lean`);
  await fill(things, plain, 0, SMALL);
  const small = await reads(things, plain, SMALL);
  const [engineMs, plainMs] = await fill(things, plain, SMALL, DOCUMENTS);
  console.log(
    `filling up to ${DOCUMENTS.toLocaleString('en')}: engine ${(engineMs / 1000).toFixed(0)} s, plain ${(plainMs / 1000).toFixed(0)} s; ` +
      `${((await stat(file)).size / 1048576).toFixed(0)} MB on disk`,
  );
  const large = await reads(things, plain, DOCUMENTS);
  await writes(things, plain, DOCUMENTS);
  await aggregation(things, plain);
  const begun = performance.now();
  const report = await things.verify();
  console.log(
    `verifying ${report.documents.toLocaleString('en')} documents: ${((performance.now() - begun) / 1000).toFixed(0)} s, ${report.problems.length} problems`,
  );
  await things.close();
  plain.close();
  const growth = small.map((before, i) => before / (large[i] ?? 1));
  console.log(
    `${DOCUMENTS.toLocaleString('en')} against ${SMALL.toLocaleString('en')} documents: by _id ${growth[0]?.toFixed(2)} times the time, 20 by an index ${growth[1]?.toFixed(2)} times`,
  );
  console.log(`resident memory of a process at work on it: ${(await resident(file)).toFixed(0)} MB`);
  for (const { name, ratio, wanted } of results) {
    if (wanted !== undefined && ratio < wanted) {
      console.log(`SHORT: ${name}: ${(ratio * 100).toFixed(0)} % of plain, wanted ${wanted * 100} %`);
    }
  }
}

/** Of a process of its own: this one holds two databases and the loader of TypeScript. */
async function resident(file: string): Promise<number> {
  const worker = measured('scripts/bench/resident.mjs', { FILE: file, DOCUMENTS: String(DOCUMENTS) });
  await new Promise<void>((resolve) => {
    worker.child.on('message', (message) => {
      if (message === 'done') resolve();
    });
  });
  const { rssMb } = await worker.usage();
  await worker.stop();
  return rssMb;
}

const build = spawnSync(process.execPath, ['scripts/build.mjs'], {
  cwd: root,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);

const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-storage-bench-'));
try {
  await run();
} finally {
  await rm(folder, { recursive: true, force: true });
}
