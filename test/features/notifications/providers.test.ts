import { expect } from 'chai';
import { MINUTE } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { book, expectDone, firstSlot, offer } from '../consultations/fixtures.js';
import { startProvider, type Provider } from './servers.js';
import { mailsOf, personOf, preferencesOf, wakeAlways } from './support.js';

const TOKEN = 'max-token-of-the-bot';
const SECRET = 'secret-of-the-webhook';
const TITLE = 'Тайная встреча';

describe('a provider that answers nothing', () => {
  let testApp: TestApp;
  let max: Provider;
  let teacher: Visitor;
  let linked: Visitor;
  let mailed: Visitor;
  let log = '';

  before(async () => {
    testApp = await startTestApp({
      env: { SMTP_URL: 'outbox:' },
      ...{ logLevel: 'trace', logTo: { write: (line) => void (log += line) } },
    });
    max = await startProvider({ body: { message: { body: { mid: 'mid.1' } } } });
    await testApp.app.features.notifications.administration.saveChannel('max', 0, {
      ...{ enabled: true, content: 'full', secrets: { token: TOKEN, webhookSecret: SECRET } },
      values: { bot: 'nastavnik_bot', baseUrl: max.url, timeout: '0.2' },
    });
    teacher = await testApp.launch({ person: '11', course: '2' });
    [linked, mailed] = [
      await testApp.launch({ person: '103', course: '2' }),
      await testApp.launch({ person: '104', course: '2' }),
    ];
    const [offered] = (await preferencesOf(linked)).offers;
    const answer = await fetch(`${testApp.origin}/hooks/max`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-max-bot-api-secret': SECRET },
      body: JSON.stringify({ update_type: 'bot_started', user: { user_id: 77 }, payload: offered?.code }),
    });
    expect(answer.status).to.equal(200);
    await wakeAlways(linked, { chosen: ['consultations:max'] });
    await wakeAlways(mailed);
  });
  after(async () => {
    await testApp.close();
    await max.close();
  });

  const told = (): number => max.seen.filter(({ body }) => body.includes(TITLE)).length;

  it('is tried again later, while messages by other ways leave', async () => {
    max.usual = { body: 'never' };
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 3, { title: TITLE }));
    for (const student of [linked, mailed]) expectDone(await book(student, slot));
    const { email } = await personOf(testApp, '104');
    expect((await mailsOf(testApp, email)).map(({ subject }) => subject)).to.deep.equal([
      `Вы записаны: ${TITLE}`,
    ]);
    expect(told()).to.equal(1);
    max.usual = { body: { message: { body: { mid: 'mid.2' } } } };
    testApp.clock.advance(MINUTE);
    await testApp.app.jobs.drain();
    expect(told(), 'after a pause').to.equal(2);
    testApp.clock.advance(60 * MINUTE);
    await testApp.app.jobs.drain();
    expect(told(), 'and not once more').to.equal(2);
  });

  it('stands in the log without secrets, names and texts', async () => {
    expect(log).to.contain('job failed, to be retried');
    const { email } = await personOf(testApp, '103');
    for (const secret of [TOKEN, SECRET, TITLE, email]) expect(log).to.not.contain(secret);
  });
});
