import type { Suite, Test } from 'mocha';
import { openStorage, type Storage } from '../../src/storage/index.js';
import { collectionOf, type Collection, type Doc } from './collection.js';
import { LACKS, type Lack } from './lacks.js';

export { collectionOf, type Collection, type Cursor, type Doc } from './collection.js';

interface EngineUnderTest {
  readonly name: string;
  readonly url: () => string;
}

/** The embedded engine, or what speaks MongoDB's protocol at `MONGODB_URI` (emptied bit by bit). */
const ENGINE: EngineUnderTest = process.env.MONGODB_URI
  ? { name: process.env.MONGODB_SERVER ?? 'mongodb', url: () => process.env.MONGODB_URI ?? '' }
  : { name: 'embedded', url: () => 'file::memory:' };

export interface Bench {
  readonly storage: Storage;
  readonly engine: string;
  /** A new, empty collection holding these documents; `_id`s are 0, 1, 2 … where not given. */
  collection(docs?: readonly Doc[]): Promise<Collection>;
}

let made = 0;

/** Declares tests that every engine must pass. */
export function contract(title: string, declare: (bench: Bench) => void): void {
  describe(`${title} (${ENGINE.name})`, function () {
    let storage: Storage | undefined;
    const names: string[] = [];

    before(async () => {
      storage = await openStorage({ url: ENGINE.url() });
    });

    after(async () => {
      const models = Object.values(storage?.connection.models ?? {}).map((model) => model.collection.name);
      for (const name of [...names, ...models]) {
        await storage?.connection.db?.dropCollection(name).catch(() => false);
      }
      await storage?.close();
    });

    declare({
      engine: ENGINE.name,
      get storage() {
        if (!storage) throw new Error('the storage opens before the tests');
        return storage;
      },
      async collection(docs = []) {
        const name = `contract_${process.pid}_${made++}`;
        names.push(name);
        if (!storage) throw new Error('the storage opens before the tests');
        const collection = collectionOf(storage, name);
        if (docs.length > 0) await collection.insertMany(docs.map((doc, i) => ({ _id: i, ...doc })));
        return collection;
      },
    });
    account(title, this);
  });
}

interface Account {
  passed: number;
  failed: number;
  lacking: number;
}

const accounts = new Map<string, Account>();
const surprises: string[] = [];

/** Counts the group's results, and makes a case the server is known to lack pending. */
function account(group: string, suite: Suite): void {
  const counts: Account = { passed: 0, failed: 0, lacking: 0 };
  accounts.set(group, counts);
  const lacks = LACKS[ENGINE.name] ?? [];
  suite.eachTest((test: Test) => {
    const name = `${group}: ${test.fullTitle().slice(suite.fullTitle().length + 1)}`;
    const lack = lacks.find(({ cases }) => cases.test(name));
    if (lack) expectLack(test, lack, name);
  });
  suite.afterEach(function () {
    const state = this.currentTest?.state;
    if (state === 'passed') counts.passed++;
    else if (state === 'failed') counts.failed++;
    else counts.lacking++;
  });
}

/** Long enough for any case; a server that breaks the connection would let it wait on. */
const LACK_MS = 5000;

function expectLack(test: Test, { what }: Lack, name: string): void {
  const run = test.fn as (this: Mocha.Context) => Promise<void>;
  test.fn = async function (this: Mocha.Context) {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer')), LACK_MS);
    });
    try {
      await Promise.race([run.call(this), over]);
      surprises.push(name);
    } catch {
      test.title = `${test.title} (lacking: ${what})`;
      this.skip();
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The table of docs/storage.md, from this run. */
after(function () {
  const rows = [...accounts].filter(([, { passed, failed, lacking }]) => passed + failed + lacking > 0);
  if (rows.length === 0) return;
  const line = (name: string, { passed, failed, lacking }: Account): string =>
    `  ${name.padEnd(55)} ${String(passed).padStart(4)} passed ${String(failed).padStart(4)} failed ${String(lacking).padStart(4)} lacking\n`;
  const sum = (key: keyof Account): number => rows.reduce((total, [, counts]) => total + counts[key], 0);
  process.stdout.write(`\n  the contract on ${ENGINE.name}\n`);
  for (const [name, counts] of rows) process.stdout.write(line(name, counts));
  process.stdout.write(
    line('all', { passed: sum('passed'), failed: sum('failed'), lacking: sum('lacking') }),
  );
  for (const name of surprises) process.stdout.write(`  declared as lacking, but passes: ${name}\n`);
});

/** The error an action rejects with. Fails when it resolves. */
export async function failure(action: () => Promise<unknown>): Promise<Error & { code?: unknown }> {
  try {
    await action();
  } catch (error) {
    return error as Error & { code?: unknown };
  }
  throw new Error('expected an error');
}
