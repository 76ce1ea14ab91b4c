import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sqlite } from '../../../src/storage/embedded/sqlite.js';
import { openStorage, StorageError, verifyStorage } from '../../../src/storage/index.js';
import { backup, compact, restore, statsOf } from '../../../src/storage/tools/index.js';
import { failure, workshop } from '../support.js';
import { db, letGo, makeDatabase } from './support.js';

const refusal = async (action: () => Promise<unknown>): Promise<string> => {
  const error = await failure(action);
  expect(error).to.be.instanceOf(StorageError);
  expect(error.message).to.not.match(/\n/);
  return error.message;
};

describe('backup', () => {
  const { folder, open, collection } = workshop();

  it('is a complete database in one file, readable only by its owner', async () => {
    const home = folder();
    const url = `file:${join(home, 'x.db')}`;
    await makeDatabase(url);
    const file = join(home, "it's a backup");
    const report = await backup(url, file);
    expect(report).to.include({ file, collections: 3, documents: 305, bytes: statSync(file).size });
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readdirSync(home).filter((name) => name.includes('backup'))).to.deep.equal(["it's a backup"]);
    const copy = await open(`file:${file}`);
    expect((await verifyStorage(copy)).ok).to.equal(true);
    expect(await collection(copy, 'plain').countDocuments({ n: { $gte: 100 } })).to.equal(200);
    expect((await failure(() => collection(copy, 'plain').insertOne({ n: 5 }))).code).to.equal(11000);
  });

  it('contains every write acknowledged before it, while others write', async function () {
    this.timeout(120_000);
    const home = folder();
    const path = join(home, 'x.db');
    await makeDatabase(`file:${path}`, 3000);
    const storage = await open(`file:${path}`);
    const plain = collection(storage, 'plain');
    let [going, n] = [true, 10_000];
    const writing = (async () => {
      while (going) {
        await plain.insertMany([{ n: n++ }, { n: n++ }]);
        await plain.updateMany({ n: { $gte: n - 40 } }, { $set: { tags: ['new', n] } });
      }
    })();
    const file = join(home, 'b');
    const before = n;
    const { code, err } = await db(['backup', file], { DATABASE_URL: `file:${path}` });
    going = false;
    await writing;
    expect(err).to.equal('');
    expect(code).to.equal(0);
    const copy = await open(`file:${file}`);
    expect((await verifyStorage(copy)).problems).to.deep.equal([]);
    const held = await collection(copy, 'plain').countDocuments({ n: { $gte: 10_000 } });
    expect(held)
      .to.be.at.least(before - 10_000)
      .and.at.most(n - 10_000);
    const last = await collection(copy, 'plain').find({}).sort({ n: -1 }).limit(1).next();
    expect(last?.n, 'no gaps').to.equal(10_000 + held - 1);
  });

  it('refuses in one line, and leaves no files', async () => {
    const home = folder();
    const url = `file:${join(home, 'x.db')}`;
    await makeDatabase(url, 10);
    const taken = join(home, 'taken');
    writeFileSync(taken, 'mine');
    expect(await refusal(() => backup(url, taken))).to.match(/^FILE: .*taken exists already/);
    expect(readFileSync(taken, 'utf8')).to.equal('mine');
    expect(await refusal(() => backup(url, join(home, 'no/b')))).to.match(/^FILE: there is no folder/);
    expect(await refusal(() => backup(`file:${home}/none.db`, join(home, 'b')))).to.match(
      /there is no database/,
    );
    expect(existsSync(join(home, 'none.db'))).to.equal(false);
    expect(await refusal(() => backup('mongodb://h/d', join(home, 'b')))).to.match(
      /^DATABASE_URL: .*mongodump/,
    );
    expect(readdirSync(home).filter((name) => !name.startsWith('x.db'))).to.deep.equal(['taken']);
  });
});

