import { expect } from 'chai';
import { createECDH, randomBytes } from 'node:crypto';
import { scoreSettled } from '../../../src/features/gradebook/index.js';
import { emitted, newEvent } from '../../../src/infra/events/index.js';
import { DAY, HOUR, MINUTE } from '../../../src/shared/clock.js';
import type { Visitor } from '../../support/test-app.js';
import { startAdminApp, type AdminTestApp } from '../admin/support.js';
import { begin, CAPITAL, makeTest } from '../assessments/fixtures.js';
import { book, expectDone, firstSlot, offer } from '../consultations/fixtures.js';
import { startProvider, type Provider } from './servers.js';
import { listOf, mailsOf, personOf, stateOf, wakeAlways } from './support.js';

describe('messages of other features', () => {
  let testApp: AdminTestApp;
  let teacher: Visitor;
  let student: Visitor;
  let email: string;

  before(async () => {
    testApp = await startAdminApp({ env: { SMTP_URL: 'outbox:' } });
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
    email = (await personOf(testApp, '103')).email;
    for (const visitor of [teacher, student]) await wakeAlways(visitor);
  });
  after(() => testApp.close());

  const kindsOf = async (visitor: Visitor): Promise<string[]> =>
    (await listOf(testApp, visitor)).map(({ kind, subject }) => `${kind}: ${subject}`);
  const again = async (): Promise<void> => {
    teacher = await testApp.launch({ person: '11', course: '2', browser: teacher.browser });
    student = await testApp.launch({ person: '103', course: '2', browser: student.browser });
  };

  it('tell students when a test opens, and a day before it closes', async () => {
    const now = testApp.clock.now().getTime();
    const [opensAt, closesAt] = [now + 2 * HOUR, now + 2 * DAY].map((at) => new Date(at));
    await makeTest(teacher, { title: 'Столицы мира', opensAt, closesAt }, [CAPITAL]);
    await testApp.app.jobs.drain();
    expect(await kindsOf(student)).to.deep.equal([]);
    testApp.clock.advance(2 * HOUR + 6 * MINUTE);
    expect(await kindsOf(student)).to.deep.equal(['test-opened: Открыт тест: Столицы мира']);
    testApp.clock.advance(DAY);
    await again();
    expect(await kindsOf(student)).to.include('test-closing: Скоро закроется тест: Столицы мира');
    expect((await mailsOf(testApp, email)).map(({ subject }) => subject)).to.include.members([
      'Открыт тест: Столицы мира',
      'Скоро закроется тест: Столицы мира',
    ]);
  });

  it('tell a student whose time has run out', async () => {
    const test = await makeTest(teacher, { title: 'На время', timeLimitMinutes: 10 }, [CAPITAL]);
    await begin(student, test);
    testApp.clock.advance(20 * MINUTE);
    expect(await kindsOf(student)).to.include('attempt-closed: Время вышло: На время');
  });

  it('tell the teacher that a grade was refused, and the student that one has arrived', async () => {
    const { connection } = testApp.storage;
    const [course] = await connection.model('Notification').find().lean<{ courseId: string }[]>();
    const { courseId } = course!;
    const { id: personId } = await personOf(testApp, '103');
    const made = async (lineItem: string, state: 'failed' | 'sent'): Promise<void> => {
      const at = testApp.clock.now();
      const row = {
        registrationId: testApp.registration.id,
        courseId,
        personId,
        sub: '103',
        lineItem,
        state,
      };
      const points = { scoreGiven: 8, scoreMaximum: 10, comment: '', title: 'Оценённый тест' };
      const times = { submittedAt: at, asOf: at, queuedAt: at, dueAt: at };
      await connection.model('Grade').create({
        ...{ ...row, ...points, ...times },
        ...{
          content: { kind: 'test', id: 'a'.repeat(24) },
          version: 1,
          tries: 1,
          problem: '',
          reason: '403 no',
        },
        ...emitted(newEvent(scoreSettled, { courseId, state }, { at })),
      });
    };
    for (const lineItem of ['one', 'two']) await made(lineItem, 'failed');
    await made('three', 'sent');
    const failed = (await listOf(testApp, teacher)).filter(({ kind }) => kind === 'grade-failed');
    expect(failed, 'two of one test are one message').to.have.length(1);
    expect(failed[0]?.lines.join()).to.contain('Ответ СДО: 403 no');
    expect(await kindsOf(student)).to.include('grade-delivered: Оценка в журнале: Оценённый тест');
  });

  it('tell teachers once a day who has joined a course', async () => {
    await testApp.launch({ person: '104', course: '2' });
    testApp.clock.advance(DAY);
    await again();
    const told = (await listOf(testApp, teacher)).find(({ kind }) => kind === 'people-changed');
    expect(told?.lines.join()).to.match(/Новых участников: \d+,Покинули курс: 0$/);
  });

  it('tell the administrator’s addresses of a queue that stands still, once a day', async () => {
    await testApp.make();
    const admin = await testApp.enter();
    const { values } = await admin.data<{ values: Record<string, string> }>('/admin/settings');
    const saved = await admin.post('/admin/settings', {
      ...values,
      version: String(values.version),
      alarmAddresses: 'ops@example.org, second@example.org',
    });
    expect(saved.url).to.contain('settingsSaved');
    testApp.clock.advance(4_000);
    const at = testApp.clock.now();
    const { alarms } = testApp.app.features.notifications;
    for (let times = 0; times < 2; times++) await alarms.raise({ name: 'queue', detail: 'send-score', at });
    const mails = await mailsOf(testApp, 'ops@example.org');
    expect(mails.map(({ subject }) => subject)).to.deep.equal(['«Наставник»: требуется внимание']);
    expect(mails[0]?.text).to.contain('Очередь стоит дольше часа: send-score.');
    expect(await mailsOf(testApp, 'second@example.org')).to.have.length(1);
  });
});

