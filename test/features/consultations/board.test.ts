import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ask, book, day, expectDone, firstSlot, offer, slotsOf } from './fixtures.js';

describe('consultations: a teacher’s week as a grid', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let ann: Visitor;
  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
  });
  after(() => testApp.close());

  interface Board {
    board: { slots: { id: string; start: string; movable: boolean; booked: number }[] };
  }
  const boardOf = async (visitor: Visitor, week: string): Promise<Board['board']> =>
    ((await ask(visitor, 'GET', `consultations/board?week=${week}`)).data as unknown as Board).board;

  it('shows a teacher’s own slots by the reader’s clock, and its forms make and move them', async () => {
    const on = day(testApp, 3);
    const series = await offer(testApp, teacher, 3);
    const made = await teacher.submit('consultations/board/slots', {
      ...{ series, week: on, date: on, start: '18:00', end: '19:00' },
    });
    expect(made.body).to.include('Время добавлено');
    const { slots } = await boardOf(teacher, on);
    expect(slots.map(({ start }) => start)).to.include.members([`${on}T18:00`, `${on}T18:30`]);
    const { id } = slots.find(({ start }) => start === `${on}T18:30`)!;
    const moved = await teacher.submit('consultations/board/move', {
      ...{ slot: id, week: on, date: on, start: '19:30', reason: '' },
    });
    expect(moved.body).to.include('Консультация перенесена');
    const after = (await boardOf(teacher, on)).slots.find((slot) => slot.id === id)!;
    expect(after).to.include({ start: `${on}T19:30`, movable: true });
  });

  it('asks for a reason where someone has booked, keeps what was typed, and names the field', async () => {
    const on = day(testApp, 4);
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 4));
    expectDone(await book(ann, slot));
    const sent = { slot, week: on, date: on, start: '20:00', reason: '' };
    const refused = await teacher.submit('consultations/board/move', sent);
    expect(refused.status).to.equal(400);
    expect(refused.body).to.include('value="20:00"').and.include('f-move-reason-error');
    expectDone(await ask(teacher, 'POST', 'consultations/board/move', { ...sent, reason: 'Собрание' }));
  });

  it('is for those who manage a slot: not for students, nor for another’s', async () => {
    expect((await ask(ann, 'GET', 'consultations/board')).status).to.equal(403);
    const other = await testApp.launch({ person: '12', course: '2' });
    const series = await offer(testApp, other, 5);
    const [slot] = await slotsOf(other, series);
    const on = day(testApp, 5);
    expect((await boardOf(teacher, on)).slots.map(({ id }) => id)).to.not.include(slot!.slotId);
    const move = { slot: slot!.slotId, date: on, start: '20:00', reason: 'x' };
    expect((await ask(teacher, 'POST', 'consultations/board/move', move)).status).to.equal(403);
    const make = { series, date: on, start: '20:00', end: '21:00' };
    expect((await ask(teacher, 'POST', 'consultations/board/slots', make)).status).to.equal(403);
  });
});
