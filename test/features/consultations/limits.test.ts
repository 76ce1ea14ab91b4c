import { expect } from 'chai';
import { termOf } from '../../../src/features/consultations/bookings/school-terms.js';
import { detailsOf } from '../../../src/features/directory/index.js';
import type { Actor } from '../../../src/shared/actor.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  ask,
  book,
  bookingOf,
  cancel,
  day,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  tally,
  wish,
} from './fixtures.js';

describe('consultations: limits and conflicts of one person', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let other: Visitor;
  let ann: Visitor;
  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    other = await testApp.launch({ person: '12', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
    await ann.csrf();
  });
  after(() => testApp.close());

  const evening = { start: '18:00', end: '20:00', length: 30 };

  it('lets a student book as often as a series allows, however many requests come at once', async () => {
    const series = await offer(testApp, teacher, 1, { ...evening, limitSeries: 2 });
    const slots = await slotsOf(teacher, series);
    const replies = await Promise.all(slots.map(({ slotId }) => book(ann, slotId)));
    expect(tally(replies)).to.deep.equal({ done: 2, 'limit-series': 2 });
  });

  it('counts bookings per week over all series of the type', async () => {
    const firstSlots = await slotsOf(
      teacher,
      await offer(testApp, teacher, 2, { ...evening, type: 'class', limitWeek: 1 }),
    );
    const otherSlots = await slotsOf(
      other,
      await offer(testApp, other, 2, { ...evening, type: 'class', limitWeek: 1 }),
    );
    const replies = await Promise.all([book(ann, firstSlots[0]!.slotId), book(ann, otherSlots[3]!.slotId)]);
    expect(tally(replies)).to.deep.equal({ done: 1, 'limit-week': 1 });
    const next = await firstSlot(teacher, await offer(testApp, teacher, 9, { type: 'class', limitWeek: 1 }));
    expectDone(await book(ann, next));
  });

  it('counts a slot that was moved with its bookings in its new week, and no more in its old one', async () => {
    const limited = { ...evening, type: 'beforeInterim', limitWeek: 1 };
    const week = async (ahead: number) => slotsOf(teacher, await offer(testApp, teacher, ahead, limited));
    const [moved, same] = await week(23);
    const [next] = await week(31);
    expectDone(await book(ann, moved!.slotId));
    expect((await book(ann, same!.slotId)).data.code).to.equal('limit-week');
    const to = { date: day(testApp, 31), start: '20:00', reason: 'Отъезд' };
    expectDone(await ask(teacher, 'POST', `consultations/slots/${moved!.slotId}/move`, to));
    expect((await book(ann, next!.slotId)).data.code).to.equal('limit-week');
    expectDone(await book(ann, same!.slotId));
    // A teacher’s move goes before the limit of a week.
    const back = { date: day(testApp, 23), start: '21:00', reason: 'Отмена отъезда' };
    expectDone(await ask(teacher, 'POST', `consultations/slots/${moved!.slotId}/move`, back));
    const booked = await bookingOf(ann, moved!.slotId);
    expect(booked.state).to.equal('booked');
    expectDone(await book(ann, next!.slotId));
  });

  /** A day of this term, and one of the next, so many days ahead. */
  function daysOfTwoTerms(): [number, number] {
    const term = (ahead: number): string => termOf(day(testApp, ahead), '');
    let ahead = 2;
    while (term(ahead) === term(1)) ahead += 1;
    return [1, ahead + 1];
  }

  for (const { span, limit, code, type, days } of [
    { span: 'week', limit: 'limitWeek', code: 'limit-week', type: 'online', days: () => [44, 52] as const },
    { span: 'term', limit: 'limitTerm', code: 'limit-term', type: 'class', days: daysOfTwoTerms },
  ] as const) {
    it(`counts a moved slot’s booking in its new ${span} beyond the limit, until one of them is cancelled`, async () => {
      const boris = await testApp.launch({ person: '104', course: '2' });
      const limited = { type, start: '08:00', end: '10:00', length: 30, [limit]: 1 };
      const [now, then] = days();
      const [moved, old] = await slotsOf(teacher, await offer(testApp, teacher, now, limited));
      const [there, next] = await slotsOf(teacher, await offer(testApp, teacher, then, limited));
      expectDone(await book(boris, moved!.slotId));
      expectDone(await book(boris, there!.slotId));
      expect((await book(boris, old!.slotId)).data.code).to.equal(code);
      // A teacher’s move goes before the limit.
      const to = { date: day(testApp, then), start: '11:00', reason: 'Отъезд' };
      expectDone(await ask(teacher, 'POST', `consultations/slots/${moved!.slotId}/move`, to));
      const { id, state } = await bookingOf(boris, moved!.slotId);
      expect(state).to.equal('booked');
      expectDone(await book(boris, old!.slotId));
      expectDone(await cancel(boris, (await bookingOf(boris, there!.slotId)).id));
      expect((await book(boris, next!.slotId)).data.code).to.equal(code);
      // Rescheduling takes no second place.
      expectDone(await ask(boris, 'POST', `consultations/bookings/${id}/move`, { slot: next!.slotId }));
      expect((await book(boris, there!.slotId)).data.code).to.equal(code);
      expectDone(await cancel(boris, id));
      expectDone(await book(boris, there!.slotId));
    });
  }

  it('counts what was booked under a higher limit', async () => {
    const high = await firstSlot(
      teacher,
      await offer(testApp, teacher, 60, { ...evening, type: 'group', limitWeek: 50 }),
    );
    const low = await firstSlot(
      other,
      await offer(testApp, other, 60, { ...evening, start: '19:00', type: 'group', limitWeek: 1 }),
    );
    expectDone(await book(ann, high));
    expect((await book(ann, low)).data.code).to.equal('limit-week');
    expectDone(await cancel(ann, (await bookingOf(ann, high)).id));
    expectDone(await book(ann, low));
  });

  it('counts what was booked in a series of the type without the limit, and before it was set', async () => {
    const boris = await testApp.launch({ person: '104', course: '2' });
    const day = { ...evening, type: 'beforeFinal', title: 'Перед экзаменом' };
    const free = await offer(testApp, teacher, 67, day);
    const [first, second] = await slotsOf(teacher, free);
    expectDone(await book(boris, first!.slotId));
    const low = { ...day, start: '19:30', limitWeek: 1 };
    const limited = await firstSlot(other, await offer(testApp, other, 67, low));
    expect((await book(boris, limited)).data.code).to.equal('limit-week');
    const rules = wish(testApp, 67, { ...day, limitSeries: 1 });
    expectDone(await ask(teacher, 'POST', `consultations/${free}/edit`, rules));
    expect((await book(boris, second!.slotId)).data.code).to.equal('limit-series');
    expectDone(await cancel(boris, (await bookingOf(boris, first!.slotId)).id));
    expectDone(await book(boris, second!.slotId));
  });

  it('counts upcoming bookings at one time, and frees the place of one that was cancelled', async () => {
    const vera = await testApp.launch({ person: '105', course: '2' });
    const limited = { ...evening, type: 'online', limitAtOnce: 1 };
    const [first, second] = await slotsOf(teacher, await offer(testApp, teacher, 3, limited));
    expectDone(await book(vera, first!.slotId));
    expect((await book(vera, second!.slotId)).data.code).to.equal('limit-at-once');
    expectDone(await cancel(vera, (await bookingOf(vera, first!.slotId)).id));
    expectDone(await book(vera, second!.slotId));
    // Rescheduling takes no second place.
    const { id } = await bookingOf(vera, second!.slotId);
    expectDone(await ask(vera, 'POST', `consultations/bookings/${id}/move`, { slot: first!.slotId }));
  });

  it('frees the place of a booking that is over', async () => {
    const limited = { start: '00:05', end: '00:35', type: 'beforeFinal', limitAtOnce: 1 };
    const first = await firstSlot(teacher, await offer(testApp, teacher, 4, limited));
    const later = await firstSlot(teacher, await offer(testApp, teacher, 8, limited));
    expectDone(await book(ann, first));
    expect((await book(ann, later)).data.code).to.equal('limit-at-once');
    testApp.clock.advance(5 * 24 * 60 * 60_000);
    ann = await testApp.launch({ person: '103', course: '2' });
    teacher = await testApp.launch({ person: '11', course: '2' });
    other = await testApp.launch({ person: '12', course: '2' });
    expectDone(await book(ann, later));
  });

  it('does not let one who teaches in a course study in another at the same time', async () => {
    // Teaches the one course and is enrolled as a student in the other.
    testApp.lms.control.enrol('3', '12', 'student');
    const studying = await testApp.launch({ person: '12', course: '3' });
    const lecturer = await testApp.launch({ person: '17', course: '3' });
    const there = await firstSlot(lecturer, await offer(testApp, lecturer, 5));
    await offer(testApp, other, 5);
    const refused = await book(studying, there);
    expect(refused.data.code).to.equal('booking-overlaps');
    // And the other way round.
    const later = await firstSlot(lecturer, await offer(testApp, lecturer, 6));
    expectDone(await book(studying, later));
    const series = await ask(other, 'POST', 'consultations/new', wish(testApp, 6, { end: '15:30' }));
    expect(series.data.fields).to.have.key('start');
  });

  it('knows a person of two LMSs by the card that both share', async () => {
    const { directory, membership, consultations } = testApp.app.features;
    const name = { surname: 'Орлова', givenName: 'Анна', patronymic: '' };
    const { id: registrationId } = testApp.registration;
    const idOf = async (sub: string): Promise<string> =>
      (await membership.people.upsertFromLaunch({ registrationId, sub, name, email: '' })).id;
    const personIds = [await idOf('in-one-lms'), await idOf('in-another-lms')];
    await directory.upsertCard(
      {
        ...{ name, personIds, position: '', visibility: 'staff', consent: false },
        ...{ posts: [], associationIds: [], subjects: [] },
        details: detailsOf(() => ({ value: '', visibility: 'staff' })),
      },
      { personId: personIds[0]!, name: 'Орлова' },
    );
    const [first, second] = [
      await firstSlot(teacher, await offer(testApp, teacher, 10)),
      await firstSlot(other, await offer(testApp, other, 10)),
    ];
    const model = testApp.storage.connection.model('ConsultationSlot');
    const { courseId } = (await model.findById(first).lean<{ courseId: string }>())!;
    const actorOf = (personId: string): Actor => ({
      ...{ personId, registrationId, courseId, courseKey: '', courseTitle: '', role: 'student', name },
    });
    const settled = await Promise.allSettled([
      consultations.bookings.book(actorOf(personIds[0]!), first, '', String),
      consultations.bookings.book(actorOf(personIds[1]!), second, '', String),
    ]);
    expect(settled.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
    // Limits count both as well.
    const weekly = { type: 'beforeInterim', limitWeek: 1 };
    const here = await firstSlot(teacher, await offer(testApp, teacher, 11, weekly));
    const there = await firstSlot(other, await offer(testApp, other, 11, { ...weekly, start: '15:30' }));
    const limited = await Promise.allSettled([
      consultations.bookings.book(actorOf(personIds[0]!), here, '', String),
      consultations.bookings.book(actorOf(personIds[1]!), there, '', String),
    ]);
    expect(limited.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
  });

  it('keeps a buffer of the teacher’s time free around each slot', async () => {
    await offer(testApp, teacher, 7, { end: '15:30', bufferAfter: 15 });
    const close = await ask(
      teacher,
      'POST',
      'consultations/new',
      wish(testApp, 7, { start: '15:40', end: '16:10' }),
    );
    expect(close.data.fields).to.have.key('start');
    await offer(testApp, teacher, 7, { start: '15:45', end: '16:15' });
  });
});
