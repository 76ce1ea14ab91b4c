import { expect } from 'chai';
import { MINUTE } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  ask,
  book,
  bookingOf,
  cancel,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  tally,
  type Answer,
} from './fixtures.js';

describe('consultations: making a booking', () => {
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

  const undo = (visitor: Visitor, id: string): Promise<Answer> =>
    ask(visitor, 'POST', `consultations/bookings/${id}/undo`);
  const personId = async (surname: string): Promise<string> => {
    const row = await testApp.storage.connection
      .model('Person')
      .findOne({ 'name.surname': surname })
      .lean<{ _id: unknown }>();
    return String(row!._id);
  };

  it('asks once before any booking is made, and can be undone for a minute', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 1, { cancelHours: 336 }));
    const page = await ann.get(`consultations/slots/${slot}`);
    expect(page.body).to.include('Записаться').and.include('в течение минуты');
    const done = await ann.submit(`consultations/slots/${slot}/bookings`);
    expect(done.body).to.include('Отменить сейчас').and.not.include('Отменить запись');
    const { id, mayCancel } = await bookingOf(ann, slot);
    // Too late to cancel, but not to undo.
    expect(mayCancel).to.equal(false);
    expectDone(await undo(ann, id));
    expect((await bookingOf(ann, slot)).state).to.equal('cancelled');
    expectDone(await book(ann, slot));
    testApp.clock.advance(MINUTE + 1);
    const again = await ask(ann, 'GET', 'consultations');
    const booking = again.data.upcoming.find(({ slotId }) => slotId === slot)!;
    expect((await undo(ann, booking.id)).data.code).to.equal('undo-late');
  });

  it('books once for a request that is repeated, at the same time or later', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 2));
    const body = { key: 'one-and-the-same-request' };
    const replies = await Promise.all(Array.from({ length: 4 }, () => book(ann, slot, body)));
    expect(tally(replies)).to.deep.equal({ done: 4 });
    expectDone(await book(ann, slot, body));
    expect((await book(ann, slot, { key: 'another-request' })).data.code).to.equal('already-booked');
    const [seen] = await slotsOf(teacher, (await firstSeries(slot))!);
    expect(seen!.booked).to.equal(1);
  });

  const firstSeries = async (slot: string): Promise<string | undefined> =>
    (await testApp.storage.connection.model('ConsultationSlot').findById(slot).lean<{ seriesId: string }>())
      ?.seriesId;

  it('names the booking in the way when it refuses, and offers to move it and the nearest free times', async () => {
    const mine = await firstSlot(
      teacher,
      await offer(testApp, teacher, 3, { title: 'Первая', end: '15:30' }),
    );
    const [wanted, free] = await slotsOf(
      other,
      await offer(testApp, other, 3, { start: '15:15', end: '16:15' }),
    );
    expectDone(await book(ann, mine));
    const refused = await ann.submit(`consultations/slots/${wanted!.slotId}/bookings`);
    expect(refused.status).to.equal(409);
    expect(refused.body)
      .to.include('«Первая»')
      .and.include('Перенести ту запись сюда')
      .and.include(free!.slotId);
    const { id } = await bookingOf(ann, mine);
    const moved = await ann.submit(`consultations/bookings/${id}/move`, { slot: wanted!.slotId });
    expect(moved.body).to.include('Запись перенесена');
  });

  it('waits for the teacher’s yes where a series asks for it, holding the seat, and a no needs a reason', async () => {
    const approved = { capacity: 1, approval: 'required' };
    const [first, second] = await slotsOf(teacher, await offer(testApp, teacher, 4, approved));
    expectDone(await book(ann, first!.slotId));
    const { id, state } = await bookingOf(ann, first!.slotId);
    expect(state).to.equal('requested');
    expect((await book(boris, first!.slotId)).data.code).to.equal('slot-full');
    expect((await ask(boris, 'POST', `consultations/bookings/${id}/approve`)).status).to.equal(404);
    expect((await ask(ann, 'POST', `consultations/bookings/${id}/approve`)).status).to.equal(403);
    const page = await teacher.get(`consultations/slots/${first!.slotId}`);
    expect(page.body).to.include('Ждёт подтверждения').and.include('Отклонить');
    expectDone(await ask(teacher, 'POST', `consultations/bookings/${id}/approve`));
    expect((await bookingOf(ann, first!.slotId)).state).to.equal('booked');

    expectDone(await book(boris, second!.slotId));
    const asked = await bookingOf(boris, second!.slotId);
    expect((await cancel(teacher, asked.id, '')).data.fields).to.have.key('reason');
    expectDone(await cancel(teacher, asked.id, 'Это время для выпускников'));
    expect((await bookingOf(boris, second!.slotId)).cancellation).to.include({ side: 'teacher' });
  });

  describe('for several people', () => {
    it('is all or none: seats short, or one of them busy, and no one is booked', async () => {
      const shown = { names: 'shown', capacity: 3 };
      const [first, second] = await slotsOf(teacher, await offer(testApp, teacher, 5, shown));
      const elsewhere = await firstSlot(other, await offer(testApp, other, 5, { end: '15:30' }));
      expectDone(await book(boris, elsewhere));
      const borisId = (await testApp.storage.connection
        .model('ConsultationBooking')
        .findOne({ slotId: elsewhere })
        .lean<{ personId: string }>())!.personId;
      const busy = await book(ann, first!.slotId, { person: [borisId] });
      expect(busy.data.code).to.equal('companion-busy');
      expect((await slotsOf(teacher, (await firstSeries(first!.slotId))!))[0]!.booked).to.equal(0);
      expectDone(await book(ann, second!.slotId, { person: [borisId] }));
      expect((await slotsOf(teacher, (await firstSeries(first!.slotId))!))[1]!.booked).to.equal(2);
      expect((await bookingOf(boris, second!.slotId)).state).to.equal('booked');
      // One of them leaves alone.
      expectDone(await cancel(boris, (await bookingOf(boris, second!.slotId)).id));
      expect((await slotsOf(teacher, (await firstSeries(first!.slotId))!))[1]!.booked).to.equal(1);
      expect((await bookingOf(ann, second!.slotId)).state).to.equal('booked');
    });

    it('refuses more people than there are seats', async () => {
      const series = await offer(testApp, teacher, 6, { names: 'shown', capacity: 2 });
      const slot = await firstSlot(teacher, series);
      const vera = await testApp.launch({ person: '105', course: '2' });
      expectDone(await book(vera, slot));
      const { data } = await ask(ann, 'GET', `consultations/slots/${slot}`);
      const { people } = data as unknown as { people: { id: string; name: string }[] };
      const boris104 = people.find(({ name }) => name.startsWith('Архипов') || name.startsWith('Б'))!;
      expect((await book(ann, slot, { person: [boris104.id] })).data.code).to.equal('slot-full');
      expect((await slotsOf(teacher, series))[0]!.booked).to.equal(1);
    });

    it('offers no names where a series hides them', async () => {
      const slot = await firstSlot(teacher, await offer(testApp, teacher, 7));
      const { data } = await ask(ann, 'GET', `consultations/slots/${slot}`);
      expect((data as unknown as { people: unknown[] }).people).to.be.empty;
      const unrelated = await personId('Соколова');
      expect((await book(ann, slot, { person: [unrelated] })).data.fields).to.have.key('person');
    });
  });

  it('is made by a teacher for a student of the course, who is booked at once', async () => {
    const slot = await firstSlot(
      teacher,
      await offer(testApp, teacher, 8, { approval: 'required', closesHours: 336 }),
    );
    const { data } = await ask(teacher, 'GET', `consultations/slots/${slot}`);
    const { people } = data as unknown as { people: { id: string; name: string }[] };
    const student = people.find(({ name }) => name.startsWith('Андреева'))!;
    // Booking is closed for students; the teacher is not held to it.
    expect((await book(ann, slot)).data.code).to.equal('booking-closed');
    expectDone(await book(teacher, slot, { person: [student.id] }));
    expect((await bookingOf(ann, slot)).state).to.equal('booked');
    expect((await book(other, slot, { person: [student.id] })).status).to.equal(403);
  });
});
