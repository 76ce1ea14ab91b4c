import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Schema, type mongo } from 'mongoose';
import { openStorage, StorageError, type Migration } from '../../src/storage/index.js';
import { migrate, MIGRATIONS } from '../../src/storage/migrations/index.js';
import { copy } from '../../src/storage/tools/index.js';
import { programVersion } from '../../src/shared/version.js';
import { forkFile } from '../support/fork.js';
import { failure, workshop } from './support.js';

const silent = (number: number, up: Migration['up'] = () => Promise.resolve()): Migration => ({
  number,
  name: `m${number}`,
  up,
});

describe('migrations', () => {
  const { folder, collection } = workshop();

  it('are numbered without gaps, and each may run twice', async () => {
    expect(MIGRATIONS.map(({ number }) => number)).to.deep.equal(MIGRATIONS.map((_, i) => i + 1));
    const storage = await openStorage({ url: 'file::memory:' });
    for (const migration of [...MIGRATIONS, ...MIGRATIONS]) await migration.up(storage.connection.db!);
    await storage.close();
  });

  it('5: orders people of earlier versions by name, Ёлкин after Егоров, also when it runs twice', async () => {
    const storage = await openStorage({ url: 'file::memory:' });
    const people = collection(storage, 'people');
    const surnames = ['Ёлкин', 'Егоров', 'Жуков', 'Ежов'];
    await people.insertMany(surnames.map((surname) => ({ name: { surname, givenName: 'Иван' } })));
    for (let round = 0; round < 2; round += 1) await MIGRATIONS[4]!.up(storage.connection.db!);
    const found = await people.find({}).sort({ sortKey: 1 }).toArray();
    expect(found.map((row) => (row as unknown as { name: { surname: string } }).name.surname)).to.deep.equal([
      'Егоров',
      'Ежов',
      'Ёлкин',
      'Жуков',
    ]);
    await storage.close();
  });

  it('6: removes files that were asked for by earlier versions, and leaves their bytes to the sweep', async () => {
    const storage = await openStorage({ url: 'file::memory:' });
    const asked = collection(storage, 'result_exports');
    const files = collection(storage, 'files');
    await asked.insertOne({ createdBy: 'p' });
    await files.insertMany(['question-export', 'photo'].map((kind) => ({ owner: { kind, id: 'x' } })));
    for (const _twice of [1, 2]) await MIGRATIONS[5]!.up(storage.connection.db!);
    expect(await asked.countDocuments({})).to.equal(0);
    const kinds = (await files.find({}).toArray()).map(({ owner }) => (owner as { kind: string }).kind);
    expect(kinds.sort()).to.deep.equal(['export', 'photo']);
    await storage.close();
  });

  it('2: keeps the rows of the log of launches', async () => {
    const storage = await openStorage({ url: 'file::memory:' });
    const rows = collection(storage, 'launch_log');
    const seen = {
      at: new Date(0),
      stage: 'launch',
      requestId: 'r',
      accepted: true,
      verified: true,
      code: '',
    };
    const claims = [{ name: 'iss', value: 'https://lms.example.org' }];
    await rows.insertOne({ ...seen, claims, services: ['NRPS'], milliseconds: 3.5 });
    for (const _twice of [1, 2]) await MIGRATIONS[1]!.up(storage.connection.db!);
    const { _id, details, ...row } = (await rows.findOne({}))!;
    expect(row).to.deep.equal(seen);
    expect(JSON.parse(String(details))).to.deep.equal({ claims, services: ['NRPS'], milliseconds: 3.5 });
    await storage.close();
  });

  it('run in order before the indexes are built, are recorded, and do not run again', async () => {
    const url = `file:${join(folder(), 'x.db')}`;
    const before = await openStorage({ url, migrations: [] });
    await collection(before, 'slots').insertMany([{ old: 1 }, { old: 2 }]);
    await before.close();
    const ran: number[] = [];
    const rename = silent(2, async (db: mongo.Db) => {
      ran.push(2);
      await db.collection('slots').updateMany({ old: { $exists: true } }, { $rename: { old: 'fresh' } });
    });
    const first = silent(1, () => Promise.resolve(void ran.push(1)));
    const storage = await openStorage({ url, migrations: [first, rename] });
    const schema = new Schema({ fresh: Number }, { collection: 'slots' });
    schema.index({ fresh: 1 }, { unique: true });
    storage.connection.model('Slot', schema);
    // Without the migration both would be missing, and equal.
    await storage.ensureIndexes();
    await storage.ensureIndexes();
    expect(ran).to.deep.equal([1, 2]);
    const rows = await collection(storage, 'storage_migrations').find({}).sort({ _id: 1 }).toArray();
    expect(rows.map(({ _id, name, version }) => [_id, name, version])).to.deep.equal([
      [1, 'm1', programVersion],
      [2, 'm2', programVersion],
    ]);
    for (const { at } of rows) expect(at).to.be.instanceOf(Date);
    expect(await collection(storage, 'slots').countDocuments({ fresh: 2 })).to.equal(1);
    await storage.close();
  });

  it('continue with the one that failed', async () => {
    const storage = await openStorage({ url: 'file::memory:' });
    const db = storage.connection.db!;
    const ran: number[] = [];
    let broken = true;
    const list = [
      silent(1, () => Promise.resolve(void ran.push(1))),
      silent(2, () =>
        broken ? Promise.reject(new Error('no such field')) : Promise.resolve(void ran.push(2)),
      ),
      silent(3, () => Promise.resolve(void ran.push(3))),
    ];
    const error = await failure(() => migrate(db, list));
    expect(error).to.be.instanceOf(StorageError);
    expect(error.message).to.equal('migration 2 "m2" failed: no such field');
    broken = false;
    await migrate(db, list);
    expect(ran).to.deep.equal([1, 2, 3]);
    expect(await collection(storage, 'storage_locks').countDocuments({})).to.equal(0);
    await storage.close();
  });

  it('of a later version stop an older program with one line, and are copied with the database', async () => {
    const home = folder();
    const [url, other] = [`file:${join(home, 'x.db')}`, `file:${join(home, 'y.db')}`];
    const later = await openStorage({ url, migrations: [...MIGRATIONS, silent(MIGRATIONS.length + 1)] });
    await later.ensureIndexes();
    await later.close();
    const error = await failure(() => openStorage({ url }));
    expect(error).to.be.instanceOf(StorageError);
    expect(error.message).to.equal(
      `the database was changed by a later version (migration ${MIGRATIONS.length + 1} "m${MIGRATIONS.length + 1}" of version ${programVersion}, this version ${programVersion} knows ${MIGRATIONS.length}); update the program`,
    );
    expect((await failure(() => copy(url, other))).message).to.match(/^--from: .* later version/);
    const same = await openStorage({ url: other });
    await same.ensureIndexes();
    await same.close();
    const copied = `file:${join(home, 'z.db')}`;
    expect((await copy(other, copied)).map(({ name }) => name)).to.deep.equal(['storage_migrations']);
  });

  it('wait for a copy that was interrupted', async () => {
    const storage = await openStorage({ url: 'file::memory:' });
    await collection(storage, 'storage_transfers').insertOne({ from: 'x' });
    expect((await failure(() => storage.ensureIndexes())).message).to.match(
      /^a copy into this database was interr/,
    );
    await storage.close();
  });
});

