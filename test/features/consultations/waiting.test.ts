import { expect } from 'chai';
import { HOUR } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  ask,
  book,
  bookingOf,
  bookingsOf,
  cancel,
  expectDone,
  firstSlot,
  offer,
  waitingOf,
  type Answer,
} from './fixtures.js';

describe('consultations: the waiting list', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let ann: Visitor;
  let boris: Visitor;
  let vera: Visitor;
  let gleb: Visitor;
  async function comeIn(): Promise<void> {
    teacher = await testApp.launch({ person: '11', course: '2' });
    [ann, boris, vera, gleb] = (await Promise.all(
      ['103', '104', '105', '106'].map((person) => testApp.launch({ person, course: '2' })),
    )) as [Visitor, Visitor, Visitor, Visitor];
    await Promise.all([ann, boris, vera, gleb].map((visitor) => visitor.csrf()));
  }
  before(async () => {
    testApp = await startTestApp();
    await comeIn();
  });
  after(() => testApp.close());

  const wait = (visitor: Visitor, slot: string, tell = ''): Promise<Answer> =>
    ask(visitor, 'POST', `consultations/slots/${slot}/wait`, { tell });
  const accept = (visitor: Visitor, id: string): Promise<Answer> =>
    ask(visitor, 'POST', `consultations/bookings/${id}/accept`);
  const fullSlot = async (ahead: number): Promise<string> => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, ahead, { capacity: 1 }));
    expectDone(await book(ann, slot));
    return slot;
  };

  it('shows each their place, and lets them leave', async () => {
    const slot = await fullSlot(1);
    expect((await boris.get(`consultations/slots/${slot}`)).body).to.include('Встать в лист ожидания');
    expectDone(await wait(boris, slot));
    expectDone(await wait(boris, slot));
    expectDone(await wait(vera, slot));
    expect(await waitingOf(boris, slot)).to.include({ state: 'waiting', position: 1 });
    expect(await waitingOf(vera, slot)).to.include({ position: 2 });
    expect((await vera.get('consultations')).body).to.include('Ваше место в очереди: 2');
    expectDone(await cancel(boris, (await waitingOf(boris, slot))!.id));
    expect(await waitingOf(boris, slot)).to.equal(undefined);
    expect(await waitingOf(vera, slot)).to.include({ position: 1 });
  });

  it('is shown to the teacher in its order, with what is offered, and to no student', async () => {
    const slot = await fullSlot(20);
    expectDone(await wait(boris, slot));
    expectDone(await wait(gleb, slot, 'on'));
    expectDone(await wait(vera, slot));
    const lineOf = async () =>
      (
        (await ask(teacher, 'GET', `consultations/slots/${slot}`)).data as unknown as {
          line: { name: string; tellOnly: boolean; offeredUntil: string | null }[];
        }
      ).line.map(({ name, tellOnly, offeredUntil }) => [name.split(' ')[0], tellOnly, offeredUntil !== null]);
    const names = (await lineOf()).map(([name]) => String(name));
    expect(await lineOf()).to.deep.equal([
      [names[0], false, false],
      [names[1], false, false],
      [names[2], true, false],
    ]);
    const page = await teacher.get(`consultations/slots/${slot}`);
    expect(page.body).to.include('Лист ожидания').and.include('только сообщить');
    expect((await vera.get(`consultations/slots/${slot}`)).body).to.not.include(names[0]!);
    expectDone(await cancel(ann, (await bookingOf(ann, slot)).id));
    await testApp.app.jobs.drain();
    expect((await lineOf())[0]).to.deep.equal([names[0], false, true]);
  });

  it('is left without a word to the teacher, and without a trace among bookings', async () => {
    const slot = await fullSlot(22);
    const toldOf = async (): Promise<number> => {
      await testApp.app.jobs.drain();
      return (await teacher.get('notifications')).body.split('отменена обучающимся').length;
    };
    const before = await toldOf();
    expectDone(await wait(boris, slot));
    expectDone(await cancel(boris, (await waitingOf(boris, slot))!.id));
    await testApp.app.jobs.drain();
    const { data } = await ask(teacher, 'GET', `consultations/slots/${slot}`);
    expect(data.slot.bookings).to.have.length(1);
    expect((await bookingsOf(boris)).past.map(({ slotId }) => slotId)).to.not.include(slot);
    expect(await toldOf()).to.equal(before);
  });

  it('offers a seat that becomes free to the first, and holds it against all others', async () => {
    const slot = await fullSlot(2);
    expectDone(await wait(boris, slot));
    expectDone(await wait(vera, slot));
    expectDone(await cancel(ann, (await bookingOf(ann, slot)).id));
    await testApp.app.jobs.drain();
    const offered = await waitingOf(boris, slot);
    expect(offered).to.include({ state: 'offered' });
    expect(await waitingOf(vera, slot)).to.include({ state: 'waiting' });
    expect((await book(gleb, slot)).data.code).to.equal('slot-full');
    expectDone(await accept(boris, offered!.id));
    expect((await bookingOf(boris, slot)).state).to.equal('booked');
  });

  it('accepts an offer once, also where the teacher has to say yes', async () => {
    const slot = await firstSlot(
      teacher,
      await offer(testApp, teacher, 3, { capacity: 1, approval: 'required' }),
    );
    expectDone(await book(ann, slot));
    expectDone(await wait(boris, slot));
    expectDone(await cancel(ann, (await bookingOf(ann, slot)).id));
    await testApp.app.jobs.drain();
    const { id } = (await waitingOf(boris, slot))!;
    expectDone(await accept(boris, id));
    expectDone(await accept(boris, id));
    expect((await bookingOf(boris, slot)).state).to.equal('requested');
  });

  it('gives the offer to the next when its time is over', async () => {
    const slot = await fullSlot(5);
    expectDone(await wait(boris, slot));
    expectDone(await wait(vera, slot));
    expectDone(await cancel(ann, (await bookingOf(ann, slot)).id));
    await testApp.app.jobs.drain();
    const { id } = (await waitingOf(boris, slot))!;
    testApp.clock.advance(13 * HOUR);
    await comeIn();
    await testApp.app.jobs.drain();
    expect((await accept(boris, id)).data.code).to.equal('offer-over');
    expect(await waitingOf(vera, slot)).to.include({ state: 'offered' });
  });

  it('only tells of a free seat those who asked for no more, and holds none', async () => {
    const slot = await fullSlot(9);
    expectDone(await wait(gleb, slot, 'on'));
    expect(await waitingOf(gleb, slot)).to.include({ tellOnly: true });
    expectDone(await cancel(ann, (await bookingOf(ann, slot)).id));
    await testApp.app.jobs.drain();
    expect(await waitingOf(gleb, slot)).to.equal(undefined);
    expectDone(await book(boris, slot));
  });

  it('refuses to wait where there is a seat', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 6));
    expect((await wait(boris, slot)).data.code).to.equal('slot-free');
  });

  it('offers the seats that a larger capacity adds', async () => {
    const series = await offer(testApp, teacher, 7, { capacity: 2 });
    const slot = await firstSlot(teacher, series);
    expectDone(await book(ann, slot));
    expectDone(await book(gleb, slot));
    expectDone(await wait(boris, slot));
    const { data } = await ask(teacher, 'GET', `consultations/${series}/edit`);
    const { values } = data as unknown as { values: Record<string, string> };
    expectDone(await ask(teacher, 'POST', `consultations/${series}/edit`, { ...values, capacity: 3 }));
    await testApp.app.jobs.drain();
    expect(await waitingOf(boris, slot)).to.include({ state: 'offered' });
  });
});