describe('restore', () => {
  const { folder, open, collection } = workshop();
  const now = new Date('2026-03-01T10:20:30Z');

  it('replaces the database and keeps the previous one', async () => {
    const home = folder();
    const url = `file:${join(home, 'x.db')}`;
    await makeDatabase(url);
    const file = join(home, 'b');
    await backup(url, file);
    await letGo();
    const bytes = readFileSync(file);
    const changed = await openStorage({ url });
    await collection(changed, 'plain').deleteMany({});
    await changed.close();
    await letGo();
    const kept = `${join(home, 'x.db')}.before-restore-2026-03-01T10-20-30`;
    expect(await restore(url, file, { now })).to.include({ collections: 3, documents: 305, kept });
    expect(readFileSync(file).equals(bytes), 'the backup is as it was').to.equal(true);
    const [after, before] = [await open(url), await open(`file:${kept}`)];
    expect(await collection(after, 'plain').countDocuments({})).to.equal(300);
    expect(await collection(before, 'plain').countDocuments({})).to.equal(0);
    expect((await verifyStorage(after)).ok).to.equal(true);
    expect(statSync(join(home, 'x.db')).mode & 0o777).to.equal(0o600);
    expect(readdirSync(home).filter((name) => name.includes('restoring'))).to.deep.equal([]);
  });

  it('creates a database if there is none', async () => {
    const home = folder();
    await makeDatabase(`file:${home}/x.db`, 10);
    await backup(`file:${home}/x.db`, join(home, 'b'));
    const report = await restore(`file:${home}/new/y.db`, join(home, 'b'));
    expect(report.kept).to.equal(undefined);
    expect(await collection(await open(`file:${home}/new/y.db`), 'plain').countDocuments({})).to.equal(10);
  });

  it('refuses while another process has the database open', async function () {
    this.timeout(120_000);
    const home = folder();
    const url = `file:${join(home, 'x.db')}`;
    await makeDatabase(url, 10);
    await backup(url, join(home, 'b'));
    const server = await open(url);
    const { code, err } = await db(['restore', join(home, 'b')], { DATABASE_URL: url });
    expect(err).to.match(/^another process has .*x\.db open: stop the server and other commands first\n$/);
    expect(code).to.equal(1);
    await collection(server, 'plain').insertOne({ n: 77 });
    expect(await collection(server, 'plain').countDocuments({})).to.equal(11);
  });

  it('changes nothing if the file is not an intact backup', async () => {
    const home = folder();
    const path = join(home, 'x.db');
    const url = `file:${path}`;
    await makeDatabase(url, 2000);
    const [cut, text, bent] = [join(home, 'cut'), join(home, 'text'), join(home, 'bent')];
    await backup(url, cut);
    truncateSync(cut, 40_000);
    writeFileSync(text, 'Список');
    await backup(url, bent);
    await letGo();
    const damaged = new Sqlite(bent);
    const index = damaged.value(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'x%' LIMIT 1",
    );
    damaged.exec(`DELETE FROM ${String(index)} WHERE seq = 7`);
    damaged.close();
    expect(await refusal(() => restore(url, cut))).to.match(/^FILE: .*cut is no sound backup.*truncated/);
    expect(await refusal(() => restore(url, text))).to.match(/^FILE: .*text is no sound backup/);
    expect(await refusal(() => restore(url, bent))).to.match(
      /^FILE: .*bent is no sound backup.*an entry is missing/,
    );
    expect(await refusal(() => restore(url, join(home, 'none')))).to.match(/^FILE: there is no file/);
    expect(await refusal(() => restore(url, home))).to.match(/^FILE: .* is not a file/);
    expect(await refusal(() => restore(url, path))).to.match(/^FILE: is the database itself/);
    expect(await collection(await open(url), 'plain').countDocuments({})).to.equal(2000);
    expect(readdirSync(home).filter((name) => name.includes('restor'))).to.deep.equal([]);
  });

  it('replaces a damaged database only with the option, and keeps it with its log', async () => {
    const home = folder();
    const path = join(home, 'x.db');
    await makeDatabase(`file:${path}`, 10);
    await backup(`file:${path}`, join(home, 'b'));
    await letGo();
    writeFileSync(path, 'rubbish'.repeat(1000));
    writeFileSync(`${path}-wal`, 'old log');
    expect(await refusal(() => restore(`file:${path}`, join(home, 'b')))).to.match(/damaged .*add --force/);
    const { kept } = await restore(`file:${path}`, join(home, 'b'), { force: true, now });
    expect(readFileSync(kept!, 'utf8')).to.match(/^rubbish/);
    expect(readFileSync(`${kept!}-wal`, 'utf8')).to.equal('old log');
    expect(await collection(await open(`file:${path}`), 'plain').countDocuments({})).to.equal(10);
  });
});