describe('migrations and several processes', () => {
  const { folder, collection } = workshop();

  async function start(url: string, task: string): Promise<ChildProcess> {
    const child = forkFile('test/storage/migrating-process.ts', [url, task]);
    await once(child, 'message');
    return child;
  }

  const runs = async (url: string): Promise<unknown[]> => {
    const storage = await openStorage({ url, migrations: [silent(1), silent(2)] });
    const rows = await collection(storage, 'runs').find({}).sort({ _id: 1 }).toArray();
    await storage.close();
    return rows.map(({ n }) => n);
  };

  it('run once each when several processes start at the same time', async function () {
    this.timeout(120_000);
    const url = `file:${join(folder(), 'x.db')}`;
    const children = await Promise.all([1, 2, 3].map(() => start(url, 'all')));
    const ended = children.map((child) => once(child, 'exit'));
    for (const child of children) child.send('go');
    expect(await Promise.all(ended)).to.deep.equal(children.map(() => [0, null]));
    expect(await runs(url)).to.deep.equal([1, 1]);
  });

  it('repeat only the one during which a process was killed', async function () {
    this.timeout(120_000);
    const url = `file:${join(folder(), 'x.db')}`;
    const [killed, waiting] = [await start(url, 'stop'), await start(url, 'all')];
    killed.send('go');
    await once(killed, 'message');
    const ended = once(waiting, 'exit');
    waiting.send('go');
    killed.kill('SIGKILL');
    expect(await ended).to.deep.equal([0, null]);
    expect(await runs(url)).to.deep.equal([1, 2]);
  });
});
