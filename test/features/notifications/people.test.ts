import { expect } from 'chai';
import { detailsOf } from '../../../src/features/directory/index.js';
import { HOUR, MINUTE } from '../../../src/shared/clock.js';
import type { Visitor } from '../../support/test-app.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';
import { bookingOf, book, expectDone, firstSlot, offer } from '../consultations/fixtures.js';
import { listOf, mailsOf, personOf, wakeAlways } from './support.js';

const PARENT = 'parent@example.org';

describe('links of messages', () => {
  let testApp: AdminTestApp;
  let teacher: Visitor;
  let student: Visitor;
  let email: string;
  let ahead = 3;

  before(async () => {
    testApp = await startAdminApp({ env: { SMTP_URL: 'outbox:' } });
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
    email = (await personOf(testApp, '103')).email;
    for (const visitor of [teacher, student]) await wakeAlways(visitor);
  });
  after(() => testApp.close());

  const slotOf = async (title: string): Promise<string> =>
    firstSlot(teacher, await offer(testApp, teacher, ahead++, { title }));

  it('cancel a booking from the mail, once, and not by looking', async () => {
    const slot = await slotOf('Из письма');
    expectDone(await book(student, slot));
    const { startsAt } = (await bookingOf(student, slot)) as unknown as { startsAt: string };
    testApp.clock.advance(new Date(startsAt).getTime() - testApp.clock.now().getTime() - HOUR + MINUTE);
    teacher = await testApp.launch({ person: '11', course: '2', browser: teacher.browser });
    student = await testApp.launch({ person: '103', course: '2', browser: student.browser });
    const [mail] = await mailsOf(testApp, email);
    const [, path = ''] = /Отменить запись:\n\S+?(\/act\/\S+)/.exec(mail?.text ?? '') ?? [];
    const anonymous = testApp.anonymous();
    for (let times = 0; times < 3; times++)
      expect((await anonymous.get(path)).body)
        .to.contain('Подтвердите')
        .and.to.match(/<strong>Из письма<\/strong>\s*<br>\s*<time/)
        .and.to.contain('Отменить запись');
    expect((await bookingOf(student, slot)).state).to.equal('booked');
    expect((await anonymous.submit(path)).body).to.contain('Запись отменена.');
    expect((await bookingOf(student, slot)).state).to.equal('cancelled');
    expect((await anonymous.submit(path)).status).to.equal(409);
    expect((await anonymous.get(path)).body).to.contain('Эта кнопка уже нажата');
    expect((await anonymous.get('/act/unknown')).status).to.equal(404);
  });

  it('refuse what a deadline forbids, in words', async () => {
    const slot = await firstSlot(
      teacher,
      await offer(testApp, teacher, ahead++, { title: 'Поздно', cancelHours: 5 }),
    );
    expectDone(await book(student, slot));
    const { startsAt } = (await bookingOf(student, slot)) as unknown as { startsAt: string };
    testApp.clock.advance(new Date(startsAt).getTime() - testApp.clock.now().getTime() - HOUR + MINUTE);
    teacher = await testApp.launch({ person: '11', course: '2', browser: teacher.browser });
    student = await testApp.launch({ person: '103', course: '2', browser: student.browser });
    const [mail] = await mailsOf(testApp, email);
    const [, path = ''] = /Отменить запись:\n\S+?(\/act\/\S+)/.exec(mail?.text ?? '') ?? [];
    const refused = await testApp.anonymous().submit(path);
    expect(refused.status).to.equal(409);
    expect((await bookingOf(student, slot)).state).to.equal('booked');
  });

  it('let a parent agree to be told, and withdraw by one click', async () => {
    const asked = await student.submit('notifications/preferences/parents', {
      name: 'Мария Ивановна',
      address: PARENT,
    });
    expect(asked.body).to.contain('ждём ответа');
    const slot = await slotOf('До согласия');
    expectDone(await book(student, slot));
    const [question, ...more] = await mailsOf(testApp, PARENT);
    expect(more, 'nothing before the parent agrees').to.deep.equal([]);
    expect(question?.text).to.contain('Здравствуйте, Мария Ивановна!');
    const [, path = ''] = /(\/parents\/\S+)/.exec(question?.text ?? '') ?? [];
    const parent = testApp.anonymous();
    expect((await parent.get(path)).body)
      .to.contain('Согласиться')
      .and.to.contain(PARENT);
    expect((await student.get('notifications/preferences')).body, 'looking agrees to nothing').to.contain(
      'ждём',
    );
    expect((await parent.submit(path, { answer: 'yes' })).body).to.contain('Спасибо');

    const slot2 = await slotOf('С родителем');
    expectDone(await book(student, slot2));
    const [told] = await mailsOf(testApp, PARENT);
    expect(told?.subject, 'of whom it is').to.match(/^\S+ \S\. \S\.: Вы записаны: С родителем$/);
    expect(told?.text).to.contain('Это сообщение для родителя').and.to.not.contain('/act/');
    expect(told?.calendar, 'no appointment of the parent').to.equal(null);

    const { pathname } = new URL(told!.unsubscribeUrl);
    expect((await testApp.anonymous().get(pathname)).body, 'of everything').to.contain(
      'Больше не присылать вам уведомлений?',
    );
    const left = await fetch(told!.unsubscribeUrl, { method: 'POST' });
    expect(left.status).to.equal(200);
    expect((await student.get('notifications/preferences')).body).to.not.contain(PARENT);
  });

  it('refuse an address with line ends or a fifth parent', async () => {
    const add = (address: string) =>
      student.json('POST', 'notifications/preferences/parents', { name: 'x', address });
    expect((await add('a@example.org\r\nBcc: b@example.org')).status).to.equal(400);
    expect((await add('no address')).status).to.equal(400);
    for (const at of [1, 2, 3, 4]) expect((await add(`p${at}@example.org`)).status).to.equal(303);
    expect((await add('p5@example.org')).data).to.deep.include({ code: 'too-many-parents' });
  });

  it('show the teacher that a student will come', async () => {
    const slot = await slotOf('Приду');
    expectDone(await book(student, slot));
    const { startsAt } = (await bookingOf(student, slot)) as unknown as { startsAt: string };
    testApp.clock.advance(new Date(startsAt).getTime() - testApp.clock.now().getTime() - HOUR + MINUTE);
    teacher = await testApp.launch({ person: '11', course: '2', browser: teacher.browser });
    const [mail] = await mailsOf(testApp, email);
    const [, path = ''] = /Приду:\n\S+?(\/act\/\S+)/.exec(mail?.text ?? '') ?? [];
    await testApp.anonymous().submit(path);
    expect((await listOf(testApp, teacher)).map(({ subject }) => subject)).to.include('Подтверждено: Приду');
  });
});

