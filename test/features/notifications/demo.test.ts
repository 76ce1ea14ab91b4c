import { expect } from 'chai';
import { DEMO_MAX, startDemoMax, type DemoMax } from '../../../scripts/demo-max/index.js';
import { seedApp, seedDemo } from '../../../scripts/seed/index.js';
import { HOUR, MINUTE } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { Browser } from '../../support/lms.js';
import { dataOf } from '../directory/support.js';
import { book, bookingsOf, day, expectDone, firstSlot, offer } from '../consultations/fixtures.js';

interface Mail {
  readonly subject: string;
  readonly text: string;
}

describe('the demo’s messages', () => {
  let testApp: TestApp;
  let max: DemoMax;
  let student: Visitor;
  let phone: Browser;

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' }, movableClock: true });
    max = await startDemoMax({ port: 0, webhook: `${testApp.origin}/hooks/max` });
    const { clientId, deployments } = testApp.registration;
    const platform = { origin: testApp.lms.origin, clientId, deploymentId: deployments[0] ?? '' };
    // Noon in Moscow, so that the day is long enough.
    const { clock } = testApp;
    clock.advance(24 * HOUR - ((clock.now().getTime() - 9 * HOUR) % (24 * HOUR)));
    await seedApp(testApp.app, platform);
    await seedDemo(testApp.app, platform, { clock, max: max.origin });
    student = await testApp.launch({ person: '101', course: '2' });
    phone = new Browser();
  });
  after(async () => {
    await testApp.close();
    await max.close();
  });

  it('are the list of the evening and a reminder, as soon as a schedule looks', async () => {
    // The programs of this test ran before the seed; the demo starts them after it, and they look at once.
    testApp.clock.advance(5 * MINUTE);
    await testApp.app.jobs.drain();
    const { messages } = await dataOf<{ messages: Mail[] }>(student, '/outbox');
    const subjects = messages.map(({ subject }) => subject);
    expect(subjects.some((subject) => subject.startsWith('Расписание: '))).to.equal(true);
    expect(subjects.some((subject) => subject.startsWith('Напоминаем: Информатика'))).to.equal(true);
    expect(subjects.some((subject) => subject.startsWith('Вы проводите: Информатика'))).to.equal(true);
    expect((await student.get('/outbox')).body).to.contain('Приглашение в календарь');
  });

  it('come by the imitation of MAX after two clicks, and a booking is cancelled from its button', async () => {
    const page = await student.get('notifications/preferences');
    const [, link = ''] = /href="([^"]+\?start=[a-z0-9]{16})"/.exec(page.body) ?? [];
    const start = await phone.get(link, { from: max.origin });
    const [, code = ''] = /name="code" value="([^"]+)"/.exec(start.text) ?? [];
    const linked = await phone.post(`${max.origin}/start`, { code }, { from: max.origin });
    expect(linked.text).to.contain('Готово');

    // The booking of the next day is reminded of a day before.
    testApp.clock.advance(2 * HOUR);
    await testApp.app.jobs.drain();
    const chat = await phone.get(`${max.origin}/`, { from: max.origin });
    expect(chat.text).to.contain('Напоминаем: Информатика');
    const [, token = ''] =
      /name="payload" value="([^"]+)"><button type="submit">Отменить запись/.exec(chat.text) ?? [];
    const pressed = await phone.post(`${max.origin}/press`, { payload: token }, { from: max.origin });
    expect(pressed.text).to.contain('Запись отменена.');
    const again = await testApp.launch({ person: '101', course: '2', browser: student.browser });
    const cancelled = (await bookingsOf(again)).past.filter(({ state }) => state === 'cancelled');
    expect(cancelled).to.have.length(1);
  });

  it('come as the clock is moved on by a button of the page of mails', async () => {
    const visitor = testApp.anonymous();
    // All of them: the page lists the newest alone.
    const mails = () => testApp.storage.connection.model('OutboxMessage').countDocuments();
    // A booking is reminded of a day before; chosen by hand, it may be on a holiday as well.
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const early = { title: 'До уроков', start: '07:00', end: '07:30', chosen: 'on' };
    const take = [`${day(testApp, 2)}T04:00:00.000Z`];
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 2, { ...early, take }));
    expectDone(await book(await testApp.launch({ person: '105', course: '2' }), slot));
    const before = testApp.clock.now().getTime();
    await testApp.app.jobs.drain();
    const earlier = await mails();
    const { body } = await visitor.get('/outbox?lang=ru');
    expect(body).to.match(/<button[^>]* name="hours" value="24"/);
    for (const hours of ['0', '49', '-1', 'x'])
      expect((await visitor.json('POST', '/outbox/clock', { hours })).status, hours).to.equal(400);
    const moved = await visitor.submit('/outbox/clock', { hours: '24' });
    expect([moved.status, new URL(moved.url).pathname]).to.deep.equal([200, '/outbox']);
    expect(testApp.clock.now().getTime() - before).to.be.at.least(24 * HOUR);
    await testApp.app.jobs.drain();
    expect(await mails(), 'with what the day brings').to.be.above(earlier);
  });

  it('need the token of the bot, as MAX does', async () => {
    const answer = await fetch(`${max.origin}/messages?user_id=1`, { method: 'POST' });
    expect(answer.status).to.equal(401);
    expect(await answer.json()).to.deep.include({ code: 'verify.token' });
    expect((await fetch(`${max.origin}/me`, { headers: { authorization: DEMO_MAX.token } })).status).to.equal(
      200,
    );
  });
});

describe('the clock of a program that is no demo', () => {
  it('is moved on by no one: the page of mails has no such button', async () => {
    const testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    try {
      const anonymous = testApp.anonymous();
      expect((await anonymous.get('/outbox')).body).to.not.contain('/outbox/clock');
      expect((await anonymous.json('POST', '/outbox/clock', { hours: 1 })).status).to.equal(404);
    } finally {
      await testApp.close();
    }
  });
});
