import { expect } from 'chai';
import { Types } from 'mongoose';
import { HOUR, MINUTE } from '../../../src/shared/clock.js';
import { personClaims } from '../../../src/features/schedule/index.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  book,
  bookingOf,
  cancel,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  waitingOf,
  ask,
} from './fixtures.js';

/** What a killed process leaves behind is written here as it would have stood in the database at that moment. */
describe('consultations: work left unfinished', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let ann: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
  });
  after(() => testApp.close());

  const model = (name: string) => testApp.storage.connection.model(name);
  const soon = (): Date => new Date(testApp.clock.now().getTime() + MINUTE);

  /** Runs the jobs when the request that began something must have ended. */
  async function settle(): Promise<void> {
    testApp.clock.advance(5 * MINUTE);
    await testApp.app.jobs.drain();
  }

  it('makes the rest of a series whose making was cut off', async () => {
    const id = await offer(testApp, teacher, 1);
    const [first, second] = await slotsOf(teacher, id);
    const later = (iso: string, hours: number): Date => new Date(Date.parse(iso) + hours * HOUR);
    const planned = (at: string, hours: number, slotId: string) => ({
      id: slotId,
      startsAt: later(at, hours),
      endsAt: new Date(later(at, hours).getTime() + 30 * MINUTE),
    });
    // The first of the plan exists already; of the others one conflicts, and one is to be made.
    const missing = planned(first!.startsAt, 3, new Types.ObjectId().toString());
    await model('ConsultationSeries').updateOne(
      { _id: id },
      {
        $set: {
          plan: {
            key: 'cut-off',
            slots: [
              planned(first!.startsAt, 0, first!.slotId),
              planned(second!.startsAt, 0, new Types.ObjectId().toString()),
              missing,
            ],
          },
          settleAt: soon(),
        },
      },
    );
    await settle();
    const slots = await slotsOf(teacher, id);
    expect(slots.map(({ startsAt }) => startsAt)).to.deep.equal([
      first!.startsAt,
      second!.startsAt,
      missing.startsAt.toISOString(),
    ]);
    const { data } = await ask(teacher, 'GET', `consultations/${id}`);
    expect(data.series.leftOut).to.have.length(1);
    expect(data.series.leftOut[0]!.startsAt).to.equal(second!.startsAt);
    // Nothing is left to do, and doing it again makes nothing twice.
    expect(await model('ConsultationSeries').findById(id).lean()).to.include({ plan: null });
    await settle();
    expect(await slotsOf(teacher, id)).to.have.length(3);
  });

  it('does not make a slot again that was taken away meanwhile', async () => {
    const id = await offer(testApp, teacher, 2);
    const [slot] = await slotsOf(teacher, id);
    expectDone(await ask(teacher, 'POST', `consultations/slots/${slot!.slotId}/remove`));
    const { startsAt, endsAt } = slot!;
    await model('ConsultationSeries').updateOne(
      { _id: id },
      { $set: { plan: { key: 'again', slots: [{ id: slot!.slotId, startsAt, endsAt }] }, settleAt: soon() } },
    );
    await settle();
    expect((await slotsOf(teacher, id)).map(({ slotId }) => slotId)).to.not.include(slot!.slotId);
  });

  it('cancels the bookings of a slot whose cancellation was cut off, and counts them cancelled before', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 3));
    expectDone(await book(ann, slot));
    await model('ConsultationSlot').updateOne(
      { _id: slot },
      {
        $set: {
          state: 'cancelled',
          cancellation: { at: testApp.clock.now(), by: 'x', side: 'teacher', reason: 'Заболела' },
          settleAt: soon(),
        },
        $unset: { claims: 1 },
      },
    );
    const meanwhile = await bookingOf(ann, slot);
    expect(meanwhile).to.include({ state: 'cancelled', mayCancel: false, link: '' });
    expect(meanwhile.cancellation).to.include({ reason: 'Заболела' });
    await settle();
    const stored = await model('ConsultationBooking').findOne({ slotId: slot }).lean();
    expect(stored).to.include({ state: 'cancelled' }).and.not.have.any.keys('claims');
    // The student's time is free.
    const again = await firstSlot(teacher, await offer(testApp, teacher, 3, { end: '15:30' }));
    expectDone(await book(ann, again));
  });

  it('cancels a booking that came in behind a cancellation and was never looked at again', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 4));
    const [seen] = await slotsOf(teacher, (await bookingSeries(slot))!);
    expectDone(await ask(teacher, 'POST', `consultations/slots/${slot}/cancel`, { reason: 'Заболела' }));
    const personId = await personOf(ann);
    const span = { startsAt: new Date(seen!.startsAt), endsAt: new Date(seen!.endsAt) };
    const raw = await model('ConsultationSlot').findById(slot).lean<{ courseId: string; seriesId: string }>();
    await model('ConsultationBooking').create({
      courseId: raw!.courseId,
      slotId: slot,
      seriesId: raw!.seriesId,
      personId,
      ...span,
      state: 'booked',
      bookedAt: testApp.clock.now(),
      personIds: [personId],
      claims: [`s:${slot}:0`, ...personClaims([personId], span)],
    });
    expect((await bookingOf(ann, slot)).state).to.equal('cancelled');
    await settle();
    expect(await model('ConsultationBooking').findOne({ slotId: slot }).lean()).to.include({
      state: 'cancelled',
    });
  });

  it('decides about a slot that was being taken away: booked it stays, free it goes', async () => {
    const id = await offer(testApp, teacher, 5);
    const [booked, free] = await slotsOf(teacher, id);
    expectDone(await book(ann, booked!.slotId));
    await model('ConsultationSlot').updateMany(
      { seriesId: id },
      {
        $set: {
          state: 'closing',
          cancellation: { at: testApp.clock.now(), by: 'x', side: 'teacher', reason: '' },
          settleAt: soon(),
        },
      },
    );
    const another = await testApp.launch({ person: '104', course: '2' });
    expect((await book(another, free!.slotId)).data.code).to.equal('slot-cancelled');
    await settle();
    const slots = await slotsOf(teacher, id);
    expect(slots.map(({ slotId, state }) => [slotId, state])).to.deep.equal([[booked!.slotId, 'open']]);
    expect((await bookingOf(ann, booked!.slotId)).state).to.equal('booked');
    await offer(testApp, teacher, 5, { start: '15:30', end: '16:00' });
  });

  it('takes away the free slots of a series whose ending was cut off', async () => {
    const id = await offer(testApp, teacher, 6);
    const [booked] = await slotsOf(teacher, id);
    expectDone(await book(ann, booked!.slotId));
    await model('ConsultationSeries').updateOne(
      { _id: id },
      { $set: { state: 'ended', endedAt: testApp.clock.now(), endedBy: 'x', settleAt: soon() } },
    );
    await settle();
    expect((await slotsOf(teacher, id)).map(({ slotId }) => slotId)).to.deep.equal([booked!.slotId]);
  });

  it('leaves alone what may still be under way', async () => {
    const id = await offer(testApp, teacher, 7);
    await model('ConsultationSlot').updateMany(
      { seriesId: id },
      { $set: { state: 'closing', settleAt: new Date(testApp.clock.now().getTime() + 10 * MINUTE) } },
    );
    await settle();
    const rows = await model('ConsultationSlot').find({ seriesId: id }).lean<{ state: string }[]>();
    expect(rows.map(({ state }) => state)).to.deep.equal(['closing', 'closing']);
    await settle();
    await settle();
    const after = await model('ConsultationSlot').find({ seriesId: id }).lean<{ state: string }[]>();
    expect(after.map(({ state }) => state)).to.deep.equal(['removed', 'removed']);
  });

  const bookingSeries = async (slotId: string): Promise<string | undefined> =>
    (await model('ConsultationSlot').findById(slotId).lean<{ seriesId: string }>())?.seriesId;

  async function personOf(student: Visitor): Promise<string> {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 20));
    expectDone(await book(student, slot));
    const row = await model('ConsultationBooking').findOne({ slotId: slot }).lean<{ personId: string }>();
    return row!.personId;
  }

  it('makes an offer again of one whose acceptance was cut off', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 9, { capacity: 1 }));
    const bob = await testApp.launch({ person: '104', course: '2' });
    expectDone(await book(bob, slot));
    expectDone(await ask(ann, 'POST', `consultations/slots/${slot}/wait`, {}));
    expectDone(await cancel(bob, (await bookingOf(bob, slot)).id));
    await testApp.app.features.consultations.bookings.offerSeats(slot);
    const { id } = (await waitingOf(ann, slot))!;
    const accept = () => ask(ann, 'POST', `consultations/bookings/${id}/accept`);
    const row = await model('ConsultationBooking').findById(id).lean<{ claims: string[] }>();
    const claims = [...row!.claims, 'x:Wgroup:somebody:2026-11-30'];
    await model('ConsultationBooking').updateOne({ _id: id }, { $set: { claims, unfinishedAt: soon() } });
    expect((await accept()).data.code).to.equal('try-again');
    await settle();
    expectDone(await accept());
    expect((await bookingOf(ann, slot)).state).to.equal('booked');
  });
});
