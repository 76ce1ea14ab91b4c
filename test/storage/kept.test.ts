import { expect } from 'chai';
import { join } from 'node:path';
import { keepReads, type Storage } from '../../src/storage/index.js';
import { systemClock } from '../../src/shared/clock.js';
import { workshop, type Collection, type Doc } from './support.js';

describe('kept reads', () => {
  const { folder, open, collection } = workshop();

  /** Reads of the things of a course, with a count of those that reached the database. */
  function reading(storage: Storage, things: Collection) {
    const kept = keepReads<readonly Doc[]>(storage.connection, {
      collection: 'things',
      keysOf: ({ course }) => [String(course)],
      most: 3,
    });
    const counted = { reads: 0, kept };
    const read = (course: string) => async () => {
      counted.reads++;
      return await things.find({ course }).toArray();
    };
    const get = (course: string, options?: Parameters<typeof kept.get>[2]) =>
      kept.get(course, read(course), options);
    return { counted, get };
  }

  async function started() {
    const url = `file:${join(folder(), 'x.db')}`;
    const storage = await open(url);
    const things = collection(storage);
    await things.insertMany([
      { _id: 1, course: 'a', tags: ['x'], at: new Date(0) },
      { _id: 2, course: 'b', tags: [], at: new Date(0) },
    ]);
    return { url, storage, things, ...reading(storage, things) };
  }

  it('reach the database once while nothing changes, and give the same list to all', async () => {
    const { counted, get } = await started();
    const first = await get('a');
    expect(await get('a')).to.equal(first);
    expect(counted.reads).to.equal(1);
    expect(first[0]).to.be.frozen.and.to.have.property('tags').that.is.frozen;
    expect(() => (first as Doc[]).push({})).to.throw(TypeError);
  });

  it('are made again after each kind of write to a document of the key, and of no other key', async () => {
    const { counted, get, things } = await started();
    const writes: (() => Promise<unknown>)[] = [
      () => things.insertOne({ _id: 3, course: 'a' }),
      () => things.updateOne({ _id: 1 }, { $set: { n: 1 } }),
      () => things.updateMany({ course: 'a' }, { $set: { n: 2 } }),
      () => things.findOneAndUpdate({ _id: 1 }, { $set: { n: 3 } }),
      () => things.replaceOne({ _id: 1 }, { course: 'a', n: 4 }),
      () => things.bulkWrite([{ updateOne: { filter: { _id: 1 }, update: { $set: { n: 5 } } } }]),
      () => things.deleteOne({ _id: 3 }),
      () => things.deleteMany({ course: 'a' }),
      () => things.updateOne({ _id: 9 }, { $set: { course: 'a' } }, { upsert: true }),
    ];
    await get('b');
    for (const write of writes) {
      await get('a');
      const before = counted.reads;
      await write();
      expect(await get('a')).to.deep.equal(await things.find({ course: 'a' }).toArray());
      expect(counted.reads, write.toString()).to.equal(before + 1);
    }
    const before = counted.reads;
    await get('b');
    expect(counted.reads).to.equal(before);
  });

  it('follow a document that goes from one key to another', async () => {
    const { get, things } = await started();
    await Promise.all([get('a'), get('b')]);
    await things.updateOne({ _id: 1 }, { $set: { course: 'b' } });
    expect(await get('a')).to.have.length(0);
    expect(await get('b')).to.have.length(2);
  });

  it('are all made again once another connection has written, also to another collection', async () => {
    const { counted, get, url } = await started();
    const other = await open(url);
    await get('a');
    await collection(other).updateOne({ _id: 1 }, { $set: { n: 7 } });
    expect((await get('a'))[0]).to.have.property('n', 7);
    await collection(other, 'else').insertOne({ _id: 1 });
    await get('a');
    expect(counted.reads).to.equal(3);
  });

  it('need no read of what was just inserted, unless it changed before the insert was through', async () => {
    const { counted, get, things, url } = await started();
    const other = collection(await open(url));
    const inserted: typeof counted.kept.inserted = (...given) => counted.kept.inserted(...given);
    const made = (_id: number, course: string) => ({ _id, course });
    await inserted('c', [made(3, 'c')], () => things.insertOne(made(3, 'c')));
    expect(await get('c')).to.deep.equal([made(3, 'c')]);
    expect(counted.reads).to.equal(0);

    await inserted('d', [made(4, 'd')], () =>
      Promise.all([things.insertOne(made(4, 'd')), things.deleteOne({ _id: 4 })]),
    );
    expect(await get('d')).to.have.length(0);

    const refused = await inserted('e', [made(1, 'e')], () => things.insertOne(made(1, 'e'))).catch(
      (error: unknown) => error,
    );
    expect(refused).to.have.property('code', 11000);
    expect(await get('e')).to.have.length(0);

    for (const looks of [true, false]) {
      await inserted('f', [made(5, 'f')], async () => {
        await things.insertOne(made(5, 'f'));
        await other.deleteOne({ _id: 5 });
        if (looks) await get('a');
      });
      expect(await get('f')).to.have.length(0);
    }
  });

  it('are not kept when a document was written while they were made', async () => {
    const { storage, things } = await started();
    const kept = keepReads<number>(storage.connection, { collection: 'things', keysOf: () => ['all'] });
    let reads = 0;
    const slow = async (): Promise<number> => {
      reads++;
      const found = await things.find({}).toArray();
      if (reads === 1) await things.insertOne({ course: 'c' });
      return found.length;
    };
    expect(await kept.get('all', slow)).to.equal(2);
    expect(await kept.get('all', slow)).to.equal(3);
    expect(await kept.get('all', slow)).to.equal(3);
    expect(reads).to.equal(2);
  });

  it('end with what a TTL index removes, and with the collection', async () => {
    const url = `file:${join(folder(), 'x.db')}`;
    const storage = await open(url, systemClock);
    const things = collection(storage);
    await things.insertOne({ course: 'a', at: new Date(0) });
    await things.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    const { get } = reading(storage, things);
    expect(await get('a')).to.have.length(1);
    await storage.sweepExpired();
    expect(await get('a')).to.have.length(0);
    await things.insertOne({ course: 'a' });
    expect(await get('a')).to.have.length(1);
    await storage.connection.db!.dropCollection('things');
    expect(await get('a')).to.have.length(0);
  });

  it('that depend on the time hold from their moment until the one they name', async () => {
    const { counted, get } = await started();
    const at = (moment: number) => get('a', { at: moment, until: () => 20 });
    for (const moment of [10, 19]) await at(moment);
    expect(counted.reads).to.equal(1);
    await at(9);
    await at(20);
    expect(counted.reads).to.equal(3);
  });

  it('tell variants of a key apart, and forget the key that was read the longest ago', async () => {
    const { counted, get } = await started();
    for (const variant of ['1', '2', '1', '2']) await get('a', { variant });
    expect(counted.reads).to.equal(2);
    for (const course of ['b', 'c', 'd']) await get(course);
    await get('d');
    expect(counted.reads).to.equal(5);
    await get('a', { variant: '1' });
    expect(counted.reads).to.equal(6);
  });
});
