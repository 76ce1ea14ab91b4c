import { expect } from 'chai';
import { HOUR } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  ask,
  book,
  bookingOf,
  bookingsOf,
  day,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  tally,
  type Answer,
  FAR_ZONE,
} from './fixtures.js';

describe('consultations: rescheduling', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let other: Visitor;
  let ann: Visitor;
  let boris: Visitor;
  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    other = await testApp.launch({ person: '12', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
    boris = await testApp.launch({ person: '104', course: '2' });
    await Promise.all([ann.csrf(), boris.csrf()]);
  });
  after(() => testApp.close());

  const move = (visitor: Visitor, id: string, slot: string): Promise<Answer> =>
    ask(visitor, 'POST', `consultations/bookings/${id}/move`, { slot });

  it('swaps the seat in one step, keeps where the booking was, and frees the old time', async () => {
    const [first, second] = await slotsOf(teacher, await offer(testApp, teacher, 1, { capacity: 1 }));
    expectDone(await book(ann, first!.slotId));
    const { id } = await bookingOf(ann, first!.slotId);
    expectDone(await move(ann, id, second!.slotId));
    const moved = await bookingOf(ann, second!.slotId);
    expect(moved).to.include({ id, state: 'booked' });
    expect(moved.movedFrom).to.include({ startsAt: first!.startsAt, side: 'student' });
    expectDone(await book(boris, first!.slotId));
    expect((await book(boris, second!.slotId)).data.code).to.equal('slot-full');
  });

  it('leaves the booking where it was when the new time is refused', async () => {
    const [first, second] = await slotsOf(teacher, await offer(testApp, teacher, 2, { capacity: 1 }));
    expectDone(await book(ann, first!.slotId));
    expectDone(await book(boris, second!.slotId));
    const { id } = await bookingOf(ann, first!.slotId);
    expect((await move(ann, id, second!.slotId)).data.code).to.equal('slot-full');
    expect((await bookingOf(ann, first!.slotId)).state).to.equal('booked');
    expect((await book(boris, first!.slotId)).data.code).to.equal('slot-full');
  });

  it('gives the last seat to one of two who move to it at once, and the other keeps the old one', async () => {
    const [first, second] = await slotsOf(teacher, await offer(testApp, teacher, 3, { capacity: 2 }));
    const single = await firstSlot(
      teacher,
      await offer(testApp, teacher, 3, { capacity: 1, start: '18:00', end: '18:30' }),
    );
    expectDone(await book(ann, first!.slotId));
    expectDone(await book(boris, second!.slotId));
    const [a, b] = [await bookingOf(ann, first!.slotId), await bookingOf(boris, second!.slotId)];
    const replies = await Promise.all([move(ann, a.id, single), move(boris, b.id, single)]);
    expect(tally(replies)).to.deep.equal({ done: 1, 'slot-full': 1 });
    const upcoming = [...(await bookingsOf(ann)).upcoming, ...(await bookingsOf(boris)).upcoming];
    expect(upcoming.filter(({ id }) => id === a.id || id === b.id)).to.have.length(2);
  });

  it('moves a booking to a time that overlaps its own old one', async () => {
    const old = await firstSlot(teacher, await offer(testApp, teacher, 4, { end: '15:30' }));
    const near = await firstSlot(other, await offer(testApp, other, 4, { start: '15:15', end: '15:45' }));
    expectDone(await book(ann, old));
    expect((await book(ann, near)).data.code).to.equal('booking-overlaps');
    expectDone(await move(ann, (await bookingOf(ann, old)).id, near));
    expect((await bookingOf(ann, near)).state).to.equal('booked');
  });

  it('refuses a student after the deadline for rescheduling, and never another’s booking', async () => {
    const [first, second] = await slotsOf(
      teacher,
      await offer(testApp, teacher, 1, { start: '18:00', end: '19:00', rescheduleHours: 336 }),
    );
    expectDone(await book(ann, first!.slotId));
    const { id, mayMove } = await bookingOf(ann, first!.slotId);
    expect(mayMove).to.equal(false);
    expect((await move(ann, id, second!.slotId)).data.code).to.equal('reschedule-closed');
    expect((await move(boris, id, second!.slotId)).status).to.equal(404);
    // The teacher is not held to it.
    expectDone(await move(teacher, id, second!.slotId));
    expect((await bookingOf(ann, second!.slotId)).movedFrom).to.include({ side: 'teacher' });
  });

  it('asks anew where the other slot wants a yes, and no more where it wants none', async () => {
    const asked = await firstSlot(
      teacher,
      await offer(testApp, teacher, 9, { end: '15:30', approval: 'required' }),
    );
    const free = await firstSlot(teacher, await offer(testApp, teacher, 9, { start: '16:00', end: '16:30' }));
    expectDone(await book(ann, asked));
    const { id } = await bookingOf(ann, asked);
    expectDone(await move(ann, id, free));
    expect((await bookingOf(ann, free)).state).to.equal('booked');
    expectDone(await move(ann, id, asked));
    expect((await bookingOf(ann, asked)).state).to.equal('requested');
  });

  it('offers a page with the free times, and works by its buttons', async () => {
    const [first, second] = await slotsOf(teacher, await offer(testApp, teacher, 5));
    expectDone(await book(ann, first!.slotId));
    const { id } = await bookingOf(ann, first!.slotId);
    const page = await ann.get(`consultations/bookings/${id}/move`);
    expect(page.body).to.include('Перенести сюда').and.include(second!.slotId);
    const far = await testApp.launch({ person: '103', course: '2' });
    far.browser.setCookie(testApp.origin, FAR_ZONE);
    expect((await far.get(`consultations/bookings/${id}/move`)).body)
      .to.include('22:00 у вас, 15:00 в центре')
      .and.include('22:30 у вас, 15:30 в центре');
    const done = await ann.submit(`consultations/bookings/${id}/move`, { slot: second!.slotId });
    expect(done.body).to.include('Запись перенесена');
  });

  describe('of a whole slot', () => {
    const moveSlot = (slot: string, body: object): Promise<Answer> =>
      ask(teacher, 'POST', `consultations/slots/${slot}/move`, body);

    it('takes everyone booked along, with the reason, and frees the old time', async () => {
      const slot = await firstSlot(teacher, await offer(testApp, teacher, 6, { end: '15:30' }));
      expectDone(await book(ann, slot));
      expectDone(await book(boris, slot));
      expect((await moveSlot(slot, { date: day(testApp, 6), start: '17:00' })).data.fields).to.have.key(
        'reason',
      );
      expectDone(await moveSlot(slot, { date: day(testApp, 6), start: '17:00', reason: 'Педсовет' }));
      for (const student of [ann, boris]) {
        const booking = await bookingOf(student, slot);
        expect(booking.state).to.equal('booked');
        expect(booking.startsAt).to.equal(`${day(testApp, 6)}T14:00:00.000Z`);
      }
      expect((await teacher.get(`consultations/slots/${slot}`)).body).to.include('Педсовет');
      const again = await firstSlot(teacher, await offer(testApp, teacher, 6, { end: '15:30' }));
      expectDone(await book(ann, again));
    });

    it('is refused while the teacher, or someone booked, is busy then, and names them', async () => {
      const slot = await firstSlot(teacher, await offer(testApp, teacher, 7, { end: '15:30' }));
      await offer(testApp, teacher, 7, { start: '16:00', end: '16:30' });
      const elsewhere = await firstSlot(
        other,
        await offer(testApp, other, 7, { start: '18:00', end: '18:30' }),
      );
      expectDone(await book(ann, slot));
      expectDone(await book(ann, elsewhere));
      const body = { date: day(testApp, 7), reason: 'Педсовет' };
      expect((await moveSlot(slot, { ...body, start: '16:15' })).data.fields).to.have.key('start');
      const refused = await moveSlot(slot, { ...body, start: '18:15' });
      expect(refused.data.code).to.equal('slot-move-clash');
      expect(refused.data.detail).to.include('Андреева Вероника Олеговна');
      expect((await bookingOf(ann, slot)).startsAt).to.equal(`${day(testApp, 7)}T12:00:00.000Z`);
    });

    it('finishes what a killed request began', async () => {
      const slot = await firstSlot(teacher, await offer(testApp, teacher, 8, { end: '15:30' }));
      expectDone(await book(ann, slot));
      const model = testApp.storage.connection.model('ConsultationSlot');
      const row = await model.findById(slot).lean<{ startsAt: Date; endsAt: Date; teacherId: string }>();
      const later = (moment: Date): Date => new Date(moment.getTime() + HOUR);
      const { startsAt, endsAt, teacherId: by } = row!;
      await model.updateOne(
        { _id: slot },
        {
          $set: {
            startsAt: later(startsAt),
            endsAt: later(endsAt),
            movedFrom: { startsAt, endsAt, at: testApp.clock.now(), by, reason: 'Педсовет' },
            settleAt: new Date(testApp.clock.now().getTime() + 1),
          },
        },
      );
      testApp.clock.advance(5 * 60_000);
      await testApp.app.jobs.drain();
      expect((await bookingOf(ann, slot)).startsAt).to.equal(later(startsAt).toISOString());
    });
  });
});
