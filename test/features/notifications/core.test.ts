import { expect } from 'chai';
import { HOUR } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  ask,
  bookingOf,
  book,
  cancel,
  expectDone,
  firstSlot,
  offer,
  wish,
} from '../consultations/fixtures.js';
import { listOf, mailsOf, personOf, preferencesOf, unreadOf, wakeAlways } from './support.js';

describe('messages about bookings', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let email: string;
  let ahead = 3;

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
    email = (await personOf(testApp, '103')).email;
    for (const visitor of [teacher, student]) await wakeAlways(visitor);
  });
  after(() => testApp.close());

  const slotOf = async (title: string): Promise<string> =>
    firstSlot(teacher, await offer(testApp, teacher, ahead++, { title, question: 'optional' }));

  it('confirm a booking by e-mail, with an invitation for the calendar', async () => {
    const slot = await slotOf('Разбор задач');
    expectDone(await book(student, slot, { question: 'Задача 5' }));
    const [mail] = await mailsOf(testApp, email);
    expect(mail?.subject).to.equal('Вы записаны: Разбор задач');
    expect(mail?.text).to.contain('Место: Кабинет 12').and.to.contain('Ваш вопрос: Задача 5');
    expect(mail?.text).to.contain(`/c/${student.key}/consultations/slots/${slot}`);
    expect(mail?.text, 'a line without a value').to.not.contain('Видеосвязь');
    expect(mail?.calendar?.method).to.equal('REQUEST');
    expect(mail?.calendar?.content).to.contain('METHOD:REQUEST').and.to.contain('SUMMARY:Разбор задач');
  });

  it('tell the teacher in the list, with a number beside the bell until it is read', async () => {
    const [taken] = await listOf(testApp, teacher);
    expect(taken).to.include({ kind: 'booking-taken', unread: true, subject: 'Новая запись: Разбор задач' });
    expect((await teacher.get('consultations')).body).to.match(
      /Уведомления<\/span>\s*<span class="badge bad">1/,
    );
    expect((await unreadOf(testApp, student)).length, 'one’s own act').to.equal(0);
    await teacher.submit('notifications/read');
    expect((await listOf(testApp, teacher))[0]?.unread).to.equal(false);
    expect((await teacher.get('consultations')).body).to.not.contain('badge bad">1');
  });

  it('cancel the appointment of the calendar under the same id', async () => {
    const slot = await slotOf('Отменится');
    expectDone(await book(student, slot));
    const [made] = await mailsOf(testApp, email);
    expectDone(await cancel(teacher, (await bookingOf(student, slot)).id, 'Болею'));
    const [mail] = await mailsOf(testApp, email);
    expect(mail?.subject).to.equal('Консультация отменена: Отменится');
    const uid = /UID:(.+)/;
    expect(uid.exec(mail!.calendar!.content)?.[1]).to.equal(uid.exec(made!.calendar!.content)?.[1]);
    expect(mail?.calendar?.content)
      .to.contain('METHOD:CANCEL')
      .and.to.match(/SEQUENCE:[1-9]/);
  });

  it('tell those who booked of another place, once, and put it into the calendar', async () => {
    const series = await offer(testApp, teacher, ahead++, { title: 'Другое место' });
    const slot = await firstSlot(teacher, series);
    expectDone(await book(student, slot));
    await mailsOf(testApp, email);
    testApp.clock.advance(1_000);
    const edit = (changes: Record<string, unknown>) =>
      ask(teacher, 'POST', `consultations/${series}/edit`, wish(testApp, ahead - 1, changes));
    const link = 'https://meet.example.org/algebra';
    expectDone(await edit({ title: 'Другое место', place: 'Актовый зал', link }));
    // What a killed request would have left to the job is done already.
    testApp.clock.advance(3 * 60_000);
    const told = (await mailsOf(testApp, email)).filter(({ subject }) => subject.startsWith('Другое место'));
    expect(told).to.have.length(1);
    expect(told[0]?.text).to.contain('Место: Актовый зал').and.to.contain(`Видеосвязь: ${link}`);
    expect(told[0]?.calendar?.method).to.equal('REQUEST');
    expect(told[0]?.calendar?.content)
      .to.contain('LOCATION:Актовый зал')
      .and.to.match(/SEQUENCE:[1-9]/);
    expectDone(await edit({ title: 'Другое место', place: 'Актовый зал', link, cancelHours: 1 }));
    const subjects = (await mailsOf(testApp, email)).map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject.startsWith('Другое место'))).to.have.length(1);
  });

  it('tell the teacher of a booking that the student withdraws', async () => {
    const slot = await slotOf('Передумал');
    expectDone(await book(student, slot));
    expectDone(await cancel(student, (await bookingOf(student, slot)).id));
    const [own] = await mailsOf(testApp, email);
    expect([own?.subject, own?.calendar?.method], 'those who were to come').to.deep.equal([
      'Запись отменена: Передумал',
      'CANCEL',
    ]);
    const subjects = (await listOf(testApp, teacher)).map(({ subject }) => subject);
    expect(subjects).to.include('Запись отменена: Передумал');
    expect(subjects, 'nothing to say any more').to.not.include('Новая запись: Передумал');
  });

  it('make no second message of the same event', async () => {
    const { notifier, kinds } = testApp.app.features.notifications;
    const before = await mailsOf(testApp, email);
    const slot = await slotOf('Один раз');
    expectDone(await book(student, slot));
    await mailsOf(testApp, email);
    const { id } = await personOf(testApp, '103');
    const booking = await bookingOf(student, slot);
    const kind = kinds().find(({ name }) => name === 'booking-made')!;
    const [row] = await testApp.storage.connection
      .model('Notification')
      .find()
      .lean<{ courseId: string }[]>();
    const occurrence = { subjectId: booking.id, personId: id, courseId: row!.courseId };
    await notifier.notify(kind, [occurrence, occurrence], testApp.clock.now());
    expect(await mailsOf(testApp, email)).to.have.length(before.length + 1);
  });
});

