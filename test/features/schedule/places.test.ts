import { expect } from 'chai';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';
import { ask, expectDone, firstSlot, offer, slotsOf, wish } from '../consultations/fixtures.js';
import type { Visitor } from '../../support/test-app.js';

interface BuildingSeen {
  id: string;
  title: string;
  version: number;
  rooms: { id: string; title: string; capacity: number; closed: boolean }[];
}

describe('places', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let teacher: Visitor;
  let colleague: Visitor;
  let room: string;
  let hall: string;

  const buildings = async (): Promise<BuildingSeen[]> =>
    (await admin.data<{ buildings: BuildingSeen[] }>('/admin/places')).buildings;

  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
    teacher = await testApp.launch({ person: '11', course: '2' });
    colleague = await testApp.launch({ person: '15', course: '3' });
  });
  after(() => testApp.close());

  it('are buildings with an address and rooms with a capacity, edited by an administrator', async () => {
    const page = { page: '/admin/places' };
    await admin.post('/admin/places', { title: 'Корпус А', location: 'ул. Мира, 5' }, page);
    const [building] = await buildings();
    await admin.post(`/admin/places/${building!.id}/rooms`, { title: '214', capacity: '12' }, page);
    await admin.post(`/admin/places/${building!.id}/rooms`, { title: 'Зал', capacity: '100' }, page);
    const twice = await admin.post(
      `/admin/places/${building!.id}/rooms`,
      { title: 'зал', capacity: '1' },
      page,
    );
    expect(twice.status).to.equal(400);
    const wrong = await admin.post(
      `/admin/places/${building!.id}/rooms`,
      { title: '1', capacity: '0' },
      page,
    );
    expect(wrong.status).to.equal(400);
    const [seen] = await buildings();
    expect(seen!.rooms.map(({ title, capacity }) => [title, capacity])).to.deep.equal([
      ['214', 12],
      ['Зал', 100],
    ]);
    [room, hall] = seen!.rooms.map(({ id }) => id) as [string, string];
    const stale = { title: 'Корпус Б', location: '', version: '1' };
    expect((await admin.post(`/admin/places/${building!.id}`, stale, page)).status).to.equal(409);
    const fresh = { ...stale, title: 'Корпус А', location: 'ул. Мира, 7', version: String(seen!.version) };
    expect((await admin.post(`/admin/places/${building!.id}`, fresh, page)).url).to.contain('placeSaved');
    expect((await admin.post(`/admin/places/${building!.id}/remove`, {}, page)).status).to.equal(409);
    const log = await admin.get('/admin/audit');
    expect(log.text).to.contain('Места изменены');
  });

  it('of a series are named where the teacher writes no other place', async () => {
    const series = await offer(testApp, teacher, 1, { roomId: room, place: '' });
    const [slot] = await slotsOf(teacher, series);
    expect(slot).to.include({ place: 'Корпус А, 214', roomId: room });
  });

  it('are claimed once at a time by series of all courses, and said to be taken before', async () => {
    const same = { roomId: room, place: '' };
    const { data } = await ask(colleague, 'POST', 'consultations/preview', wish(testApp, 1, same));
    expect(data.preview.free).to.equal(0);
    const refused = await ask(colleague, 'POST', 'consultations/new', wish(testApp, 1, same));
    expect([refused.status, Object.keys(refused.data.fields)]).to.deep.equal([400, ['start']]);
    await offer(testApp, colleague, 1, { ...same, start: '16:00', end: '17:00' });
  });

  it('go to one of two series that are made at the same moment', async () => {
    const same = { roomId: hall, place: '', start: '10:00', end: '12:00' };
    const answers = await Promise.all(
      [teacher, colleague].map((visitor) =>
        ask(visitor, 'POST', 'consultations/new', wish(testApp, 3, same)),
      ),
    );
    const made = answers
      .filter(({ status }) => status === 303)
      .map(({ headers }) => headers.get('location') ?? '');
    expect(made).not.to.be.empty;
    const claimed = await testApp.storage.connection
      .model('ConsultationSlot')
      .find({ roomId: hall, state: 'open' })
      .lean<{ startsAt: Date }[]>();
    expect(claimed.map(({ startsAt }) => startsAt.getTime()).sort()).to.deep.equal(
      [...new Set(claimed.map(({ startsAt }) => startsAt.getTime()))].sort(),
    );
    expect(claimed).to.have.length(4);
  });

  it('refuse a series with more seats than they have, an unknown room, and none at all', async () => {
    for (const [changes, field] of [
      [{ roomId: room, capacity: 13 }, 'capacity'],
      [{ roomId: 'f'.repeat(24) }, 'roomId'],
      [{ roomId: 'x' }, 'roomId'],
      [{ place: '', link: '' }, 'place'],
    ] as const) {
      const refused = await ask(teacher, 'POST', 'consultations/new', wish(testApp, 4, changes));
      expect([refused.status, Object.keys(refused.data.fields)]).to.deep.equal([400, [field]]);
    }
  });

  it('of one slot can change, unless the other room is taken', async () => {
    const series = await offer(testApp, colleague, 5, { place: 'Кабинет 1' });
    const slot = await firstSlot(colleague, series);
    expectDone(await ask(colleague, 'POST', `consultations/slots/${slot}/room`, { roomId: room }));
    expect((await slotsOf(colleague, series))[0]).to.include({ place: 'Корпус А, 214' });
    const other = await offer(testApp, teacher, 5, { place: 'Кабинет 2' });
    const late = await firstSlot(teacher, other);
    const refused = await ask(teacher, 'POST', `consultations/slots/${late}/room`, { roomId: room });
    expect([refused.status, Object.keys(refused.data.fields)]).to.deep.equal([400, ['roomId']]);
    expectDone(await ask(colleague, 'POST', `consultations/slots/${slot}/room`, { roomId: '' }));
    expectDone(await ask(teacher, 'POST', `consultations/slots/${late}/room`, { roomId: room }));
  });

  it('are free again when the slot is cancelled or removed', async () => {
    const series = await offer(testApp, teacher, 6, { roomId: room });
    for (const { slotId } of await slotsOf(teacher, series)) {
      expectDone(await ask(teacher, 'POST', `consultations/slots/${slotId}/remove`));
    }
    const after = await offer(testApp, colleague, 6, { roomId: room });
    expect(await slotsOf(colleague, after)).to.have.length(2);
  });

  it('follow a series into its new room, except where that is taken', async () => {
    const taken = await offer(testApp, colleague, 7, { roomId: hall, end: '15:30' });
    const series = await offer(testApp, teacher, 7, { roomId: room, place: '' });
    const changes = wish(testApp, 7, { roomId: hall, place: 'Корпус А, 214' });
    const moved = await ask(teacher, 'POST', `consultations/${series}/edit`, changes);
    expect(expectDone(moved)).to.contain('editedRoomTaken');
    const rooms = (await slotsOf(teacher, series)).map(({ roomId, place }) => [roomId, place]);
    expect(rooms).to.deep.equal([
      [room, 'Корпус А, 214'],
      [hall, 'Корпус А, Зал'],
    ]);
    expect(await slotsOf(colleague, taken)).to.have.length(1);
  });

  it('show their new name in series and slots when they are renamed, unless the teacher wrote another', async () => {
    const called = await offer(testApp, teacher, 8, { roomId: room, place: '' });
    const written = await offer(testApp, teacher, 9, { roomId: room, place: 'У окна в 214-м' });
    const slot = await firstSlot(teacher, written);
    expectDone(await ask(teacher, 'POST', `consultations/slots/${slot}/room`, { roomId: hall }));
    const [building] = await buildings();
    const renamed = { title: 'Корпус имени Ковалевской', location: '', version: String(building!.version) };
    await admin.post(`/admin/places/${building!.id}`, renamed, { page: '/admin/places' });
    await testApp.app.jobs.drain();
    const placesOf = async (series: string) => (await slotsOf(teacher, series)).map(({ place }) => place);
    expect(await placesOf(called)).to.deep.equal(Array(2).fill('Корпус имени Ковалевской, 214'));
    expect(await placesOf(written)).to.deep.equal(['Корпус имени Ковалевской, Зал', 'У окна в 214-м']);
  });

  it('are not for teachers to edit', async () => {
    expect((await teacher.get('/admin/places')).url).to.contain('/admin/login');
  });
});
