import { expect } from 'chai';
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { StorageError, verifyStorage } from '../../../src/storage/index.js';
import { copy, exportTo, importFrom, type Transferred } from '../../../src/storage/tools/index.js';
import { collectionOf, type Doc } from '../../contract/support.js';
import { failure, workshop } from '../support.js';
import { db, makeDatabase, UNKNOWN } from './support.js';

const refusal = async (action: () => Promise<unknown>): Promise<string> => {
  const error = await failure(action);
  expect(error, error.stack).to.be.instanceOf(StorageError);
  expect(error.message).to.not.match(/\n/);
  return error.message;
};

const sums = (collections: readonly Transferred[]): unknown[] =>
  collections.map(({ name, documents, indexes, sha256 }) => [name, documents, indexes, sha256]);

const hex = (doc: Doc): string => Buffer.from(mongo.BSON.serialize(doc)).toString('hex');

const EXACT = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true };

describe('export and import', () => {
  const { folder, open } = workshop();

  it('keep every type, document and index', async () => {
    const home = folder();
    await makeDatabase(`file:${home}/a.db`);
    const { collections } = await exportTo(`file:${home}/a.db`, join(home, 'out'));
    expect(collections.map(({ name, documents }) => [name, documents])).to.deep.equal([
      ['empty', 0],
      ['plain', 300],
      ['strange', 5],
    ]);
    expect(readdirSync(join(home, 'out')).sort()).to.deep.equal([
      'empty.ejsonl',
      'manifest.json',
      'plain.ejsonl',
      'strange.ejsonl',
    ]);
    expect(statSync(join(home, 'out/plain.ejsonl')).mode & 0o777).to.equal(0o600);
    expect(readFileSync(join(home, 'out/strange.ejsonl'), 'utf8').split('\n')[0]).to.equal(
      '{"_id":{"$numberInt":"1"},"int":{"$numberInt":"1"},"double":{"$numberDouble":"1.0"},"long":{"$numberLong":"9007199254740993"}}',
    );
    const imported = await importFrom(`file:${home}/b.db`, join(home, 'out'));
    const again = await exportTo(`file:${home}/b.db`, join(home, 'again'));
    expect(again.collections).to.deep.equal(collections);
    expect(imported.map(({ documents }) => documents)).to.deep.equal([0, 300, 5]);
    const storage = await open(`file:${home}/b.db`);
    const strange = await collectionOf(storage, 'strange').find({}, EXACT).sort({ _id: 1 }).toArray();
    expect(strange).to.have.length(UNKNOWN.length);
    expect(strange.map(hex)).to.have.members(UNKNOWN.map(hex));
    const plain = collectionOf(storage, 'plain');
    expect((await failure(() => plain.insertOne({ n: 5 }))).code).to.equal(11000);
    expect((await plain.indexes()).map(({ name }) => name)).to.deep.equal(['_id_', 'by tag', 'n_1']);
    expect((await collectionOf(storage, 'strange').indexes())[2]).to.include({ expireAfterSeconds: 1e9 });
    expect((await verifyStorage(storage)).problems).to.deep.equal([]);
  });

  it('refuse an incomplete export before anything is written', async () => {
    const home = folder();
    await makeDatabase(`file:${home}/a.db`, 20);
    const [url, out] = [`file:${home}/a.db`, join(home, 'out')];
    await exportTo(url, out);
    expect(await refusal(() => exportTo(url, out))).to.match(/^--to: .*out is not empty/);
    expect(await refusal(() => exportTo(url, join(home, 'a.db')))).to.match(
      /^--to: .*a\.db: a part of the path is not a folder/,
    );
    expect(await refusal(() => importFrom(url, out))).to.match(/^DATABASE_URL: .* not empty \(\w+\)/);
    expect(await refusal(() => importFrom(`file:${home}/b.db`, home))).to.match(/^--from: .*manifest.json/);
    appendFileSync(join(out, 'plain.ejsonl'), '{"_id":1}\n');
    expect(await refusal(() => importFrom(`file:${home}/b.db`, out))).to.match(
      /^--from: .*plain.ejsonl is not the file the manifest describes/,
    );
    rmSync(join(out, 'plain.ejsonl'));
    expect(await refusal(() => importFrom(`file:${home}/b.db`, out))).to.match(
      /^--from: .*plain.ejsonl cannot be read/,
    );
    writeFileSync(join(out, 'manifest.json'), '{"format": 1}');
    expect(await refusal(() => importFrom(`file:${home}/b.db`, out))).to.match(
      /is no manifest of an export: version/,
    );
    writeFileSync(join(out, 'manifest.json'), '{"format": 2}');
    expect(await refusal(() => importFrom(`file:${home}/b.db`, out))).to.match(/later version/);
    expect(readdirSync(home)).to.not.include('b.db');
  });

  it('refuse a document that would change', async () => {
    const home = folder();
    const storage = await open(`file:${home}/a.db`);
    await collectionOf(storage, 'things').insertOne({ _id: 7, a: { $numberInt: '5' } });
    expect(await refusal(() => exportTo(`file:${home}/a.db`, join(home, 'out')))).to.match(
      /^things: the document \{"\$numberInt":"7"\} cannot be written as Extended JSON/,
    );
    expect(readdirSync(join(home, 'out'))).to.not.include('manifest.json');
  });

  it('export one moment of a database that is written to', async () => {
    const home = folder();
    await makeDatabase(`file:${home}/a.db`, 3000);
    const storage = await open(`file:${home}/a.db`);
    const plain = collectionOf(storage, 'plain');
    let writes = Promise.resolve<unknown>(undefined);
    const report = await exportTo(`file:${home}/a.db`, join(home, 'out'), ({ done }) => {
      writes = Promise.all([
        writes,
        plain.deleteMany({ n: { $lt: done } }),
        plain.insertOne({ n: 10_000 + done }),
      ]);
    });
    await writes;
    expect(await plain.countDocuments({})).to.be.below(3000);
    expect(report.collections[1]).to.include({ name: 'plain', documents: 3000 });
  });
});

