import { expect } from 'chai';
import { HOUR, MINUTE } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  book,
  bookingOf,
  bookingsOf,
  cancel,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  ask,
} from './fixtures.js';

describe('consultations: booking', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let other: Visitor;
  let ann: Visitor;
  let boris: Visitor;

  async function comeIn(): Promise<void> {
    teacher = await testApp.launch({ person: '11', course: '2' });
    other = await testApp.launch({ person: '12', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
    boris = await testApp.launch({ person: '104', course: '2' });
  }

  before(async () => {
    testApp = await startTestApp();
    await comeIn();
  });
  after(() => testApp.close());

  /** Moves time to so long before a series' first slot begins. */
  async function comeTo(seriesId: string, before: number): Promise<void> {
    const [slot] = await slotsOf(teacher, seriesId);
    testApp.clock.advance(Date.parse(slot!.startsAt) - before - testApp.clock.now().getTime());
    // Sessions have ended meanwhile.
    await comeIn();
  }

  it('shows a booked consultation to the student and to the teacher', async () => {
    const series = await offer(testApp, teacher, 1, {
      title: 'Квадратные уравнения',
      link: 'https://meet.example.org/room',
      question: 'required',
    });
    const slot = await firstSlot(ann, series);
    expectDone(await book(ann, slot, { question: 'Задача 5 <b>' }));

    const booking = await bookingOf(ann, slot);
    expect(booking).to.include({
      title: 'Квадратные уравнения',
      place: 'Кабинет 12',
      // Shown shortly before it begins.
      link: '',
      question: 'Задача 5 <b>',
      teacher: 'Соколова Елена Викторовна',
      state: 'booked',
      mayCancel: true,
    });
    const [seen] = await slotsOf(teacher, series);
    expect(seen!.booked).to.equal(1);
    expect(seen!.bookings![0]).to.include({ name: 'Андреева Вероника Олеговна', question: 'Задача 5 <b>' });

    const page = await teacher.get('consultations');
    expect(page.body).to.include('Андреева Вероника Олеговна').and.include('Задача 5 &lt;b&gt;');
  });

  it('works by plain forms', async () => {
    const series = await offer(testApp, teacher, 2);
    const slot = await firstSlot(ann, series);
    const list = await ann.get('consultations');
    expect(list.body).to.include(`consultations/slots/${slot}"`);
    const page = await ann.get(`consultations/slots/${slot}`);
    expect(page.body).to.include(`consultations/slots/${slot}/bookings`);
    const done = await ann.submit(`consultations/slots/${slot}/bookings`);
    expect(done.status).to.equal(200);
    expect(done.body).to.include('Вы записаны');
    expect((await bookingOf(ann, slot)).state).to.equal('booked');
  });

  it('keeps what was typed when a question is missing, and says so beside the field', async () => {
    const series = await offer(testApp, teacher, 3, { question: 'required' });
    const slot = await firstSlot(ann, series);
    const page = await ann.submit(`consultations/slots/${slot}/bookings`, { question: '   ' });
    expect(page.status).to.equal(400);
    expect(page.body).to.include('Заполните это поле').and.include('aria-invalid="true"');
    const long = await ann.submit(`consultations/slots/${slot}/bookings`, { question: 'ы'.repeat(1001) });
    expect(long.body).to.include('ы'.repeat(1001)).and.include('Слишком длинно');
    const json = await book(ann, slot, {});
    expect(json.status).to.equal(400);
    expect(json.data.fields).to.have.key('question');
  });

  it('drops a question where none is asked', async () => {
    const slot = await firstSlot(ann, await offer(testApp, teacher, 4));
    expectDone(await book(ann, slot, { question: 'Можно?' }));
    expect((await bookingOf(ann, slot)).question).to.equal('');
  });

  it('refuses the last seat to the next one', async () => {
    const slot = await firstSlot(ann, await offer(testApp, teacher, 5, { type: 'individual', capacity: 1 }));
    expectDone(await book(ann, slot));
    const refused = await book(boris, slot);
    expect(refused.status).to.equal(409);
    expect(refused.data.code).to.equal('slot-full');
    const page = await boris.get(`consultations/slots/${slot}`);
    expect(page.body).to.include('Свободных мест нет');
    const list = await boris.get('consultations');
    expect(list.body).to.not.include(`slots/${slot}/bookings`);
  });

  it('refuses a second seat to the same student', async () => {
    const slot = await firstSlot(ann, await offer(testApp, teacher, 6));
    expectDone(await book(ann, slot));
    expect((await book(ann, slot)).data.code).to.equal('already-booked');
  });

  it('refuses two consultations at one hour, and names the other', async () => {
    const mine = await firstSlot(
      ann,
      await offer(testApp, teacher, 7, { title: 'Первая', start: '15:00', end: '16:00', length: 60 }),
    );
    const overlapping = await firstSlot(
      ann,
      await offer(testApp, other, 7, { title: 'Вторая', start: '15:55', end: '16:25' }),
    );
    const after = await firstSlot(ann, await offer(testApp, other, 7, { start: '16:30', end: '17:00' }));
    expectDone(await book(ann, mine));
    const refused = await book(ann, overlapping);
    expect(refused.status).to.equal(409);
    expect(refused.data).to.include({ code: 'booking-overlaps' });
    expect(refused.data.detail).to.include('«Первая»').and.include('15:00');
    expectDone(await book(ann, after));
  });

  it('frees the seat and the time when the student cancels, and keeps the record', async () => {
    const slot = await firstSlot(ann, await offer(testApp, teacher, 8, { type: 'individual', capacity: 1 }));
    const sameTime = await firstSlot(ann, await offer(testApp, other, 8));
    expectDone(await book(ann, slot));
    const booking = await bookingOf(ann, slot);
    expectDone(await cancel(ann, booking.id));
    expectDone(await book(boris, slot));
    expectDone(await book(ann, sameTime));

    const { upcoming, past } = await bookingsOf(ann);
    expect(upcoming.map(({ slotId }) => slotId)).to.not.include(slot);
    expect(past.find(({ slotId }) => slotId === slot)).to.deep.include({ state: 'cancelled', link: '' });
    expect(past.find(({ slotId }) => slotId === slot)!.cancellation).to.include({
      side: 'student',
      reason: '',
    });
    const seen = await ask(teacher, 'GET', `consultations/slots/${slot}`);
    expect(seen.data.slot.bookings!.map(({ state }) => state)).to.deep.equal(['cancelled', 'booked']);
  });

  it('cancels once, however often it is asked to', async () => {
    const slot = await firstSlot(ann, await offer(testApp, teacher, 9));
    expectDone(await book(ann, slot));
    const { id } = await bookingOf(ann, slot);
    expectDone(await cancel(ann, id, 'Заболела'));
    expectDone(await cancel(ann, id, 'Ещё раз'));
    expect((await bookingOf(ann, slot)).cancellation).to.include({ side: 'student', reason: 'Заболела' });
  });

  it('cannot be booked or cancelled after the series’ deadlines', async () => {
    const series = await offer(testApp, teacher, 2, {
      start: '18:00',
      end: '19:00',
      closesHours: 5,
      cancelHours: 3,
    });
    const slot = await firstSlot(ann, series);
    await comeTo(series, 5 * HOUR + MINUTE);
    expectDone(await book(ann, slot));
    testApp.clock.advance(2 * MINUTE);
    expect((await book(boris, slot)).data.code).to.equal('booking-closed');
    expect((await boris.get(`consultations/slots/${slot}`)).body).to.include('Запись закрыта');

    const { id, mayCancel } = await bookingOf(ann, slot);
    expect(mayCancel).to.equal(true);
    await comeTo(series, 3 * HOUR - MINUTE);
    expect((await bookingOf(ann, slot)).mayCancel).to.equal(false);
    const late = await cancel(ann, id);
    expect(late.status).to.equal(409);
    expect(late.data.code).to.equal('cancel-closed');
    expect((await bookingOf(ann, slot)).state).to.equal('booked');
    expect((await ann.get(`consultations/slots/${slot}`)).body).to.include('Отменить уже нельзя');
    testApp.clock.advance(4 * HOUR);
    expect((await ann.get(`consultations/slots/${slot}`)).body).to.not.include('Отменить уже нельзя');
  });

  it('cannot be booked, cancelled or taken away once it has begun', async () => {
    const series = await offer(testApp, teacher, 1, { start: '20:00', end: '20:30' });
    const slot = await firstSlot(ann, series);
    expectDone(await book(ann, slot));
    const { id } = await bookingOf(ann, slot);
    await comeTo(series, 0);
    expect((await book(boris, slot)).data.code).to.equal('slot-past');
    expect((await cancel(ann, id)).data.code).to.equal('slot-past');
    expect((await cancel(teacher, id, 'Поздно')).data.code).to.equal('slot-past');
    const slotPath = `consultations/slots/${slot}`;
    expect((await ask(teacher, 'POST', `${slotPath}/cancel`, { reason: 'Поздно' })).data.code).to.equal(
      'slot-past',
    );
    expect((await ask(teacher, 'POST', `${slotPath}/remove`)).data.code).to.equal('slot-past');
  });

  it('stays with the upcoming ones until it is over', async () => {
    const series = await offer(testApp, teacher, 1, { start: '21:00', end: '21:30' });
    const slot = await firstSlot(ann, series);
    expectDone(await book(ann, slot));
    await comeTo(series, -10 * MINUTE);
    expect((await bookingsOf(ann)).upcoming.map(({ slotId }) => slotId)).to.include(slot);
    expect((await slotsOf(teacher, series)).map(({ slotId }) => slotId)).to.include(slot);
    testApp.clock.advance(20 * MINUTE);
    expect((await bookingsOf(ann)).past.map(({ slotId }) => slotId)).to.include(slot);
    expect(await slotsOf(teacher, series)).to.be.empty;
    const past = await ask(teacher, 'GET', 'consultations?when=past');
    expect(JSON.stringify(past.data.days)).to.include(slot);
  });

  it('is cancelled by the teacher with a reason only, which the student reads', async () => {
    const slot = await firstSlot(ann, await offer(testApp, teacher, 11));
    expectDone(await book(ann, slot));
    const { id } = await bookingOf(ann, slot);
    const refused = await cancel(teacher, id, ' ');
    expect(refused.status).to.equal(400);
    expect(refused.data.fields).to.have.key('reason');
    const page = await teacher.submit(`consultations/bookings/${id}/cancel`, { reason: '' });
    expect(page.status).to.equal(400);
    expect(page.body).to.include('Заполните это поле').and.include('Андреева Вероника Олеговна');

    expectDone(await cancel(teacher, id, 'Занят кабинет'));
    const booking = await bookingOf(ann, slot);
    expect(booking.state).to.equal('cancelled');
    expect(booking.cancellation).to.include({ side: 'teacher', reason: 'Занят кабинет' });
    expect((await ann.get('consultations')).body).to.include('Занят кабинет');
  });

  it('goes with its slot, and frees everybody’s time', async () => {
    const series = await offer(testApp, teacher, 12);
    const slot = await firstSlot(ann, series);
    expectDone(await book(ann, slot));
    expectDone(await book(boris, slot));
    const path = `consultations/slots/${slot}`;
    expect((await ask(teacher, 'POST', `${path}/remove`)).data.code).to.equal('slot-booked');
    expect((await ask(teacher, 'POST', `${path}/cancel`, { reason: '' })).data.fields).to.have.key('reason');
    expectDone(await ask(teacher, 'POST', `${path}/cancel`, { reason: 'Командировка' }));
    for (const student of [ann, boris]) {
      const booking = await bookingOf(student, slot);
      expect(booking.state).to.equal('cancelled');
      expect(booking.cancellation).to.include({ side: 'teacher', reason: 'Командировка' });
    }
    expect((await book(ann, slot)).data.code).to.equal('slot-cancelled');
    expect((await slotsOf(teacher, series))[0]).to.deep.include({ state: 'cancelled', booked: 0 });

    // The teacher's time and the students' are free again.
    const again = await offer(testApp, teacher, 12, { start: '15:00', end: '15:30' });
    expectDone(await book(ann, await firstSlot(ann, again)));
  });

  it('cannot be made on a slot that was taken away', async () => {
    const series = await offer(testApp, teacher, 13);
    const slot = await firstSlot(ann, series);
    expectDone(await ask(teacher, 'POST', `consultations/slots/${slot}/remove`));
    expect((await book(ann, slot)).data.code).to.equal('slot-cancelled');
    expect((await slotsOf(teacher, series)).map(({ slotId }) => slotId)).to.not.include(slot);
    // Once more changes nothing.
    expectDone(await ask(teacher, 'POST', `consultations/slots/${slot}/remove`));
  });
});
