import { expect } from 'chai';
import { Types } from 'mongoose';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  ask,
  book,
  bookingOf,
  bookingsOf,
  cancel,
  day,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  waitingOf,
  type Answer,
} from './fixtures.js';

/** Lets the count of a limit with this number, from 1, be read, and holds back what it has read. */
function holdBack(testApp: TestApp, number: number) {
  const { collection } = testApp.storage.connection.model('ConsultationBooking');
  const find = collection.find.bind(collection);
  let [tell, release]: (() => void)[] = [];
  const reached = new Promise<void>((resolve) => (tell = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  let counts = 0;
  collection.find = ((filter: Record<string, { $in?: string[]; $lt?: Date } | undefined>) => {
    const cursor = find(filter);
    const { personIds, state, startsAt } = filter;
    if (personIds === undefined || startsAt?.$lt === undefined || state?.$in?.[0] !== 'pending')
      return cursor;
    counts += 1;
    if (counts !== number) return cursor;
    collection.find = find;
    const read = cursor.toArray.bind(cursor);
    cursor.toArray = async () => {
      const rows = await read();
      tell?.();
      await released;
      return rows;
    };
    return cursor;
  }) as typeof collection.find;
  return { reached, release: () => release?.() };
}

describe('consultations: limits while bookings are on their way', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let ann: Visitor;
  let bob: Visitor;
  let week = 0;
  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
    bob = await testApp.launch({ person: '104', course: '2' });
  });
  after(() => testApp.close());

  const limited = { start: '18:00', end: '20:00', length: 30, limitWeek: 1, capacity: 1 };

  /** A day of a week that no other test uses. */
  const nextDay = (): number => 3 + 7 * week++;

  /** Four free times of a day, and one in another week that is booked by the student. */
  async function prepare() {
    const [there, elsewhere] = [nextDay(), nextDay()];
    const moved = await firstSlot(teacher, await offer(testApp, teacher, elsewhere, limited));
    const series = await offer(testApp, teacher, there, limited);
    const [taken, wanted] = (await slotsOf(teacher, series)).map(({ slotId }) => slotId);
    expectDone(await book(ann, moved));
    const move = () =>
      ask(teacher, 'POST', `consultations/slots/${moved}/move`, {
        ...{ date: day(testApp, there), start: '21:00', reason: 'Отъезд' },
      });
    return { moved, taken: taken!, wanted: wanted!, move };
  }

  const coming = async (slotIds: readonly string[]): Promise<string[]> =>
    (await bookingsOf(ann)).upcoming.map(({ slotId }) => slotId).filter((id) => slotIds.includes(id));

  const ways: Readonly<Record<string, (wanted: string) => Promise<() => Promise<Answer>>>> = {
    'a booking': (wanted) => Promise.resolve(() => book(ann, wanted)),
    'a reschedule': async (wanted) => {
      const other = await firstSlot(teacher, await offer(testApp, teacher, nextDay(), limited));
      expectDone(await book(ann, other));
      const { id } = await bookingOf(ann, other);
      return () => ask(ann, 'POST', `consultations/bookings/${id}/move`, { slot: wanted });
    },
    'an offer that is accepted': async (wanted) => {
      expectDone(await book(bob, wanted));
      expectDone(await ask(ann, 'POST', `consultations/slots/${wanted}/wait`, {}));
      expectDone(await cancel(bob, (await bookingOf(bob, wanted)).id));
      await testApp.app.features.consultations.bookings.offerSeats(wanted);
      const { id } = (await waitingOf(ann, wanted))!;
      return () => ask(ann, 'POST', `consultations/bookings/${id}/accept`);
    },
  };

  for (const [name, way] of Object.entries(ways)) {
    it(`refuses ${name} that was read as allowed, before a seat was taken, a slot moved there and the seat given up`, async () => {
      const { moved, taken, wanted, move } = await prepare();
      const act = await way(wanted);
      const count = holdBack(testApp, 1);
      const answer = act();
      await count.reached;
      expectDone(await book(ann, taken));
      expectDone(await move());
      expectDone(await cancel(ann, (await bookingOf(ann, taken)).id));
      count.release();
      expect((await answer).data.code).to.equal('limit-week');
      expect(await coming([moved, taken, wanted])).to.deep.equal([moved]);
    });
  }

  it('lets a moved slot’s booking into a week only when no other is being counted there', async () => {
    const { moved, wanted, move } = await prepare();
    const rows = testApp.storage.connection.collection('schedule_times');
    // The second count: the booking is written.
    const count = holdBack(testApp, 2);
    const answer = book(ann, wanted);
    await count.reached;
    const moving = move();
    const slot = { _id: new Types.ObjectId(moved) };
    const held = { kind: 'booking', slotId: moved };
    const timesOf = async () =>
      [await rows.findOne(slot), await rows.findOne(held)].map((row) => row?.startsAt as Date);
    const [old] = await timesOf();
    let [slotAt, bookingAt] = [old, old];
    while (slotAt?.getTime() === old?.getTime()) {
      await new Promise((resolve) => setImmediate(resolve));
      [slotAt, bookingAt] = await timesOf();
    }
    expect(bookingAt).to.deep.equal(old);
    count.release();
    expectDone(await answer);
    expectDone(await moving);
    expect(await timesOf()).to.deep.equal([slotAt, slotAt]);
    expect(await coming([moved, wanted])).to.have.members([moved, wanted]);
    expect(await rows.countDocuments({ claims: /^x:/ })).to.equal(0);
  });
});