describe('choices of a person', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let email: string;

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
    email = (await personOf(testApp, '103')).email;
    await wakeAlways(student);
  });
  after(() => testApp.close());

  it('are set on a page: language, zone, quiet hours, lists, and channels by topic', async () => {
    const page = await student.get('notifications/preferences');
    expect(page.body).to.contain('Настройка уведомлений').and.to.contain(email);
    const saved = await student.submit('notifications/preferences', {
      locale: 'en',
      zone: 'Asia/Omsk',
      quietFrom: '',
      quietTo: '',
      morningAt: '06',
      eveningAt: '',
      digestAt: '',
      chosen: ['consultations:mail'],
    });
    expect(saved.status).to.equal(200);
    expect((await preferencesOf(student)).values).to.include({
      locale: 'en',
      zone: 'Asia/Omsk',
      morningAt: '06',
      eveningAt: '',
    });
    const wrong = {
      locale: 'en',
      zone: 'Mars/Base',
      quietFrom: '',
      quietTo: '',
      morningAt: '',
      eveningAt: '',
      digestAt: '',
    };
    expect((await student.json('POST', 'notifications/preferences', wrong)).status).to.equal(400);
  });

  it('decide the language of messages', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 3, { title: 'Talk' }));
    expectDone(await book(student, slot));
    expect((await mailsOf(testApp, email))[0]?.subject).to.equal('You are booked: Talk');
  });

  it('are left by one click in the mail; looking at the page changes nothing', async () => {
    const [mail] = await mailsOf(testApp, email);
    const path = new URL(mail!.unsubscribeUrl).pathname;
    const anonymous = testApp.anonymous();
    expect((await anonymous.get(path)).body).to.contain('Отписаться');
    const chosen = async (): Promise<boolean> => {
      const preferences = await student.json('GET', 'notifications/preferences');
      const { topics } = preferences.data as {
        topics: { topic: string; cells: { channel: string; chosen: boolean }[] }[];
      };
      return topics
        .find(({ topic }) => topic === 'consultations')!
        .cells.find(({ channel }) => channel === 'mail')!.chosen;
    };
    expect(await chosen()).to.equal(true);
    const answer = await fetch(mail!.unsubscribeUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect(answer.status).to.equal(200);
    expect(await chosen()).to.equal(false);
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 4, { title: 'Quiet' }));
    expectDone(await book(student, slot));
    expect((await mailsOf(testApp, email))[0]?.subject).to.equal('You are booked: Talk');
    expect((await anonymous.get('/unsubscribe/v1.x.y.z')).status).to.equal(404);
  });

  it('do not hold back what is obligatory, which has no such link', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 5, { title: 'Obligatory' }));
    expectDone(await book(student, slot));
    expectDone(await cancel(teacher, (await bookingOf(student, slot)).id, 'Болею'));
    const [mail] = await mailsOf(testApp, email);
    expect(mail).to.include({ subject: 'Consultation cancelled: Obligatory', unsubscribeUrl: '' });
  });

  it('gather what may wait into one mail a day; what is true no more is left out', async () => {
    const teacherMail = (await personOf(testApp, '11')).email;
    const hour = String((testApp.clock.now().getUTCHours() + 3 + 2) % 24).padStart(2, '0');
    await wakeAlways(teacher, { digestAt: hour, chosen: ['consultations:mail', 'digest:mail'] });
    const [first, second, third] = await Promise.all(
      [6, 7, 8].map(async (ahead) =>
        firstSlot(teacher, await offer(testApp, teacher, ahead, { title: `Сводка ${ahead}` })),
      ),
    );
    const before = (await mailsOf(testApp, teacherMail)).length;
    for (const slot of [first!, second!, third!]) expectDone(await book(student, slot));
    expectDone(await cancel(student, (await bookingOf(student, third!)).id));
    expect((await mailsOf(testApp, teacherMail)).length, 'not yet').to.equal(before);
    testApp.clock.advance(3 * HOUR);
    const [digest, ...rest] = await mailsOf(testApp, teacherMail);
    expect(rest).to.have.length(before);
    expect(digest?.subject).to.match(/^Сводка: /);
    expect(digest?.text)
      .to.contain('• Новая запись: Сводка 6')
      .and.contain('• Новая запись: Сводка 7')
      .and.contain('• Запись отменена: Сводка 8')
      .and.not.contain('Новая запись: Сводка 8');
    expect(digest?.unsubscribeUrl).to.contain('/unsubscribe/');
  });

  const choose = (changes: Record<string, unknown>) =>
    wakeAlways(student, { locale: 'en', shown: ['mail'], chosen: [], ...changes });
  const bookedMails = async (title: string, ahead: number): Promise<number> => {
    expectDone(
      await book(student, await firstSlot(teacher, await offer(testApp, teacher, ahead, { title }))),
    );
    const mails = await mailsOf(testApp, email);
    return mails.filter(({ subject }) => subject === `You are booked: ${title}`).length;
  };

  it('of one kind come before its topic’s, and are given back to it', async () => {
    await choose({ ownKinds: ['booking-made'], ownChosen: ['booking-made:mail', 'booking-moved:mail'] });
    expect(await bookedMails('Own on', 9)).to.equal(1);
    const { topics } = await preferencesOf(student);
    const kinds = topics.find(({ topic }) => topic === 'consultations')?.kinds ?? [];
    const made = kinds.find(({ kind }) => kind === 'booking-made');
    expect(made).to.deep.include({ own: true, obligatory: false });
    expect(made?.cells).to.deep.equal([{ channel: 'mail', possible: true, chosen: true }]);
    expect(kinds.find(({ kind }) => kind === 'booking-moved')).to.deep.include({
      ...{ own: false, obligatory: true },
      cells: [{ channel: 'mail', possible: true, chosen: false }],
    });
    expect(
      kinds.map(({ kind }) => kind),
      'what only teachers are told',
    ).to.not.include('booking-withdrawn');
    await choose({ chosen: ['consultations:mail'], ownKinds: ['booking-made'] });
    expect(await bookedMails('Own off', 10)).to.equal(0);
    await choose({ chosen: ['consultations:mail'] });
    expect(await bookedMails('Given back', 11)).to.equal(1);
  });

  it('are boxes of a page that opens without a script, with what is obligatory said', async () => {
    const { body } = await student.get('notifications/preferences?lang=ru');
    expect(body)
      .to.match(/<details>\s*<summary>\s*По видам сообщений/)
      .and.to.contain('name="ownChosen" value="booking-made:mail"')
      .and.to.match(/Отмена консультации преподавателем\s*<span class="badge">сообщаем всегда/);
  });

  it('refuse a kind that there is not, and keep what the page did not show', async () => {
    const refused = await student.json('POST', 'notifications/preferences', {
      ...{ locale: '', zone: '', quietFrom: '', quietTo: '', morningAt: '', eveningAt: '', digestAt: '' },
      ownKinds: ['no-such-kind'],
    });
    expect(refused.status).to.equal(400);
    expect(refused.data).to.have.nested.property('fields.ownKinds');
    const { id } = await personOf(testApp, '103');
    const { features } = testApp.app;
    const ofTeacher = { ownKinds: ['booking-withdrawn'], ownChosen: ['booking-withdrawn:mail'] };
    await features.notifications.savePreferences(id, { ...ofTeacher, chosen: ['grades:mail'] });
    await choose({});
    const row = await testApp.storage.connection
      .model('NotificationPreferences')
      .findOne({ personId: id })
      .lean();
    expect(row).to.deep.include({ ...ofTeacher, chosen: ['grades:mail'] });
    const data = await features.notifications.personalData.dataOf({ personId: id } as never);
    expect(data.notificationPreferences, 'and is exported').to.have.nested.property('[0].ownKinds[0]');
  });

  it('of one kind are left by its own button of the mail’s page; a topic’s link takes kinds along', async () => {
    await choose({ chosen: ['consultations:mail'] });
    expect(await bookedMails('Before', 12)).to.equal(1);
    const path = new URL((await mailsOf(testApp, email))[0]!.unsubscribeUrl).pathname;
    const anonymous = testApp.anonymous();
    expect((await anonymous.get(path)).body).to.contain('Только от таких: Запись на консультацию');
    expect((await anonymous.submit(path, { only: 'kind' })).status).to.equal(200);
    expect(await bookedMails('After', 13)).to.equal(0);
    const topic = async () =>
      (await preferencesOf(student)).topics.find(({ topic: name }) => name === 'consultations')!;
    expect((await topic()).cells[0]).to.include({ chosen: true });
    expect((await topic()).kinds.find(({ kind }) => kind === 'booking-made')).to.deep.include({ own: true });
    await choose({ ownKinds: ['booking-made'], ownChosen: ['booking-made:mail'] });
    expect(await bookedMails('Taken back', 14)).to.equal(1);
    await fetch(`${testApp.origin}${path}`, { method: 'POST' });
    expect(await bookedMails('Refused', 15)).to.equal(0);
  });
});
