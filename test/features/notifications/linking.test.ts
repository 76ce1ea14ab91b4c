import { expect } from 'chai';
import { HOUR, MINUTE } from '../../../src/shared/clock.js';
import type { Visitor } from '../../support/test-app.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';
import { bookingOf, book, expectDone, firstSlot, offer, wish } from '../consultations/fixtures.js';
import { startProvider, type Provider } from './servers.js';
import { listOf, mailsOf, personOf, preferencesOf, stateOf, wakeAlways } from './support.js';

interface Sent {
  readonly text: string;
  readonly attachments?: { payload: { buttons: { type: string; text: string; payload?: string }[][] } }[];
}

describe('a messenger', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let max: Provider;
  let telegram: Provider;
  let teacher: Visitor;
  let student: Visitor;
  let email: string;
  let ahead = 3;

  before(async () => {
    testApp = await startAdminApp({ env: { SMTP_URL: 'outbox:' } });
    await testApp.make();
    admin = await testApp.enter();
    max = await startProvider({ body: { message: { body: { mid: 'mid.1' } } } });
    telegram = await startProvider({ body: { ok: true, result: {} } });
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
    const person = await personOf(testApp, '103');
    email = person.email;
    await wakeAlways(teacher);
    // At whatever hour the test runs; the channels stay as they are by default.
    const awake = { quietFrom: '', quietTo: '', morningAt: '', eveningAt: '' } as const;
    await testApp.app.features.notifications.savePreferences(person.id, awake);
  });
  after(async () => {
    await testApp.close();
    await max.close();
    await telegram.close();
  });

  const sentBy = (provider: Provider): Sent[] =>
    provider.seen
      .filter(({ path }) => path.startsWith('/messages'))
      .map(({ body }) => JSON.parse(body) as Sent);
  const hook = (channel: string, update: unknown, headers: Record<string, string>): Promise<Response> =>
    fetch(`${testApp.origin}/hooks/${channel}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(update),
    });
  const fromMax = (update: unknown, secret = 'hook-secret') =>
    hook('max', update, { 'x-max-bot-api-secret': secret });
  const linkOf = async (visitor: Visitor, channel: string): Promise<string> => {
    const { offers } = await preferencesOf(visitor);
    return offers.find((offered) => offered.channel === channel)?.code ?? '';
  };
  const slotOf = async (title: string, hours?: number): Promise<string> => {
    if (hours === undefined) return firstSlot(teacher, await offer(testApp, teacher, ahead++, { title }));
    return firstSlot(
      teacher,
      await offer(testApp, teacher, ahead++, { title, ...wish(testApp, hours), type: 'group' }),
    );
  };

  it('is set up by the administrator: secrets are stored sealed and never shown again', async () => {
    const saved = await admin.post('/admin/notifications/channels/max', {
      version: '0',
      enabled: 'on',
      content: 'full',
      token: 'max-token-of-the-bot',
      bot: 'nastavnik_bot',
      webhookSecret: 'hook-secret',
      baseUrl: max.url,
      linkBase: 'https://max.ru',
      proxy: '',
      ca: '',
    });
    expect(saved.url).to.contain('settingsSaved');
    expect(saved.text).to.contain('nastavnik_bot').and.to.not.contain('max-token-of-the-bot');
    expect(saved.text, 'a hint says what the field does not show').to.not.contain('Обычно: https://max.ru');
    const row = await testApp.storage.connection.model('NotificationChannel').findById('max').lean();
    expect(JSON.stringify(row)).to.not.contain('max-token-of-the-bot').and.to.not.contain('hook-secret');
    const stale = await admin.post('/admin/notifications/channels/max', { version: '0', content: 'full' });
    expect(stale.status).to.equal(409);
    const audit = await admin.data<{ entries: { action: string }[] }>('/admin/audit');
    expect(audit.entries[0]?.action).to.equal('notifications-changed');
  });

  it('cannot be switched on without what it needs', async () => {
    const untried = await admin.post('/admin/notifications/channels/sms/test');
    expect(untried.status, untried.text.slice(-500)).to.equal(200);
    expect(untried.text).to.contain('the address of the provider is missing');
    const refused = await admin.post('/admin/notifications/channels/telegram', {
      version: '0',
      enabled: 'on',
      content: 'notice',
      bot: '',
    });
    expect(refused.status).to.equal(400);
    expect(refused.text).to.contain('Заполните это поле');
  });

  it('is tested by a button that shows how the provider calls the bot, or its own words', async () => {
    max.answer({ body: { user_id: 5, username: 'nastavnik_bot' } });
    const works = await admin.post('/admin/notifications/channels/max/test');
    expect(works.text).to.contain('Работает:').and.to.contain('nastavnik_bot');
    max.answer({ status: 401, body: { code: 'verify.token', message: 'Invalid access_token' } });
    const fails = await admin.post('/admin/notifications/channels/max/test');
    expect(fails.text).to.contain('Не работает:').and.to.contain('401 verify.token Invalid access_token');
  });

  it('is linked by a one-time code of the person’s own page', async () => {
    const page = await student.get('notifications/preferences');
    expect(page.body).to.match(/href="https:\/\/max\.ru\/nastavnik_bot\?start=[a-z0-9]{16}"/);
    const code = await linkOf(student, 'max');
    const start = { update_type: 'bot_started', user: { user_id: 77 }, payload: code };
    expect((await fromMax(start, 'wrong')).status).to.equal(401);
    expect((await fromMax(start)).status).to.equal(200);
    expect(sentBy(max).at(-1)?.text).to.contain('Готово');
    expect(await stateOf(student, 'max')).to.equal('linked');
    // Used up: another chat cannot take it.
    await fromMax({ ...start, user: { user_id: 78 } });
    expect(sentBy(max).at(-1)?.text).to.contain('Здравствуйте');
  });

  it('takes the place of e-mail, once', async () => {
    const before = (await mailsOf(testApp, email)).length;
    expectDone(await book(student, await slotOf('По мессенджеру')));
    expect(await mailsOf(testApp, email)).to.have.length(before);
    const texts = sentBy(max).map(({ text }) => text);
    expect(texts.filter((text) => text.startsWith('Вы записаны: По мессенджеру'))).to.have.length(1);
  });

  it('carries buttons of a reminder: each works once, for its own person', async () => {
    const slot = await slotOf('С кнопками');
    expectDone(await book(student, slot));
    await testApp.app.jobs.drain();
    const { startsAt } = (await bookingOf(student, slot)) as unknown as { startsAt: string };
    await wakeAlways(student, { chosen: ['reminders:max', 'consultations:max'] });
    const labelsOf = (sent?: Sent) =>
      (sent?.attachments?.[0]?.payload.buttons.flat() ?? []).map(({ text }) => text);
    const reminders = () => sentBy(max).filter(({ text }) => text.startsWith('Напоминаем: С кнопками'));
    const until = (ms: number): void =>
      testApp.clock.advance(new Date(startsAt).getTime() - testApp.clock.now().getTime() - ms + MINUTE);
    until(24 * HOUR);
    await testApp.app.jobs.drain();
    expect(labelsOf(reminders()[0]), 'a day before, none is late').to.deep.equal([
      'Приду',
      'Отменить запись',
      'Открыть в курсе',
    ]);
    until(HOUR);
    teacher = await testApp.launch({ person: '11', course: '2', browser: teacher.browser });
    student = await testApp.launch({ person: '103', course: '2', browser: student.browser });
    await testApp.app.jobs.drain();
    const reminder = reminders().at(-1);
    const buttons = reminder?.attachments?.[0]?.payload.buttons.flat() ?? [];
    expect(labelsOf(reminder)).to.deep.equal(['Приду', 'Отменить запись', 'Опаздываю', 'Открыть в курсе']);
    const press = (text: string, user: number) =>
      fromMax({
        update_type: 'message_callback',
        callback: {
          callback_id: `${text}-${user}`,
          payload: buttons.find((button) => button.text === text)?.payload,
          user: { user_id: user },
        },
      });
    const answers = (): string[] =>
      max.seen
        .filter(({ path }) => path.startsWith('/answers'))
        .map(({ body }) => (JSON.parse(body) as { notification: string }).notification);
    await press('Опаздываю', 99);
    expect(answers().at(-1), 'a stolen button').to.equal('Не найдено');
    // Also when it has begun.
    testApp.clock.advance(HOUR);
    await press('Опаздываю', 77);
    expect(answers().at(-1)).to.equal('Преподаватель узнает, что вы опаздываете.');
    await press('Опаздываю', 77);
    expect(answers().at(-1), 'replayed').to.equal('Уже сделано');
    expect((await listOf(testApp, teacher)).map(({ kind }) => kind)).to.include('booking-late');
  });

  it('gives up a person who has blocked the bot, and e-mail follows', async () => {
    expectDone(await book(student, await slotOf('Заблокировано')));
    max.answer({ status: 403, body: { code: 'chat.denied', message: 'dialog suspended' } });
    const [mail] = await mailsOf(testApp, email);
    expect(mail?.subject).to.equal('Вы записаны: Заблокировано');
    const page = await student.get('notifications/preferences');
    expect(page.body).to.contain('не принимает сообщений');
  });

  it('shows the administrator what was not sent, in the provider’s words, to be sent again', async () => {
    admin = await testApp.enter();
    const shown = await admin.get('/admin/notifications');
    expect(shown.text).to.contain('403 chat.denied dialog suspended').and.to.not.contain(email);
    const { failed } = await admin.data<{ failed: { id: string }[] }>('/admin/notifications');
    await fromMax({ update_type: 'bot_started', user: { user_id: 77 }, payload: '' });
    const resent = await admin.post(`/admin/notifications/failed/${failed[0]!.id}/resend`);
    expect(resent.url).to.contain('messageResent');
    await testApp.app.jobs.drain();
    expect(sentBy(max).at(-1)?.text).to.match(/^Вы записаны: Заблокировано/);
    expect((await admin.data<{ failed: object[] }>('/admin/notifications')).failed).to.deep.equal([]);
  });

  it('of a foreign provider carries only that there is a message, and a link', async () => {
    const saved = await admin.post('/admin/notifications/channels/telegram', {
      version: '0',
      enabled: 'on',
      content: 'notice',
      token: '1:abc',
      bot: 'nastavnik_tg_bot',
      webhookSecret: 'tg-secret',
      baseUrl: telegram.url,
    });
    expect(saved.url).to.contain('settingsSaved');
    testApp.clock.advance(4_000);
    const code = await linkOf(student, 'telegram');
    const update = { message: { text: `/start ${code}`, chat: { id: 5 } } };
    await hook('telegram', update, { 'x-telegram-bot-api-secret-token': 'tg-secret' });
    await wakeAlways(student, { chosen: ['consultations:telegram'] });
    expectDone(await book(student, await slotOf('Тайная встреча')));
    await testApp.app.jobs.drain();
    const { text } = JSON.parse(telegram.seen.at(-1)!.body) as { text: string };
    expect(text).to.contain('Новое сообщение').and.to.not.contain('Тайная');
  });

  it('is answered no oftener than six times a minute, however many commands come', async () => {
    const before = telegram.seen.length;
    for (let index = 0; index < 30; index++) {
      const update = { message: { text: `/start ${index}`, chat: { id: 66 } } };
      await hook('telegram', update, { 'x-telegram-bot-api-secret-token': 'tg-secret' });
    }
    expect(telegram.seen.length - before).to.equal(6);
  });

  it('is unlinked by the person', async () => {
    expectDone(await student.json('POST', 'notifications/preferences/channels/max/unlink'));
    expect(await stateOf(student, 'max')).to.equal('off');
  });

  it('is asked for its events where it cannot call us, each event once', async () => {
    const settings = await admin.data<{ version: number }>('/admin/notifications/channels/telegram');
    const code = await linkOf(student, 'telegram');
    const start = { update_id: 7, message: { text: `/start ${code}`, chat: { id: 505 } } };
    const from = telegram.seen.length;
    telegram.usual = { body: { ok: true, result: [] } };
    telegram.answer(
      { body: { ok: true, result: true } },
      { body: { ok: true, result: [start] } },
      { body: { ok: true, result: { message_id: 1 } } },
    );
    await admin.post('/admin/notifications/channels/telegram', {
      ...{ version: String(settings.version), enabled: 'on', content: 'notice', bot: 'nastavnik_tg_bot' },
      ...{ baseUrl: telegram.url, receive: 'polling' },
    });
    await testApp.app.jobs.drain();
    const asked = telegram.seen.slice(from).map(({ path, body }) => ({
      method: path.split('/').at(-1),
      offset: (JSON.parse(body) as { offset?: number }).offset,
    }));
    expect(asked).to.deep.equal([
      { method: 'deleteWebhook', offset: undefined },
      { method: 'getUpdates', offset: undefined },
      // The person is greeted.
      { method: 'sendMessage', offset: undefined },
      { method: 'getUpdates', offset: 8 },
    ]);
    expect(await stateOf(student, 'telegram')).to.equal('linked');
    testApp.clock.advance(6 * MINUTE);
    await testApp.app.jobs.drain();
    expect(JSON.parse(telegram.seen.at(-1)!.body)).to.deep.include({ offset: 8 });
  });
});
