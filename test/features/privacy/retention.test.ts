import { expect } from 'chai';
import { nextNight } from '../../../src/features/privacy/retention/retention.jobs.js';
import { DAY } from '../../../src/shared/clock.js';
import { newToken } from '../../../src/shared/ids.js';
import { monthsBefore } from '../../../src/shared/retention.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';
import { offer, slotsOf } from '../consultations/fixtures.js';
import { personIdOf } from '../directory/organisation.js';

interface Page {
  rules: { name: string; months: number | null; due: number }[];
  values: { version: number };
}
interface Entries {
  entries: { action: string; changes: { field: string; after: string }[] }[];
}

const ENDLESS = {
  ...{ people: 'endless', consultations: 'endless', questions: 'endless', classes: 'endless' },
  ...{ notifications: '6', audit: 'endless' },
};

describe('retention', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    let teacher = await testApp.launch({ person: '11', course: '2' });
    const ann = await testApp.launch({ person: '103', course: '2' });
    await testApp.launch({ person: '104', course: '2' });
    for (const text of ['Старый вопрос', 'Ещё один', 'Без ответа'])
      await ann.submit('questions/new', { to: 'course', text, key: newToken() });
    const { questions } = (await teacher.json('GET', 'questions')).data as {
      questions: { id: string; subject: string }[];
    };
    for (const { id, subject } of questions)
      if (subject !== 'Без ответа') await teacher.submit(`questions/${id}/messages`, { text: 'Ответ' });
    const series = await offer(testApp, teacher, 1, { question: 'optional', files: 'optional' });
    const slots = await slotsOf(teacher, series);
    const file = [{ field: 'files', name: 'вопрос.pdf', content: '%PDF-1.4\n%%EOF\n' }];
    await ann.upload(`consultations/slots/${slots[0]!.slotId}/bookings`, file, {
      fields: { question: 'Старое' },
    });
    await teacher.submit(`consultations/${series}/messages`, { text: 'Возьмите тетради' });
    testApp.clock.advance(2 * DAY);
    teacher = await testApp.launch({ person: '11', course: '2' });
    await teacher.submit(`consultations/slots/${slots[0]!.slotId}/attendance`, {
      version: '0',
      all: 'attended',
    });
    await testApp.app.jobs.drain();
    testApp.clock.advance(400 * DAY);
    teacher = await testApp.launch({ person: '11', course: '2' });
    await offer(testApp, teacher, 1);
    admin = await testApp.enter();
  });
  after(() => testApp.close());

  const page = (): Promise<Page> => admin.data<Page>('/admin/retention');
  const due = async (name: string): Promise<number> =>
    (await page()).rules.find((rule) => rule.name === name)?.due ?? NaN;
  const set = async (ages: Partial<typeof ENDLESS>, more: Record<string, string> = {}) => {
    const version = String((await page()).values.version);
    return admin.post('/admin/retention', { ...ENDLESS, ...ages, version, ...more }, { page: '/admin' });
  };
  const tonight = async (): Promise<void> => {
    const now = testApp.clock.now();
    testApp.clock.advance(nextNight(now).getTime() - now.getTime());
    await testApp.app.jobs.drain();
    admin = await testApp.enter();
  };
  const subjects = async (): Promise<string[]> =>
    (await testApp.storage.connection.model('Question').find().lean<{ subject: string }[]>()).map(
      ({ subject }) => subject,
    );
  const audited = async (action: string): Promise<Record<string, string>[]> =>
    (await admin.data<Entries>('/admin/audit')).entries
      .filter((entry) => entry.action === action)
      .map(({ changes }) => Object.fromEntries(changes.map(({ field, after }) => [field, after])));

  it('is chosen within bounds, and a wrong age is refused by name', async () => {
    for (const wrong of ['7', '0', '', 'x', '1000', 'endless']) {
      const refused = await set({ notifications: wrong });
      expect(refused.status, wrong).to.equal(400);
      expect(refused.text).to.match(/id="f-notifications-error"/);
    }
  });

  it('says what would be removed and when before it is set, and sets nothing until then', async () => {
    const asked = await set({ questions: '12' });
    expect(asked.text).to.include('Что будет удалено').and.include('2 записи').and.include('срок: 1 год');
    expect(asked.text).to.include(nextNight(testApp.clock.now()).toISOString().slice(0, 16));
    expect((await page()).rules.find(({ name }) => name === 'questions')?.months).to.equal(null);
    await tonight();
    expect(await subjects()).to.have.length(3);
  });

  it('is carried out at night: old answered questions end, one that waits for an answer stays', async () => {
    const saved = await set({ questions: '12' }, { sure: 'on' });
    expect(saved.url).to.include('settingsSaved');
    expect(await due('questions')).to.equal(2);
    await tonight();
    expect(await subjects()).to.deep.equal(['Без ответа']);
    expect(await due('questions')).to.equal(0);
  });

  it('stands in the audit log: who set it, and how much was removed', async () => {
    expect(await audited('retention-changed')).to.deep.include({ questions: '12' });
    expect(await audited('old-records-removed')).to.deep.include({ questions: '2' });
  });

  it('is not set over what another administrator has set meanwhile', async () => {
    const stale = await set({ questions: '24' }, { version: '0' });
    expect(stale.status).to.equal(409);
    expect((await page()).rules.find(({ name }) => name === 'questions')?.months).to.equal(12);
  });

  it('erases students who left all courses long ago, and nobody else', async () => {
    const [left, stays, teacher] = await Promise.all(
      ['104', '103', '11'].map((sub) => personIdOf(testApp, sub)),
    );
    const memberships = testApp.storage.connection.model('Membership');
    const leftAt = monthsBefore(testApp.clock.now(), 13);
    await memberships.updateMany({ personId: { $in: [left, teacher] } }, { $set: { leftAt } });
    const asked = await set({ people: '12' });
    expect(asked.text).to.include('1 запись');
    await set({ people: '12' }, { sure: 'on' });
    await tonight();
    const people = testApp.storage.connection.model('Person');
    const gone = await people.find({ goneAt: { $exists: true } }).lean<{ _id: unknown }[]>();
    expect(gone.map(({ _id }) => String(_id))).to.deep.equal([left]);
    expect(await memberships.countDocuments({ personId: stays })).to.equal(1);
    expect(await audited('person-erased')).to.have.length(1);
  });

  it('removes past consultations with bookings, attendance, files and messages, and none to come', async () => {
    const stored = async (): Promise<Record<string, number>> => {
      const names = ['ConsultationSlot', 'ConsultationBooking', 'ConsultationRecord', 'ConsultationMessage'];
      const counts = await Promise.all(
        ['File', ...names].map((name) => testApp.storage.connection.model(name).countDocuments({})),
      );
      return Object.fromEntries(['files', ...names].map((name, index) => [name, counts[index] ?? NaN]));
    };
    expect(await stored()).to.deep.equal({
      ...{ ConsultationSlot: 4, ConsultationBooking: 1, ConsultationRecord: 1, ConsultationMessage: 1 },
      files: 1,
    });
    const asked = await set({ consultations: '12' });
    expect(asked.text).to.include('3 записи');
    await set({ consultations: '12' }, { sure: 'on' });
    await tonight();
    expect(await stored()).to.deep.equal({
      ...{ ConsultationSlot: 2, ConsultationBooking: 0, ConsultationRecord: 0, ConsultationMessage: 0 },
      files: 0,
    });
    expect(await due('consultations')).to.equal(0);
  });

  it('goes back whole months, to the last day of a shorter one', () => {
    expect(monthsBefore(new Date('2026-03-31T10:00Z'), 1).toISOString()).to.equal('2026-02-28T10:00:00.000Z');
    expect(monthsBefore(new Date('2026-11-27T10:00Z'), 12).toISOString()).to.equal(
      '2025-11-27T10:00:00.000Z',
    );
    expect(nextNight(new Date('2026-11-27T00:30Z')).toISOString()).to.equal('2026-11-28T00:30:00.000Z');
    expect(nextNight(new Date('2026-11-27T00:29Z')).toISOString()).to.equal('2026-11-27T00:30:00.000Z');
  });
});
