import { expect } from 'chai';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openStorage, StorageError, verifyStorage } from '../../src/storage/index.js';
import { checkFormat } from '../../src/storage/embedded/open-file.js';
import { isBusy, Sqlite } from '../../src/storage/embedded/sqlite.js';
import { failure, workshop } from './support.js';

const mode = (path: string): number => statSync(path).mode & 0o777;

describe('the database file', () => {
  const { folder, open, collection } = workshop();

  it('is created with its folder, readable only by its owner', async () => {
    const path = join(folder(), 'deep', 'data', 'x.db');
    const storage = await open(`file:${path}`);
    await collection(storage).insertOne({ a: 1 });
    expect(mode(path)).to.equal(0o600);
    expect(mode(`${path}-wal`)).to.equal(0o600);
    expect(mode(join(path, '..'))).to.equal(0o700);
    expect(storage.engine).to.equal('embedded');
  });

  it('keeps what was written, in one file after closing', async () => {
    const path = join(folder(), 'x.db');
    const first = await open(`file:${path}`);
    await collection(first).createIndex({ a: 1 }, { unique: true });
    await collection(first).insertMany([{ a: 1 }, { a: 2 }]);
    await first.close();
    expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).to.equal(0);
    const second = await open(`file:${path}`);
    expect(await collection(second).countDocuments({ a: 2 })).to.equal(1);
    expect((await failure(() => collection(second).insertOne({ a: 1 }))).code).to.equal(11000);
    expect((await verifyStorage(second)).problems).to.deep.equal([]);
  });

  it('is named by a relative path, by an absolute one, and by a file URL', async () => {
    const path = join(folder(), 'с пробелом.db');
    for (const url of [`file:${path}`, `file://${encodeURI(path)}`]) {
      const storage = await open(url);
      await collection(storage).insertOne({});
      await storage.close();
    }
    const again = await open(`file:${path}`);
    expect(await collection(again).countDocuments({})).to.equal(2);
  });

  it('is separate for every storage in memory', async () => {
    const [item, two] = [await open(), await open()];
    await collection(item).insertOne({});
    expect(await collection(two).countDocuments({})).to.equal(0);
  });

  it('makes a collection once', async () => {
    const db = (await open()).connection.db!;
    await db.createCollection('x');
    expect((await failure(() => db.createCollection('x'))).code).to.equal(48);
  });

  it('can be closed twice, and refuses writes afterwards', async () => {
    const storage = await open();
    const things = collection(storage);
    await things.insertOne({});
    await storage.close();
    await storage.close();
    expect(await failure(() => things.insertOne({}))).to.be.instanceOf(Error);
  });

  it('waits for writes in progress when it is closed', async () => {
    const path = join(folder(), 'x.db');
    const storage = await open(`file:${path}`);
    const writes = Promise.all(Array.from({ length: 50 }, (_, n) => collection(storage).insertOne({ n })));
    await storage.close();
    await writes;
    const again = await open(`file:${path}`);
    expect(await collection(again).countDocuments({})).to.equal(50);
  });
});

interface BadFile {
  readonly title: string;
  /** Prepares the file and returns its URL. */
  readonly prepare: (folder: string) => string | Promise<string>;
  readonly message: RegExp;
}

async function realDatabase(path: string): Promise<void> {
  const storage = await openStorage({ url: `file:${path}` });
  await storage.connection
    .db!.collection('things')
    .insertMany(Array.from({ length: 500 }, (_, n) => ({ n, s: 'x'.repeat(100) })));
  await storage.close();
}

