import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { dataOf } from '../directory/support.js';
import { wakeAlways } from './support.js';
import { ask, book, bookingOf, cancel, expectDone, firstSlot, offer } from '../consultations/fixtures.js';

interface Unread {
  readonly id: string;
  readonly subject: string;
  readonly lines: readonly string[];
}

const REASON = 'Болею & <b>извините</b>';

interface Message {
  readonly subject: string;
  readonly text: string;
  readonly to: { readonly address: string };
}

const outboxOf = async (visitor: Visitor): Promise<readonly Message[]> =>
  (await dataOf<{ messages: Message[] }>(visitor, '/outbox')).messages;

describe('a cancelled consultation', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let other: Visitor;
  let ahead = 1;

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
    other = await testApp.launch({ person: '104', course: '2' });
    for (const visitor of [teacher, student, other]) await wakeAlways(visitor);
  });
  after(() => testApp.close());

  const unreadOf = async (visitor: Visitor): Promise<Unread[]> => {
    await testApp.app.jobs.drain();
    const { unread } = await dataOf<{ unread: Unread[] }>(visitor, '');
    return unread.filter(({ subject }) => subject.startsWith('Консультация отменена'));
  };
  const subjectsOf = async (visitor: Visitor): Promise<string[]> => {
    await testApp.app.jobs.drain();
    return (await outboxOf(visitor)).map(({ subject }) => subject);
  };
  const bookedSlot = async (title: string, ...visitors: Visitor[]): Promise<string> => {
    const series = await offer(testApp, teacher, ahead++, { title, type: 'group', capacity: 3 });
    const slot = await firstSlot(teacher, series);
    for (const visitor of visitors) expectDone(await book(visitor, slot));
    return slot;
  };

  it('is shown to every student of the slot, with the reason, until read', async () => {
    const slot = await bookedSlot('Разбор контрольной', student, other);
    expectDone(await ask(teacher, 'POST', `consultations/slots/${slot}/cancel`, { reason: REASON }));
    const [notification] = await unreadOf(student);
    expect(notification?.subject).to.equal('Консультация отменена: Разбор контрольной');
    expect(notification?.lines).to.include(`Причина: ${REASON}`);
    expect(notification?.lines.join('\n')).to.match(/Преподаватель: .+ \S\. \S\.$/m);
    expect(await unreadOf(other)).to.have.length(1);
    expect(await unreadOf(teacher)).to.deep.equal([]);
    const page = await student.get('');
    expect(page.body).to.contain('Болею &amp; &lt;b&gt;извините&lt;/b&gt;').and.to.contain('Прочитано');

    const read = await student.submit(`notifications/${notification?.id}/read`);
    expect(read.status).to.equal(200);
    expect(read.body).to.not.contain('Болею');
    expect(await unreadOf(student)).to.deep.equal([]);
    expect(await unreadOf(other)).to.have.length(1);
  });

  it('is mailed once to each student with a known address', async () => {
    const all = await outboxOf(student);
    const about = all.filter(({ subject }) => subject === 'Консультация отменена: Разбор контрольной');
    expect(new Set(about.map(({ to }) => to.address)).size).to.equal(2);
    expect(about).to.have.length(2);
    expect(about[0]?.text).to.contain(`Причина: ${REASON}`).and.to.contain('время московское (UTC+3)');
    expect((await student.get('/outbox')).body).to.contain('Болею &amp; &lt;b&gt;');
  });

  it('is sent when the teacher cancels a booking, not when the student does', async () => {
    const slot = await bookedSlot('По одному', student, other);
    expectDone(await cancel(student, (await bookingOf(student, slot)).id));
    expectDone(await cancel(teacher, (await bookingOf(other, slot)).id, 'Не нужно'));
    expect(await unreadOf(student)).to.deep.equal([]);
    expect((await unreadOf(other)).map(({ subject }) => subject)).to.include(
      'Консультация отменена: По одному',
    );
    const subjects = await subjectsOf(student);
    expect(subjects.filter((subject) => subject === 'Консультация отменена: По одному')).to.have.length(1);
  });

  it('is marked as read by its student alone', async () => {
    const [notification] = await unreadOf(other);
    const path = `notifications/${notification?.id}/read`;
    expect((await student.json('POST', path)).status).to.equal(404);
    expect((await student.json('POST', 'notifications/nonsense/read')).status).to.equal(400);
    expect((await other.submit(path, {}, { csrf: 'wrong' })).status).to.equal(403);
    expect(await unreadOf(other)).to.have.length(2);
    expect((await other.json('POST', path)).status).to.equal(303);
    expect((await other.json('POST', path)).status, 'again').to.equal(303);
    expect(await unreadOf(other)).to.have.length(1);
  });

  it('is exported and erased with its student', async () => {
    const personal = testApp.app.features.notifications.personalData;
    const model = testApp.storage.connection.model('Notification');
    const [row] = await model
      .find({ readAt: null, kind: 'booking-cancelled' })
      .lean<{ personId: string }[]>();
    const person = { personId: row?.personId ?? '', courseIds: [] };
    expect((await personal.dataOf(person)).notifications).to.have.length(2);
    await personal.move(person, { personId: 'another', courseIds: [], sub: 'x' });
    expect((await personal.dataOf(person)).notifications).to.have.length(0);
    await personal.erase({ personId: 'another', courseIds: [] });
    expect(await model.countDocuments({ personId: 'another' })).to.equal(0);
  });
});

describe('without a mail server', () => {
  it('a cancelled consultation is told on the home page, and /outbox is no page', async () => {
    const testApp = await startTestApp();
    try {
      const teacher = await testApp.launch({ person: '11', course: '2' });
      const student = await testApp.launch({ person: '103', course: '2' });
      const slot = await firstSlot(teacher, await offer(testApp, teacher, 1));
      expectDone(await book(student, slot));
      expectDone(await ask(teacher, 'POST', `consultations/slots/${slot}/cancel`, { reason: 'x' }));
      await testApp.app.jobs.drain();
      expect((await dataOf<{ unread: Unread[] }>(student, '')).unread).to.have.length(1);
      expect((await student.json('GET', '/outbox')).status).to.equal(404);
      const jobs = testApp.storage.connection.model('Job');
      expect(await jobs.countDocuments({ name: 'deliver-mail' })).to.equal(0);
    } finally {
      await testApp.close();
    }
  });
});
