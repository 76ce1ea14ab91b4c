import { expect } from 'chai';
import { openStorage } from '../../src/storage/index.js';
import { scheduleTimes } from '../../src/storage/migrations/0004-schedule-times.js';

describe('migration to the collection of what holds time', () => {
  it('moves slots and bookings with their claims, once, and keeps what overlaps without its time', async () => {
    const storage = await openStorage({ url: 'file::memory:', migrations: [] });
    const { db } = storage.connection;
    const span = { startsAt: new Date('2026-10-05T12:00Z'), endsAt: new Date('2026-10-05T12:10Z') };
    await db!.collection('consultation_slots').insertOne({
      _id: 'slot',
      ...{ ...span, teacherId: 't', state: 'open', occupied: ['t:1', 't:2'] },
    } as never);
    await db!.collection<{ _id: string }>('consultation_bookings').insertMany([
      { _id: 'a', ...span, personId: 'p', state: 'booked', seat: 'slot:0', occupied: ['p:1', 'p:2'] },
      // The teacher studies at the same time.
      { _id: 'b', ...span, personId: 't', state: 'booked', seat: 'other:0', occupied: ['t:1'] },
      { _id: 'c', ...span, personId: 'p', state: 'cancelled' },
    ] as never);
    await scheduleTimes.up(db!);
    await scheduleTimes.up(db!);
    const rows = await db!.collection('schedule_times').find({}).sort({ _id: 1 }).toArray();
    expect(
      rows.map(({ _id, kind, claims, personIds }): unknown[] => [String(_id), kind, claims, personIds]),
    ).to.deep.equal([
      ['a', 'booking', ['s:slot:0', 'p:p:1', 'p:p:2'], ['p']],
      ['b', 'booking', ['s:other:0'], ['t']],
      ['c', 'booking', undefined, ['p']],
      ['slot', 'slot', ['p:t:1', 'p:t:2'], undefined],
    ]);
    expect(await db!.collection('consultation_bookings').countDocuments()).to.equal(0);
    await storage.close();
  });
});
