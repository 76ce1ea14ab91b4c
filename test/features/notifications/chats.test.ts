import { expect } from 'chai';
import { MINUTE } from '../../../src/shared/clock.js';
import { newToken } from '../../../src/shared/ids.js';
import type { Visitor } from '../../support/test-app.js';
import { startAdminApp, type AdminTestApp } from '../admin/support.js';
import { book, expectDone, firstSlot, offer } from '../consultations/fixtures.js';
import { startProvider, type Provider } from './servers.js';
import { mailsOf, personOf, preferencesOf, wakeAlways } from './support.js';

interface Sent {
  readonly to: string | null;
  readonly text: string;
  readonly buttons: readonly { text: string; payload?: string }[];
}

const PARENT = 'mother@example.org';
const TEACHER = 11;
const MOTHER = 55;

describe('a chat with the bot', () => {
  let testApp: AdminTestApp;
  let max: Provider;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startAdminApp({ env: { SMTP_URL: 'outbox:' } });
    await testApp.make();
    const admin = await testApp.enter();
    max = await startProvider({ body: { message: { body: { mid: 'mid.1' } } } });
    await admin.post('/admin/notifications/channels/max', {
      ...{ version: '0', enabled: 'on', content: 'full', token: 'max-token', bot: 'nastavnik_bot' },
      ...{ webhookSecret: 'hook-secret', baseUrl: max.url, linkBase: 'https://max.ru', proxy: '', ca: '' },
    });
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
    await wakeAlways(teacher, { chosen: ['questions:max'] });
    await wakeAlways(student);
    const { offers } = await preferencesOf(teacher);
    await start(TEACHER, offers.find(({ channel }) => channel === 'max')?.code ?? '');
  });
  after(async () => {
    await testApp.close();
    await max.close();
  });

  const fromMax = (update: unknown): Promise<Response> =>
    fetch(`${testApp.origin}/hooks/max`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-max-bot-api-secret': 'hook-secret' },
      body: JSON.stringify(update),
    });
  const start = (user: number, payload: string) =>
    fromMax({ update_type: 'bot_started', user: { user_id: user }, payload });
  const write = (user: number, text: string) =>
    fromMax({ update_type: 'message_created', message: { sender: { user_id: user }, body: { text } } });
  const press = (user: number, payload: string | undefined) =>
    fromMax({
      update_type: 'message_callback',
      callback: { callback_id: `${user}-${max.seen.length}`, payload, user: { user_id: user } },
    });
  const sent = (): Sent[] =>
    max.seen
      .filter(({ path }) => path.startsWith('/messages'))
      .map(({ path, body }) => {
        const { text, attachments = [] } = JSON.parse(body) as {
          text: string;
          attachments?: { payload: { buttons: { text: string; payload?: string }[][] } }[];
        };
        const to = new URL(path, max.url).searchParams.get('user_id');
        return { to, text, buttons: attachments.flatMap(({ payload }) => payload.buttons.flat()) };
      });
  const lastTo = (user: number): string => sent().findLast(({ to }) => to === String(user))?.text ?? '';
  const answers = (): string[] =>
    max.seen
      .filter(({ path }) => path.startsWith('/answers'))
      .map(({ body }) => (JSON.parse(body) as { notification: string }).notification);
  /** Asks the teacher something. Returns the question and the button of the teacher's message. */
  const ask = async (text: string): Promise<{ id: string; button: string | undefined }> => {
    const teacherId = (await personOf(testApp, '11')).id;
    const asked = await student.submit('questions/new', {
      ...{ to: `teacher:${teacherId}`, text, key: newToken() },
    });
    const id = /questions\/([0-9a-f]{24})/.exec(asked.url)?.[1] ?? '';
    await testApp.app.jobs.drain();
    const message = sent().findLast(({ to, buttons }) => to === String(TEACHER) && buttons.length > 1);
    return { id, button: message?.buttons.find((button) => button.text === 'Ответить здесь')?.payload };
  };
  const threadOf = async (id: string): Promise<{ text: string; side: string; author: string }[]> => {
    const { data } = (await student.json('GET', `questions/${id}`)) as { data: unknown };
    return (data as { question: { thread: { text: string; side: string; author: string }[] } }).question
      .thread;
  };

  it('takes a teacher’s answer to a question: the message after the button, once', async () => {
    const { id, button } = await ask('Как решать неравенства с модулем?');
    expect(button, 'a button').to.be.a('string');
    await press(TEACHER, button);
    expect(lastTo(TEACHER)).to.contain('Напишите ответ следующим сообщением');
    await write(TEACHER, 'Раскройте модуль\nпо определению.');
    expect(lastTo(TEACHER)).to.contain('Ответ записан');
    const thread = await threadOf(id);
    expect(thread.at(-1)).to.deep.include({ text: 'Раскройте модуль\nпо определению.', side: 'staff' });
    await write(TEACHER, 'Ещё одно сообщение');
    await press(TEACHER, button);
    expect(answers().at(-1), 'replayed').to.equal('Уже сделано');
    expect(await threadOf(id)).to.have.length(thread.length);
  });

  it('takes no answer of another chat, without the button, or later than 15 minutes', async () => {
    const { id, button } = await ask('Где прочитать о векторах?');
    const before = (await threadOf(id)).length;
    testApp.clock.advance(2 * MINUTE);
    await press(MOTHER, button);
    expect(answers().at(-1), 'a stolen button').to.equal('Не найдено');
    await write(MOTHER, 'Чужой ответ');
    await write(TEACHER, 'Ответ без кнопки');
    await press(TEACHER, button);
    testApp.clock.advance(16 * MINUTE);
    await write(TEACHER, 'Поздний ответ');
    expect(await threadOf(id)).to.have.length(before);
    // A page that is opened by the same token takes no text, so it does nothing.
    const posted = await testApp.anonymous().submit(`/act/${button ?? ''}`);
    expect(posted.status).to.equal(404);
  });

  it('takes no answer of a person who has left the course', async () => {
    const { id, button } = await ask('Что повторить к тесту?');
    const before = (await threadOf(id)).length;
    await press(TEACHER, button);
    const { courses } = testApp.app.features.membership;
    const teacherId = (await personOf(testApp, '11')).id;
    const course = (await courses.membershipsOf([teacherId]))[0]!.courseId;
    await courses.leave(course, [teacherId], testApp.clock.now());
    await write(TEACHER, 'Уже не преподаватель');
    expect(await threadOf(id)).to.have.length(before);
    teacher = await testApp.launch({ person: '11', course: '2', browser: teacher.browser });
  });

  it('tells a parent who has linked it, instead of e-mail, and is unlinked by them', async () => {
    await student.submit('notifications/preferences/parents', { name: 'Мария Ивановна', address: PARENT });
    const [question] = await mailsOf(testApp, PARENT);
    const [, path = ''] = /(\/parents\/\S+)/.exec(question?.text ?? '') ?? [];
    const parent = testApp.anonymous();
    expect((await parent.get(path)).body, 'nothing before the parent agrees').to.not.contain('max.ru');
    const agreed = await parent.submit(path, { answer: 'yes' });
    const code = /max\.ru\/nastavnik_bot\?start=([a-z0-9]{16})/.exec(agreed.body)?.[1] ?? '';
    await start(MOTHER, code);
    expect(lastTo(MOTHER)).to.contain('Готово');

    const mails = (await mailsOf(testApp, PARENT)).length;
    expectDone(
      await book(student, await firstSlot(teacher, await offer(testApp, teacher, 3, { title: 'В чат' }))),
    );
    await testApp.app.jobs.drain();
    const told = sent().findLast(({ to }) => to === String(MOTHER));
    expect(told?.text).to.contain('Вы записаны: В чат').and.to.contain('Это сообщение для родителя');
    expect(told?.buttons, 'no buttons of the student').to.deep.equal([]);
    expect(await mailsOf(testApp, PARENT)).to.have.length(mails);

    expect((await parent.submit(`${path}/unlink`, { channel: 'max' })).body).to.contain('max.ru');
    expectDone(
      await book(student, await firstSlot(teacher, await offer(testApp, teacher, 5, { title: 'Почтой' }))),
    );
    expect((await mailsOf(testApp, PARENT))[0]?.subject).to.contain('Вы записаны: Почтой');
  });
});
