import { expect } from 'chai';
import { Schema } from 'mongoose';
import { ManualClock, MINUTE, SECOND } from '../../src/shared/clock.js';
import { verifyStorage } from '../../src/storage/index.js';
import { workshop } from './support.js';

const START = new Date('2026-01-01T00:00:00Z');
const at = (ms: number): Date => new Date(START.getTime() + ms);

describe('expiry (TTL indexes)', () => {
  const { open, collection } = workshop();

  it('removes expired documents by the given clock, at a sweep and not before', async () => {
    const clock = new ManualClock(START);
    const storage = await open('file::memory:', clock);
    const Sessions = storage.connection.model(
      'Session',
      new Schema({ seen: { type: Date, expires: 60 }, n: Number }),
    );
    await storage.ensureIndexes();
    await Sessions.create([{ n: 1, seen: at(0) }, { n: 2, seen: at(30 * SECOND) }, { n: 3 }]);
    expect(await storage.sweepExpired()).to.equal(0);
    clock.set(at(MINUTE));
    expect(await Sessions.countDocuments({}), 'not before the sweep').to.equal(3);
    expect(await storage.sweepExpired()).to.equal(1);
    expect((await Sessions.find().sort({ n: 1 })).map(({ n }) => n)).to.deep.equal([2, 3]);
    clock.advance(MINUTE);
    expect(await storage.sweepExpired()).to.equal(1);
    expect((await verifyStorage(storage)).problems).to.deep.equal([]);
  });

  it('keeps values that are not dates, and uses the earliest date of an array', async () => {
    const clock = new ManualClock(at(10 * MINUTE));
    const storage = await open('file::memory:', clock);
    const things = collection(storage);
    await things.createIndex({ until: -1 }, { expireAfterSeconds: 0 });
    await things.insertMany([
      { n: 1, until: 'yesterday' },
      { n: 2, until: 5 },
      { n: 3, until: [at(MINUTE), at(60 * MINUTE)] },
      { n: 4, until: [at(60 * MINUTE)] },
      { n: 5, until: null },
      { n: 6, until: at(10 * MINUTE) },
      { n: 7, until: at(10 * MINUTE + 1) },
    ]);
    expect(await storage.sweepExpired()).to.equal(2);
    expect(await things.distinct('n')).to.deep.equal([1, 2, 4, 5, 7]);
  });

  it('keeps documents outside the partial filter', async () => {
    const storage = await open('file::memory:', new ManualClock(at(MINUTE)));
    const things = collection(storage);
    await things.createIndex(
      { until: 1 },
      { expireAfterSeconds: 0, partialFilterExpression: { draft: true } },
    );
    await things.insertMany([
      { until: at(0), draft: true },
      { until: at(0), draft: false },
    ]);
    expect(await storage.sweepExpired()).to.equal(1);
    expect(await things.distinct('draft')).to.deep.equal([false]);
  });

  it('removes thousands in several steps', async () => {
    const storage = await open('file::memory:', new ManualClock(at(MINUTE)));
    const things = collection(storage);
    await things.createIndex({ until: 1 }, { expireAfterSeconds: 0 });
    await things.insertMany(Array.from({ length: 1500 }, (_, n) => ({ until: at(n) })));
    expect(await storage.sweepExpired()).to.equal(1500);
    expect(await things.countDocuments({})).to.equal(0);
  });

  it('merges sweeps requested at the same time', async () => {
    const storage = await open('file::memory:', new ManualClock(at(MINUTE)));
    const things = collection(storage);
    await things.createIndex({ until: 1 }, { expireAfterSeconds: 0 });
    await things.insertOne({ until: at(0) });
    expect(await Promise.all([storage.sweepExpired(), storage.sweepExpired()])).to.deep.equal([1, 1]);
  });
});
