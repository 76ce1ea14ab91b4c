/** `npm run test:mongo`: what `npm run db` does between the embedded engine and the server at MONGODB_URI. */
import { expect } from 'chai';
import { join } from 'node:path';
import { openStorage, type Storage } from '../../src/storage/index.js';
import { copy, exportTo, importFrom, statsOf, type Transferred } from '../../src/storage/tools/index.js';
import { MIGRATIONS } from '../../src/storage/migrations/index.js';
import { MIGRATED } from '../../src/storage/names.js';
import { collectionOf } from '../contract/support.js';
import { workshop } from '../storage/support.js';
import { db, makeDatabase } from '../storage/tools/support.js';

const sums = (collections: readonly Transferred[]): unknown[] =>
  collections.map(({ name, documents, indexes, sha256 }) => [name, documents, indexes, sha256]);

const far = (storage: Storage, name: string) => collectionOf(storage, name);

describe('npm run db and MongoDB', function () {
  this.timeout(120_000);
  const { folder, open } = workshop();
  const server = process.env.MONGODB_URI ?? '';
  let made = 0;
  let used: string[] = [];

  /** The URL of an empty database on the server, gone after the test. */
  function empty(): string {
    const url = new URL(server);
    url.pathname = `/nastavnik-tools-${process.pid}-${made++}`;
    used.push(url.href);
    return url.href;
  }

  before('MONGODB_URI says where', () => expect(server).to.match(/^mongodb/));

  afterEach(async () => {
    for (const url of used) {
      // Closed here: whatever stays open keeps the whole run from ending.
      const storage = await openStorage({ url });
      await storage.connection.dropDatabase();
      await storage.close();
    }
    used = [];
  });

  it('copies every type, document and index to MongoDB and back', async () => {
    const home = folder();
    const [here, there, back] = [`file:${home}/a.db`, empty(), `file:${home}/b.db`];
    await makeDatabase(here, 2500);
    const sent = await copy(here, there);
    expect(sent.map(({ documents, indexes }) => [documents, indexes])).to.deep.equal([
      [0, 1],
      [2500, 2],
      [5, 2],
    ]);
    const storage = await open(there);
    const names = (await far(storage, 'plain').indexes()).map(({ name }) => name as string);
    expect(names.sort()).to.deep.equal(['_id_', 'by tag', 'n_1']);
    expect(sums(await copy(there, back))).to.deep.equal(sums(sent));
  });

  it('continues a copy that was killed', async () => {
    const home = folder();
    const [here, there] = [`file:${home}/a.db`, empty()];
    await makeDatabase(here, 20_000);
    const plain = far(await open(there), 'plain');
    const killed = await db(['copy', '--from', here, '--to', there], {}, async () => {
      return (await plain.countDocuments({})) >= 3000;
    });
    expect(killed.code, 'it was killed').to.equal(null);
    const before = await plain.countDocuments({});
    expect(before).to.be.within(3000, 19_999);
    const { code, out, err } = await db(['copy', '--from', here, '--to', there], {});
    expect(code, err).to.equal(0);
    expect(out).to.match(/^plain +20000 +documents, equal on both sides/m);
  });

  it('imports what it exported', async () => {
    const home = folder();
    const [here, there] = [`file:${home}/a.db`, empty()];
    await makeDatabase(here);
    const first = await exportTo(here, join(home, 'one'));
    await importFrom(there, join(home, 'one'));
    const second = await exportTo(there, join(home, 'two'));
    const files = ({ collections }: typeof first): unknown[] =>
      collections.map(({ name, documents, sha256 }) => [name, documents, sha256]);
    expect(files(second)).to.deep.equal(files(first));
  });

  it('reports documents and sizes', async () => {
    const home = folder();
    const [here, there] = [`file:${home}/a.db`, empty()];
    await makeDatabase(here);
    await copy(here, there);
    const { engine, bytes, collections } = await statsOf(await open(there));
    expect(engine).to.equal('mongodb');
    expect(collections.map(({ name, documents }) => [name, documents])).to.deep.equal([
      ['empty', 0],
      ['plain', 300],
      ['strange', 5],
    ]);
    // What keeps everything in memory takes no room.
    const least = process.env.MONGODB_SERVER === 'mongo-java-server' ? 0 : 300 * 50;
    expect(bytes).to.be.at.least(least);
  });

  it('runs the migrations once when several processes start', async () => {
    const url = empty();
    const storages = await Promise.all([open(url), open(url), open(url)]);
    await Promise.all(storages.map((storage) => storage.ensureIndexes()));
    const rows = await far(storages[0], MIGRATED).find({}).toArray();
    expect(rows.map(({ _id }) => _id)).to.deep.equal(MIGRATIONS.map(({ number }) => number));
  });
});