describe('copy', () => {
  const { folder, open } = workshop();

  it('gives an equal database both ways, and refuses a target that is not empty', async () => {
    const home = folder();
    const [a, b, c] = [`file:${home}/a.db`, `file:${home}/b.db`, `file:${home}/c.db`];
    await makeDatabase(a);
    const there = await copy(a, b);
    const back = await copy(b, c);
    expect(sums(back)).to.deep.equal(sums(there));
    expect(there.map(({ documents, indexes }) => [documents, indexes])).to.deep.equal([
      [0, 1],
      [300, 2],
      [5, 2],
    ]);
    const storage = await open(c);
    expect((await verifyStorage(storage)).problems).to.deep.equal([]);
    const names = (await storage.connection.db!.listCollections().toArray()).map(({ name }) => name);
    expect(names.sort()).to.deep.equal(['empty', 'plain', 'strange']);
    expect(await refusal(() => copy(a, b))).to.match(/^--to: the database is not empty/);
    expect(await refusal(() => copy(a, a))).to.match(/^--to: is the same database/);
  });

  it('continues where it was killed', async function () {
    this.timeout(120_000);
    const home = folder();
    const [a, b] = [`file:${home}/a.db`, `file:${home}/b.db`];
    await makeDatabase(a, 8000);
    for (const enough of [2000, 6000]) {
      const target = await open(b);
      const plain = collectionOf(target, 'plain');
      const { code } = await db(['copy', '--from', a, '--to', b], {}, async () => {
        return (await plain.countDocuments({})) >= enough;
      });
      expect(code, 'it was killed').to.equal(null);
      expect(await plain.countDocuments({})).to.be.below(8000);
      await target.close();
    }
    const { code, out } = await db(['copy', '--from', a, '--to', b], {});
    expect(code).to.equal(0);
    expect(out).to.match(/^plain +8000 +documents, equal on both sides/m);
    const storage = await open(b);
    expect(await collectionOf(storage, 'plain').countDocuments({ n: { $gte: 4000 } })).to.equal(4000);
    expect((await verifyStorage(storage)).problems).to.deep.equal([]);
  });

  it('copies a collection again if a copied document differs, and names the document', async () => {
    const home = folder();
    const [a, b] = [`file:${home}/a.db`, `file:${home}/b.db`];
    await makeDatabase(a, 2500);
    await failure(() =>
      copy(a, b, ({ collection, done }) => {
        if (collection === 'plain' && done === 1000) throw new Error('stop');
      }),
    );
    const target = await open(b);
    await collectionOf(target, 'plain').updateOne({ n: 500 }, { $set: { n: -1 } });
    const error = await refusal(() => copy(a, b));
    expect(error).to.match(/^plain: the copy differs from the source at _id "[0-9a-f]{24}"/);
    expect((await copy(a, b)).map(({ documents }) => documents)).to.deep.equal([0, 2500, 5]);
    expect(await collectionOf(target, 'plain').countDocuments({ n: 500 })).to.equal(1);
  });

  it('continues only from the same source', async () => {
    const home = folder();
    const [a, b, c] = [`file:${home}/a.db`, `file:${home}/b.db`, `file:${home}/c.db`];
    await makeDatabase(a, 2500);
    await makeDatabase(c, 10);
    await failure(() =>
      copy(a, b, ({ collection }) => {
        if (collection === 'plain') throw new Error('stop');
      }),
    );
    expect(await refusal(() => copy(c, b))).to.match(
      /^--to: a transfer from file:.*a\.db was interrupted here/,
    );
    expect((await copy(a, b)).map(({ documents }) => documents)).to.deep.equal([0, 2500, 5]);
  });
});