describe('messages in a browser', () => {
  let testApp: AdminTestApp;
  let service: Provider;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startAdminApp();
    service = await startProvider({ status: 201, body: '' });
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
  });
  after(async () => {
    await testApp.close();
    await service.close();
  });

  const keys = () => {
    const ecdh = createECDH('prime256v1');
    return {
      p256dh: ecdh.generateKeys().toString('base64url'),
      auth: randomBytes(16).toString('base64url'),
    };
  };
  const subscribe = (endpoint: string) =>
    student.json('POST', 'notifications/preferences/browsers', { endpoint, ...keys() });

  it('are subscribed to by a button, whose worker is of our own origin', async () => {
    const page = await student.get('notifications/preferences');
    expect(page.body).to.match(/data-push-key="[\w-]{80,}"/);
    expect(page.headers.get('content-security-policy')).to.contain("worker-src 'self'");
    const worker = await student.get('/push-worker.js');
    expect(worker.body).to.contain('showNotification');
    expect((await subscribe(`${service.url}/one`)).status).to.equal(204);
  });

  it('refuse an address that is no push service’s', async () => {
    for (const endpoint of [
      'https://evil.example/x',
      'http://10.0.0.1/x',
      'https://fcm.googleapis.com.evil.example/',
    ])
      expect((await subscribe(endpoint)).status, endpoint).to.equal(400);
  });

  it('are encrypted and signed, and a browser that is gone is forgotten', async () => {
    const cancelOne = async (): Promise<void> => {
      const series = await offer(testApp, teacher, 3 + service.seen.length);
      const slot = await firstSlot(teacher, series);
      expectDone(await book(student, slot));
      await teacher.json('POST', `consultations/slots/${slot}/cancel`, { reason: 'Тайная причина' });
      await wakeAlways(student, { chosen: ['consultations:push'] });
      await testApp.app.jobs.drain();
    };
    await wakeAlways(student, { chosen: ['consultations:push'] });
    await cancelOne();
    const [seen] = service.seen;
    expect(seen?.headers['content-encoding']).to.equal('aes128gcm');
    expect(seen?.headers.authorization).to.match(/^vapid t=[\w.-]+, ?k=[\w-]+$/);
    expect(seen?.body).to.not.contain('Тайная');
    service.answer({ status: 410, body: '' });
    await cancelOne();
    expect(service.seen).to.have.length(2);
    expect(await stateOf(student, 'push')).to.equal('off');
  });
});