describe('words of messages', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  const page = '/admin/notifications/templates/booking-made/ru';

  before(async () => {
    testApp = await startAdminApp({ env: { SMTP_URL: 'outbox:' } });
    await testApp.make();
    admin = await testApp.enter();
  });
  after(() => testApp.close());

  it('are shown to the administrator with sample data', async () => {
    const { text } = await admin.get(page);
    expect(text)
      .to.contain('Вы записаны: Алгебра: вопросы по домашней работе')
      .and.to.contain('Соколова А. И.');
    expect((await admin.get('/admin/notifications')).text).to.contain('Запись на консультацию');
  });

  it('are changed by the administrator, with names in their cases, and back', async () => {
    const saved = await admin.post(page, {
      subject: 'К {{teacher.dative}}',
      text: 'Вас ждут у {{teacher.genitive}}, {{when.time}}.\nПричина: {{reason}}',
    });
    expect(saved.url).to.contain('settingsSaved');
    expect(saved.text).to.contain('К Соколовой А. И.').and.to.contain('Вас ждут у Соколовой А. И., 15:00.');
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const student = await testApp.launch({ person: '103', course: '2' });
    await wakeAlways(student);
    expectDone(await book(student, await firstSlot(teacher, await offer(testApp, teacher, 3))));
    const [mail] = await mailsOf(testApp, (await personOf(testApp, '103')).email);
    expect(mail?.subject).to.match(/^К \S+ \S\. \S\.$/);
    expect(mail?.text).to.contain('Вас ждут у').and.to.not.contain('Причина');
    await admin.post(`${page}/reset`);
    expect((await admin.get(page)).text).to.contain('Вы записаны: Алгебра');
  });

  it('names a person as their card says, in the cases that it gives', async () => {
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const student = await testApp.launch({ person: '103', course: '2' });
    await wakeAlways(student);
    const { id } = await personOf(testApp, '11');
    const name = { surname: 'Соколова', givenName: 'Елена', patronymic: 'Викторовна' };
    await testApp.app.features.directory.upsertCard(
      {
        ...{ name, personIds: [id], position: '', visibility: 'staff', consent: false },
        ...{ posts: [], associationIds: [], subjects: [] },
        nameCases: { genitive: '', dative: 'Елене Соколовой-Штерн', instrumental: '' },
        details: detailsOf(() => ({ value: '', visibility: 'staff' as const })),
      },
      { personId: '', name: '' },
    );
    await admin.post(page, { subject: 'К {{teacher.dative}}', text: 'У {{teacher.genitive}}' });
    expectDone(await book(student, await firstSlot(teacher, await offer(testApp, teacher, 6))));
    const [mail] = await mailsOf(testApp, (await personOf(testApp, '103')).email);
    expect(mail?.subject).to.equal('К Елене Соколовой-Штерн');
    expect(mail?.text, 'by rule where the card says nothing').to.contain('У Соколовой Е. В.');
    // Without a patronymic the gender that the card gives is what the rules go by.
    const put = async (gender: '' | 'female'): Promise<string> => {
      await testApp.app.features.directory.upsertCard(
        {
          ...{ name: { ...name, patronymic: '' }, personIds: [id], position: '', visibility: 'staff' },
          ...{ posts: [], associationIds: [], subjects: [], consent: false },
          nameCases: { genitive: '', dative: '', instrumental: '', gender },
          details: detailsOf(() => ({ value: '', visibility: 'staff' as const })),
        },
        { personId: '', name: '' },
      );
      await testApp.storage.connection
        .model('Person')
        .updateOne({ _id: id }, { $set: { 'name.patronymic': '' } });
      expectDone(await book(student, await firstSlot(teacher, await offer(testApp, teacher, next++))));
      return (await mailsOf(testApp, (await personOf(testApp, '103')).email))[0]?.text ?? '';
    };
    let next = 7;
    expect(await put('')).to.contain('У Соколова Е.');
    expect(await put('female')).to.contain('У Соколовой Е.');
    await admin.post(`${page}/reset`);
  });

  it('hold no code, and no variable that does not exist', async () => {
    for (const text of ['{{nonsense}}', '{{title', '{{title.constructor}}', '{{ title.genitive.x }}', '}}']) {
      const refused = await admin.post(page, { subject: 'x', text });
      expect(refused.status, text).to.equal(400);
      expect(refused.text, text).to.contain('нет в списке');
    }
    const saved = await admin.post(page, {
      subject: 'x',
      text: '<%= process.env %> ${1+1} <script>1</script>',
    });
    expect(saved.text).to.contain('&lt;%= process.env %&gt; ${1+1} &lt;script&gt;');
    await admin.post(`${page}/reset`);
  });

  it('are sent to an address as a test', async () => {
    const sent = await admin.post(`${page}/test`, { address: 'admin@example.org' });
    expect(sent.url).to.contain('testSent');
    expect((await mailsOf(testApp, 'admin@example.org'))[0]?.subject).to.contain('Вы записаны: Алгебра');
    expect((await admin.post(`${page}/test`, { address: 'a@b\r\nBcc: c@d' })).status).to.equal(400);
  });
});