describe('compact', () => {
  const { folder, open, collection } = workshop();

  it('frees space and keeps all documents', async () => {
    const url = `file:${join(folder(), 'x.db')}`;
    await makeDatabase(url, 3000);
    const storage = await openStorage({ url });
    await collection(storage, 'plain').deleteMany({ n: { $gte: 100 } });
    expect((await statsOf(storage)).freeBytes).to.be.above(0);
    await storage.close();
    await letGo();
    const { bytesBefore, bytesAfter } = await compact(url);
    expect(bytesAfter).to.be.below(bytesBefore / 2);
    const after = await open(url);
    expect((await verifyStorage(after)).problems).to.deep.equal([]);
    expect(await collection(after, 'plain').countDocuments({})).to.equal(100);
    const stats = await statsOf(after);
    expect(stats).to.include({ engine: 'embedded', freeBytes: 0 });
    expect(stats.collections.map(({ name, documents }) => [name, documents])).to.deep.equal([
      ['empty', 0],
      ['plain', 100],
      ['strange', 5],
    ]);
    expect(stats.collections[1]!.indexes.map(({ name, entries }) => [name, entries])).to.deep.equal([
      ['n_1', 100],
      ['by tag', 200],
    ]);
  });

  it('refuses while another process has the database open', async function () {
    this.timeout(120_000);
    const url = `file:${join(folder(), 'x.db')}`;
    await makeDatabase(url, 10);
    await open(url);
    const { code, err } = await db(['compact'], { DATABASE_URL: url });
    expect(err).to.match(/^another process has .* open/);
    expect(code).to.equal(1);
  });
});

describe('npm run db', () => {
  const { folder, open, collection } = workshop();

  it('verifies while a server writes, and returns the result as exit code', async function () {
    this.timeout(120_000);
    const path = join(folder(), 'x.db');
    const env = { DATABASE_URL: `file:${path}` };
    await makeDatabase(`file:${path}`, 2000);
    const storage = await open(`file:${path}`);
    let [going, n] = [true, 10_000];
    const writing = (async () => {
      while (going) {
        await collection(storage, 'plain').insertOne({ n: n++ });
        await collection(storage, 'plain').updateOne({ n: n % 2000 }, { $push: { tags: n } });
      }
    })();
    const sound = await db(['verify', '--json'], env);
    going = false;
    await writing;
    expect(sound.code).to.equal(0);
    expect(JSON.parse(sound.out)).to.include({ ok: true, collections: 3 });
    await storage.close();
    const damage = new Sqlite(path);
    damage.exec('UPDATE c1 SET doc = (SELECT doc FROM c1 WHERE seq = 2) WHERE seq = 1');
    damage.close();
    const bad = await db(['verify'], env);
    expect(bad.code).to.equal(2);
    expect(bad.out).to.match(/stored under another _id/);
  });

  it('reports errors in one line', async function () {
    this.timeout(120_000);
    const home = folder();
    for (const [args, env, wrong] of [
      [
        ['verify'],
        { DATABASE_URL: `file:${home}/none.db` },
        /^DATABASE_URL: there is no database at .*none\.db\n$/,
      ],
      [['stats'], { DATABASE_URL: 'oracle:x' }, /^DATABASE_URL: must start with/],
      [['copy', '--from', `file:${home}/none.db`, '--to', './b'], {}, /^--to: must begin with file:/],
      [
        ['copy', '--from', `file:${home}/none.db`, '--to', `file:${home}/b.db`],
        {},
        /^--from: there is no database/,
      ],
      [['copy', '--from', 'file:a'], {}, /--to <URL>/],
    ] as const) {
      const { code, err } = await db(args, env);
      expect(err).to.match(wrong);
      expect(code).to.equal(1);
    }
    expect(readdirSync(home)).to.deep.equal([]);
  });
});
