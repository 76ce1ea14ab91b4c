import { expect } from 'chai';
import { join } from 'node:path';
import { verifyStorage } from '../../src/storage/index.js';
import { Sqlite } from '../../src/storage/embedded/sqlite.js';
import { workshop } from './support.js';

describe('verifying a database', () => {
  const { folder, open, collection } = workshop();

  async function damaged(damage: string): Promise<readonly string[]> {
    const path = join(folder(), 'x.db');
    const storage = await open(`file:${path}`);
    const things = collection(storage);
    await things.insertMany(Array.from({ length: 300 }, (_, n) => ({ n, tags: [n % 3, 'x'] })));
    await things.createIndex({ n: 1 });
    await things.createIndex({ tags: 1 });
    expect(await verifyStorage(storage)).to.deep.equal({
      ok: true,
      collections: 1,
      documents: 300,
      entries: 900,
      problems: [],
    });
    await storage.close();
    const db = new Sqlite(path);
    const tables = db
      .statement("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'x%' ORDER BY name")
      .all([]);
    const [byNumber = '', byTag = ''] = tables.map(([name]) => String(name));
    db.exec(damage.replace('$n', byNumber).replace('$tags', byTag));
    db.close();
    const report = await verifyStorage(await open(`file:${path}`));
    expect(report.ok).to.equal(false);
    return report.problems;
  }

  it('finds a missing index entry', async () => {
    expect(await damaged('DELETE FROM $n WHERE seq = 7')).to.deep.equal([
      'things.n_1 #7: an entry is missing',
    ]);
  });

  it('finds index entries without a document', async () => {
    expect(await damaged("INSERT INTO $tags VALUES (x'30', 7), (x'31', 9)")).to.deep.equal([
      'things.tags_1: 2 entries belong to no document',
    ]);
  });

  it('finds a document that was changed without its index', async () => {
    const problems = await damaged('UPDATE c1 SET doc = (SELECT doc FROM c1 WHERE seq = 2) WHERE seq = 1');
    expect(problems).to.include('things #1: stored under another _id');
    expect(problems).to.include('things.n_1 #1: an entry is missing');
  });

  it('finds a document that cannot be read', async () => {
    const [problem] = await damaged("UPDATE c1 SET doc = x'0102' WHERE seq = 5");
    expect(problem).to.match(/^things #5: unreadable/);
  });
});