const BAD: readonly BadFile[] = [
  { title: 'no scheme', prepare: () => './x.db', message: /must begin with file:.*without a scheme/ },
  {
    title: 'an unknown scheme',
    prepare: () => 'postgres://u:secret@host/db',
    message: /must begin with file:, mongodb:\/\/ or mongodb\+srv:\/\/, not "postgres:"$/,
  },
  { title: 'no file name', prepare: () => 'file:', message: /names no file/ },
  { title: 'a folder name', prepare: (folder) => `file:${folder}/`, message: /names no file/ },
  { title: 'a folder', prepare: (folder) => `file:${folder}`, message: /is a directory/ },
  { title: 'parameters', prepare: (folder) => `file:${folder}/x.db?mode=ro`, message: /no "\?"/ },
  {
    title: 'a text file',
    prepare: (folder) => {
      writeFileSync(join(folder, 'x.db'), 'Список учителей\n'.repeat(50));
      return `file:${folder}/x.db`;
    },
    message: /is not a database of this program; it was left as it is/,
  },
  {
    title: 'a header with rubbish behind it',
    prepare: (folder) => {
      writeFileSync(
        join(folder, 'x.db'),
        Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(5000, 7)]),
      );
      return `file:${folder}/x.db`;
    },
    message: /truncated|not a database/,
  },
  {
    title: 'a truncated database',
    prepare: async (folder) => {
      // Under a name this process has not opened yet: then its beginning can still be read.
      const path = join(folder, 'x.db');
      await realDatabase(join(folder, 'whole.db'));
      copyFileSync(join(folder, 'whole.db'), path);
      truncateSync(path, 20_000);
      return `file:${path}`;
    },
    message: /is truncated: 20000 bytes of \d+; restore a backup/,
  },
  {
    title: 'an emptied database with a log',
    prepare: (folder) => {
      writeFileSync(join(folder, 'x.db'), '');
      writeFileSync(join(folder, 'x.db-wal'), 'log');
      return `file:${folder}/x.db`;
    },
    message: /empty but has a log/,
  },
  {
    title: "another program's database",
    prepare: (folder) => {
      const db = new Sqlite(join(folder, 'x.db'));
      db.exec('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)');
      db.close();
      return `file:${folder}/x.db`;
    },
    message: /is a database of another program; it was left as it is/,
  },
  {
    title: 'a database of a later version',
    prepare: async (folder) => {
      const path = join(folder, 'x.db');
      await realDatabase(path);
      const db = new Sqlite(path);
      db.exec('PRAGMA user_version = 99');
      db.close();
      return `file:${path}`;
    },
    message: /was written by a later version \(format 99, this version knows \d+\); update the program/,
  },
  {
    title: 'a folder that is a file',
    prepare: (folder) => {
      writeFileSync(join(folder, 'file'), '');
      return `file:${folder}/file/x.db`;
    },
    message: /cannot (open|create) the database .*not a folder/,
  },
];

describe('opening a database that another process makes at this moment', () => {
  const { folder } = workshop();

  it('never takes it for the database of another program', () => {
    const path = join(folder(), 'x.db');
    const other = new Sqlite(path);
    let reads = 0;
    // After its second read the other process writes its first table and its mark.
    class Interrupted extends Sqlite {
      override value(sql: string): unknown {
        const value = super.value(sql);
        if (++reads === 2) make();
        return value;
      }
    }
    function make(): void {
      try {
        other.exec('BEGIN IMMEDIATE; CREATE TABLE t (x); PRAGMA application_id = 0x4e617374; COMMIT');
      } catch (error) {
        if (!isBusy(error)) throw error;
      }
    }
    const db = new Interrupted(path);
    checkFormat(db, path);
    expect(reads).to.be.greaterThan(2);
    db.close();
    other.close();
  });
});

describe('opening a bad database', () => {
  const { folder } = workshop();

  for (const { title, prepare, message } of BAD) {
    it(`says in one line what is wrong with ${title}, and changes nothing`, async () => {
      const home = folder();
      const url = await prepare(home);
      const path = join(home, 'x.db');
      const before = existsSync(path) ? readFileSync(path) : undefined;
      const error = await failure(() => openStorage({ url }));
      expect(error).to.be.instanceOf(StorageError);
      expect(error.message).to.match(message);
      expect(error.message).to.not.match(/\n|secret/);
      if (before) expect(readFileSync(path).equals(before), 'the file is as it was').to.equal(true);
    });
  }

  it('says that a file is not writable', async function () {
    // Root may write everything.
    if (process.getuid?.() === 0) this.skip();
    const home = folder();
    const path = join(home, 'x.db');
    await realDatabase(path);
    chmodSync(path, 0o400);
    expect((await failure(() => openStorage({ url: `file:${path}` }))).message).to.match(
      /no permission to write it/,
    );
    const locked = join(home, 'locked');
    mkdirSync(locked, { mode: 0o500 });
    expect((await failure(() => openStorage({ url: `file:${locked}/y.db` }))).message).to.match(
      /permission denied/,
    );
  });

  it('says that MongoDB does not answer, without the password', async function () {
    this.timeout(120_000);
    const url = 'mongodb://user:secret@127.0.0.1:1/db?serverSelectionTimeoutMS=200';
    const error = await failure(() => openStorage({ url }));
    expect(error).to.be.instanceOf(StorageError);
    expect(error.message).to.match(/^cannot connect to MongoDB at 127\.0\.0\.1:1: /);
    expect(error.message).to.not.contain('secret');
  });
});
