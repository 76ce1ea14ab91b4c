import { expect } from 'chai';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';
import type { Visitor } from '../../support/test-app.js';
import { ask, book, day, expectDone, firstSlot, offer, slotsOf, typed, wish } from './fixtures.js';

interface Previewed {
  slots: { startsAt: string; taken: boolean; closed: string | null }[];
}

describe('consultations: planning', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let teacher: Visitor;
  let ann: Visitor;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
    teacher = await testApp.launch({ person: '11', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
  });
  after(() => testApp.close());

  const starts = async (series: string): Promise<string[]> =>
    (await slotsOf(teacher, series)).map(({ startsAt }) => startsAt.slice(11, 16));

  it('fills a year with the public holidays of Russia, which new series leave out and can take in', async () => {
    const year = Number(day(testApp, 40).slice(0, 4));
    const filled = await admin.post(
      '/admin/closed-days/fill',
      { year: String(year) },
      { page: '/admin/closed-days' },
    );
    expect(filled.url).to.contain('yearFilled');
    expect(filled.text).to.include('Новогодние каникулы').and.include('День народного единства');
    // The days of these tests are days from now, which must not be holidays by chance.
    const soon = { $gte: day(testApp, 0), $lte: day(testApp, 60) };
    await testApp.storage.connection.model('ClosedDay').deleteMany({ _id: soon });
    const closed = day(testApp, 3);
    const added = await admin.post(
      '/admin/closed-days',
      { date: closed, title: 'Санитарный день' },
      { page: '/admin/closed-days' },
    );
    expect(added.url).to.contain('dayAdded');
    const values = wish(testApp, 3, { to: day(testApp, 4), end: '15:30' });
    const { data } = await ask(teacher, 'POST', 'consultations/preview', values);
    const days = data.preview.days as unknown as Previewed[];
    expect(days.map(({ slots }) => slots[0]!.closed)).to.deep.equal(['Санитарный день', null]);
    const page = await teacher.submit('consultations/preview', typed(values));
    expect(page.body).to.include('Санитарный день').and.include('name="take"');
    const series = await offer(testApp, teacher, 3, { to: day(testApp, 4), end: '15:30' });
    expect((await slotsOf(teacher, series)).map(({ startsAt }) => startsAt.slice(0, 10))).to.deep.equal([
      day(testApp, 4),
    ]);
    // Ticked by hand, a closed day is planned all the same.
    const take = [days[0]!.slots[0]!.startsAt];
    const taken = await offer(testApp, teacher, 3, { to: day(testApp, 4), end: '15:30', chosen: 'on', take });
    expect(await slotsOf(teacher, taken)).to.have.length(1);
  });

  it('makes only the times that stay ticked', async () => {
    const values = wish(testApp, 6);
    const { data } = await ask(teacher, 'POST', 'consultations/preview', values);
    const [first] = (data.preview.days as unknown as Previewed[])[0]!.slots;
    const series = await offer(testApp, teacher, 6, { chosen: 'on', take: [first!.startsAt] });
    expect(await starts(series)).to.deep.equal(['12:00']);
    const none = await ask(teacher, 'POST', 'consultations/new', { ...values, chosen: 'on' });
    expect(none.data.fields).to.have.key('weekdays');
  });

  it('has several hours of a day, days of exception, and an end at midnight', async () => {
    const series = await offer(testApp, teacher, 7, {
      to: day(testApp, 9),
      exceptions: day(testApp, 8).split('-').reverse().join('.'),
      ...{ start: '09:00', end: '10:00', start2: '23:00', end2: '00:00', length: 60 },
    });
    expect((await slotsOf(teacher, series)).map(({ startsAt }) => startsAt)).to.deep.equal([
      `${day(testApp, 7)}T06:00:00.000Z`,
      `${day(testApp, 7)}T20:00:00.000Z`,
      `${day(testApp, 9)}T06:00:00.000Z`,
      `${day(testApp, 9)}T20:00:00.000Z`,
    ]);
    const overlapping = { start2: '15:30', end2: '16:30' };
    const refused = await ask(teacher, 'POST', 'consultations/new', wish(testApp, 10, overlapping));
    expect(refused.data.fields).to.have.key('start2');
    const words = await ask(
      teacher,
      'POST',
      'consultations/new',
      wish(testApp, 10, { exceptions: 'завтра' }),
    );
    expect(words.data.fields).to.have.key('exceptions');
  });

  it('changes days and hours later: free slots follow, booked ones are listed and stay', async () => {
    const series = await offer(testApp, teacher, 11);
    const [first] = await slotsOf(teacher, series);
    expectDone(await book(ann, first!.slotId));
    const times = { ...wish(testApp, 11), start: '15:30', end: '17:00' };
    const { data } = await ask(teacher, 'POST', `consultations/${series}/times/preview`, times);
    const { change } = data as unknown as {
      change: Record<'add' | 'remove' | 'stay', { startsAt: string }[]>;
    };
    expect(change.stay.map(({ startsAt }) => startsAt)).to.deep.equal([first!.startsAt]);
    expect(change.remove).to.be.empty;
    expect(change.add).to.have.length(2);
    const page = await teacher.submit(`consultations/${series}/times/preview`, typed(times));
    expect(page.body).to.include('Останется, потому что на это время записаны');
    expectDone(await ask(teacher, 'POST', `consultations/${series}/times`, times));
    expect(await starts(series)).to.deep.equal(['12:00', '12:30', '13:00', '13:30']);
    const later = { ...times, start: '16:00' };
    expectDone(await ask(teacher, 'POST', `consultations/${series}/times`, later));
    expect(await starts(series)).to.deep.equal(['12:00', '13:00', '13:30']);
  });

  describe('types', () => {
    it('are changed by an administrator; a new series begins from its type, and a group’s never with one seat', async () => {
      const list = await admin.get('/admin/consultation-types');
      expect(list.text).to.include('Перед итоговой аттестацией');
      const { values } = await admin.data<{ values: Record<string, string> }>(
        '/admin/consultation-types/group',
      );
      const page = { page: '/admin/consultation-types/group' };
      const single = await admin.post('/admin/consultation-types/group', { ...values, capacity: '1' }, page);
      expect(single.text).to.include('хотя бы на двоих');
      const saved = await admin.post(
        '/admin/consultation-types/group',
        { ...values, capacity: '12', length: '40', limitWeek: '2', title: 'Малая группа' },
        page,
      );
      expect(saved.url).to.contain('typeSaved');
      const form = await ask(teacher, 'GET', 'consultations/new?type=group');
      const shown = form.data as unknown as { values: Record<string, string> };
      expect(shown.values).to.include({ type: 'group', capacity: '12', length: '40', limitWeek: '2' });
      const refused = await ask(
        teacher,
        'POST',
        'consultations/new',
        wish(testApp, 14, { type: 'group', capacity: 1 }),
      );
      expect(refused.data.fields).to.have.key('capacity');
      await offer(testApp, teacher, 14);
      expect((await ann.get('consultations')).body).to.include('Малая группа');
      const stale = await admin.post('/admin/consultation-types/group', { ...values, capacity: '9' }, page);
      expect(stale.status).to.equal(409);
    });

    it('are created and archived: no new series begin from an archived one', async () => {
      const { values } = await admin.data<{ values: Record<string, string> }>(
        '/admin/consultation-types/new',
      );
      const made = await admin.post(
        '/admin/consultation-types/new',
        { ...values, title: 'Пробный экзамен', purpose: 'beforeFinal' },
        { page: '/admin/consultation-types/new' },
      );
      expect(made.url).to.contain('typeSaved');
      expect((await teacher.get('consultations/new')).body).to.include('Пробный экзамен');
      const { types } = await admin.data<{ types: { id: string; title: string; version: number }[] }>(
        '/admin/consultation-types',
      );
      const { id, version } = types.find(({ title }) => title === 'Пробный экзамен')!;
      const archived = await admin.post(
        `/admin/consultation-types/${id}/archive`,
        { version: String(version), archived: 'yes' },
        { page: '/admin/consultation-types' },
      );
      expect(archived.url).to.contain('typeSaved');
      expect((await teacher.get('consultations/new')).body).to.not.include('Пробный экзамен');
    });
  });

  describe('attestations', () => {
    it('open their consultations by the date, list who has not booked, and invite them', async () => {
      const saved = await ask(teacher, 'POST', 'consultations/attestations', {
        ...{ kind: 'final', title: 'Экзамен по алгебре', on: day(testApp, 40) },
      });
      expect(expectDone(saved)).to.include('dateSaved');
      const listed = await ask(teacher, 'GET', 'consultations/attestations');
      const { attestations } = listed.data as unknown as { attestations: { id: string }[] };
      const { id } = attestations[0]!;
      const series = await offer(testApp, teacher, 30, {
        type: 'beforeFinal',
        attestation: id,
        opensDays: 20,
      });
      const slot = await firstSlot(teacher, series);
      expect((await book(ann, slot)).data.code).to.equal('booking-early');
      expect((await ann.get(`consultations/slots/${slot}`)).body).to.include('Запись откроется');
      // The date moves, and booking opens with it.
      const body = { kind: 'final', title: 'Экзамен по алгебре', on: day(testApp, 15) };
      expectDone(await ask(teacher, 'POST', `consultations/attestations/${id}`, body));
      expectDone(await book(ann, slot));
      const page = await ask(teacher, 'GET', `consultations/attestations/${id}`);
      const { missing, booked } = page.data as unknown as { missing: string[]; booked: { name: string }[] };
      expect(booked.map(({ name }) => name)).to.deep.equal(['Андреева Вероника Олеговна']);
      expect(missing).to.not.include('Андреева Вероника Олеговна');
      expect((await ask(ann, 'GET', `consultations/attestations/${id}`)).status).to.equal(403);
      const boris = await testApp.launch({ person: '104', course: '2' });
      const invited = await teacher.submit(`consultations/attestations/${id}/invite`);
      expect(invited.body).to.include('Приглашения отправлены').and.include('Пригласить ещё раз');
      await testApp.app.jobs.drain();
      expect((await boris.get('')).body).to.include('Экзамен по алгебре');
      expect((await ann.get('')).body).to.not.include('Экзамен по алгебре');
    });
  });

  it('lists who has booked a series and who has not, and lets its teacher write to those who have', async () => {
    const series = await offer(testApp, teacher, 16);
    expectDone(await book(ann, await firstSlot(teacher, series)));
    const page = await teacher.get(`consultations/${series}/people`);
    expect(page.body).to.include('Андреева Вероника Олеговна').and.include('1 запись');
    const empty = await teacher.submit(`consultations/${series}/messages`, { text: ' ' });
    expect(empty.status).to.equal(400);
    const sent = await teacher.submit(`consultations/${series}/messages`, { text: 'Возьмите тетрадь' });
    expect(sent.body).to.include('Сообщение отправлено');
    await testApp.app.jobs.drain();
    expect((await ann.get('')).body).to.include('Возьмите тетрадь');
    const colleague = await testApp.launch({ person: '12', course: '2' });
    expect((await ask(colleague, 'GET', `consultations/${series}/people`)).status).to.equal(403);
  });

  it('narrows free times by topic and time of day', async () => {
    await offer(testApp, teacher, 18, { title: 'Тригонометрия', start: '09:00', end: '09:30' });
    const seen = async (query: string): Promise<string[]> =>
      (await ask(ann, 'GET', `consultations?${query}`)).data.days.flatMap(({ slots }) =>
        slots.map(({ title }) => String(title)),
      );
    expect(new Set(await seen('topic=тригоно'))).to.have.keys('Тригонометрия');
    expect(await seen('daytime=morning')).to.include('Тригонометрия');
    expect(await seen('daytime=evening')).to.not.include('Тригонометрия');
  });
});
