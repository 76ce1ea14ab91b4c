import { expect } from 'chai';
import { Sqlite } from '../../src/storage/embedded/sqlite.js';
import { Writer } from '../../src/storage/embedded/writer.js';
import { verifyStorage } from '../../src/storage/index.js';
import { failure, workshop } from './support.js';

interface Table {
  readonly db: Sqlite;
  readonly writer: Writer;
  readonly log: string[];
  readonly rows: () => unknown[];
  readonly pass: (milliseconds: number) => void;
}

function table(): Table {
  const db = new Sqlite(':memory:');
  db.exec('CREATE TABLE t (a PRIMARY KEY, CHECK (a <> 13))');
  const log: string[] = [];
  const hooks = { begun: () => log.push('begun'), undone: () => log.push('undone') };
  // Time passes by hand: on a busy machine a group would end before its writes do.
  let time = 0;
  const writer = new Writer(db, hooks, () => time);
  return {
    db,
    writer,
    log,
    pass: (milliseconds) => void (time += milliseconds),
    rows: () =>
      db
        .statement('SELECT a FROM t ORDER BY a')
        .all([])
        .map(([a]) => a),
  };
}

describe('group commit', () => {
  it('commits the writes of one turn of the event loop in one transaction', async () => {
    const { db, writer, log, rows } = table();
    await Promise.all([1, 2, 3].map((a) => writer.run(() => db.exec(`INSERT INTO t VALUES (${a})`))));
    expect(log).to.deep.equal(['begun']);
    expect(rows()).to.deep.equal([1, 2, 3]);
  });

  it('rolls back only a failed write', async () => {
    const { db, writer, rows } = table();
    const results = await Promise.allSettled(
      [1, 2, 13, 3].map((a) =>
        writer.run(() => {
          db.exec(`INSERT INTO t VALUES (${a + 100})`);
          db.exec(`INSERT INTO t VALUES (${a})`);
          return a;
        }),
      ),
    );
    expect(results.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(rows()).to.deep.equal([1, 2, 3, 101, 102, 103]);
  });

  it('rolls back a single failed write', async () => {
    const { db, writer, rows } = table();
    const error = await failure(() =>
      writer.run(() => {
        db.exec('INSERT INTO t VALUES (1)');
        throw new Error('no');
      }),
    );
    expect(error.message).to.equal('no');
    expect(rows()).to.deep.equal([]);
    expect(db.inTransaction).to.equal(false);
  });

  it('settles no promise before COMMIT', async () => {
    const { db, writer } = table();
    let open: boolean | undefined;
    await writer.run(() => db.exec('INSERT INTO t VALUES (1)')).then(() => (open = db.inTransaction));
    expect(open).to.equal(false);
  });

  it('fails every write of a group that cannot be committed, and continues with the next group', async () => {
    const { db, writer, rows } = table();
    // A deferred constraint is found broken only by COMMIT.
    db.exec(
      'PRAGMA foreign_keys = ON; CREATE TABLE p (id PRIMARY KEY); CREATE TABLE c (p REFERENCES p DEFERRABLE INITIALLY DEFERRED)',
    );
    const results = await Promise.allSettled([
      writer.run(() => db.exec('INSERT INTO t VALUES (1)')),
      writer.run(() => db.exec('INSERT INTO c VALUES (5)')),
    ]);
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(rows()).to.deep.equal([]);
    await writer.run(() => db.exec('INSERT INTO t VALUES (2)'));
    expect(rows()).to.deep.equal([2]);
  });

  it('ends a group that takes too long, so that the event loop continues', async () => {
    const { writer, log, pass } = table();
    let turns = 0;
    const count = (): void => {
      turns++;
      if (turns < 1000) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(Array.from({ length: 6 }, () => writer.run(() => pass(6))));
    turns = 1000;
    // Two fit into one.
    expect(log).to.deep.equal(['begun', 'begun', 'begun']);
  });

  it('refuses writes after closing', async () => {
    const { db, writer, rows } = table();
    const last = writer.run(() => db.exec('INSERT INTO t VALUES (1)'));
    await writer.close();
    await last;
    expect(rows()).to.deep.equal([1]);
    expect((await failure(() => writer.run(() => undefined))).message).to.match(/closed/);
  });
});

describe('many writes at once', () => {
  const { open, collection } = workshop();

  it('keep documents and indexes consistent when some of them fail', async () => {
    const storage = await open();
    const things = collection(storage);
    await things.createIndex({ a: 1 }, { unique: true });
    await things.createIndex({ tags: 1, b: -1 });
    const writes = Array.from({ length: 300 }, (_, i) => {
      switch (i % 4) {
        case 0:
          return things.insertOne({ a: i % 40, b: i, tags: ['x', i % 3] });
        case 1:
          return things.updateOne({ b: i - 1 }, { $set: { a: i % 50 }, $push: { tags: i } });
        case 2:
          return things.updateMany({ tags: i % 3 }, { $inc: { b: 1 } });
        default:
          return things.deleteOne({ a: i % 30 });
      }
    });
    const results = await Promise.allSettled(writes);
    expect(results.filter(({ status }) => status === 'rejected')).to.have.length.above(5);
    const report = await verifyStorage(storage);
    expect(report.problems).to.deep.equal([]);
    expect(report.documents).to.equal(await things.countDocuments({}));
  });

  it('do not block the event loop', async () => {
    const storage = await open();
    const things = collection(storage);
    await things.insertMany(Array.from({ length: 40_000 }, (_, n) => ({ n, s: `text ${n}` })));
    let turns = 0;
    let watching = true;
    const watch = (): void => {
      turns += 1;
      if (watching) setImmediate(watch);
    };
    setImmediate(watch);
    await Promise.all([
      things.updateMany({ s: /7/ }, { $inc: { n: 1 } }),
      things.find({ s: /999/ }).toArray(),
      things.aggregate([{ $group: { _id: { $mod: ['$n', 10] }, c: { $sum: 1 } } }]).toArray(),
      things.deleteMany({ s: /5$/ }),
    ]);
    watching = false;
    // Four passes over 40,000 documents: done in one go each, the loop would turn a handful of times.
    expect(turns).to.be.above(10);
  });
});
