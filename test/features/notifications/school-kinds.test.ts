import { expect } from 'chai';
import { DAY, HOUR, MINUTE } from '../../../src/shared/clock.js';
import { newToken } from '../../../src/shared/ids.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { begin, CAPITAL, makeTest } from '../assessments/fixtures.js';
import {
  ask,
  book,
  bookingOf,
  cancel,
  day,
  expectDone,
  firstSlot,
  offer,
} from '../consultations/fixtures.js';
import { dataOf } from '../directory/support.js';
import { listOf, mailsOf, moveTo, personOf, wakeAlways, type Listed } from './support.js';

describe('messages of questions, classes, attendance, materials and attempts', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let colleague: Visitor;
  let ann: Visitor;
  let boris: Visitor;
  let email: string;

  /** A session ends after a day. */
  async function comeIn(): Promise<void> {
    const come = (person: string, before?: Visitor) =>
      testApp.launch({ person, course: '2', ...(before && { browser: before.browser }) });
    teacher = await come('11', teacher);
    colleague = await come('12', colleague);
    ann = await come('103', ann);
    boris = await come('104', boris);
  }

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    await comeIn();
    email = (await personOf(testApp, '103')).email;
    for (const visitor of [teacher, colleague, ann, boris]) {
      await wakeAlways(visitor, { chosen: ['reminders:mail', 'questions:mail', 'classes:mail'] });
    }
  });
  after(() => testApp.close());

  const told = async (visitor: Visitor, kind: string): Promise<Listed[]> =>
    (await listOf(testApp, visitor)).filter((row) => row.kind === kind);
  const subjectsOf = async (visitor: Visitor, kind: string): Promise<string[]> =>
    (await told(visitor, kind)).map(({ subject }) => subject);
  const idIn = (url: string, folder: string): string =>
    new RegExp(`${folder}/([0-9a-f]{24})`).exec(url)?.[1] ?? '';

  describe('questions', () => {
    let question: string;

    it('tell the teacher that one is asked, and the student who answers it', async () => {
      const asked = await ann.submit('questions/new', {
        to: 'course',
        text: 'Что такое модуль?',
        key: newToken(),
      });
      question = idIn(asked.url, 'questions');
      expect(await subjectsOf(teacher, 'question-asked')).to.deep.equal(['Новый вопрос: Что такое модуль?']);
      await teacher.submit(`questions/${question}/take`);
      expect(await subjectsOf(ann, 'question-taken')).to.deep.equal(['Готовят ответ: Что такое модуль?']);
      expect(await subjectsOf(colleague, 'question-asked'), 'no longer theirs').to.deep.equal([]);
    });

    it('tell the teacher who has taken it that its deadline is near, once', async () => {
      const { question: shown } = await dataOf<{ question: { dueAt: string } }>(ann, `questions/${question}`);
      await moveTo(testApp, new Date(Date.parse(shown.dueAt) - HOUR));
      testApp.clock.advance(20 * MINUTE);
      await comeIn();
      expect(await subjectsOf(teacher, 'question-due')).to.deep.equal([
        'Скоро срок ответа: Что такое модуль?',
      ]);
      expect(await subjectsOf(colleague, 'question-due')).to.deep.equal([]);
    });

    it('tell the student of the answer, and say no more of a deadline', async () => {
      await teacher.submit(`questions/${question}/messages`, { text: 'Расстояние до нуля.' });
      const answered = await told(ann, 'question-answered');
      expect(answered[0]).to.include({ path: `questions/${question}` });
      const subjects = (await mailsOf(testApp, email)).map(({ subject }) => subject);
      expect(subjects).to.include('Ответ на ваш вопрос: Что такое модуль?');
      expect(await subjectsOf(teacher, 'question-due')).to.deep.equal([]);
    });
  });

  describe('classes', () => {
    const plan = async (title: string, ahead: number, start: string, end: string): Promise<string> => {
      await teacher.submit('timetable/new', {
        ...{ title, from: day(testApp, ahead), start, end, place: `Кабинет ${title}`, key: newToken() },
      });
      const { days } = await dataOf<{ days: { items: { id: string; title: string }[] }[] }>(
        teacher,
        `timetable?week=${day(testApp, ahead)}`,
      );
      const items = days.flatMap((of) => of.items);
      return items.find((item) => item.title === title)!.id;
    };

    it('tell students of a cancellation with its reason, and that the class takes place after all', async () => {
      const id = await plan('Алгебра', 2, '09:00', '09:45');
      await teacher.submit(`timetable/${id}/cancel`, { reason: 'Карантин' });
      const [cancelled] = await told(ann, 'class-cancelled');
      expect(cancelled?.lines.join(' ')).to.contain('Причина: Карантин');
      await teacher.submit(`timetable/${id}/restore`);
      expect(await subjectsOf(ann, 'class-restored')).to.deep.equal(['Занятие состоится: Алгебра']);
      expect(await subjectsOf(ann, 'class-cancelled'), 'true no more').to.deep.equal([]);
    });

    it('tell of a move: when it was and when it is', async () => {
      const id = await plan('Физика', 2, '11:00', '11:45');
      const move = {
        date: day(testApp, 3),
        start: '12:00',
        end: '12:45',
        place: 'Актовый зал',
        reason: 'Ремонт',
      };
      const wrong = await teacher.submit(`timetable/${id}/move`, { ...move, end: '11:00' });
      expect(wrong.status).to.equal(400);
      const moved = await teacher.submit(`timetable/${id}/move`, move);
      expect(moved.body).to.contain('Занятие перенесено');
      const [shown] = await told(ann, 'class-moved');
      expect(shown?.lines.join(' ')).to.match(
        /Было: .*11:00.*Стало: .*12:00.*Причина: Ремонт.*Место: Актовый зал/,
      );
    });

    it('tell students of a substitution, and the substitute that the class is theirs', async () => {
      const id = await plan('Химия', 2, '13:00', '13:45');
      const { id: substitute } = await personOf(testApp, '12');
      await teacher.submit(`timetable/${id}/substitute`, {
        teacher: substitute,
        teacherName: '',
        reason: 'Отпуск',
      });
      expect(await subjectsOf(ann, 'class-substituted')).to.deep.equal(['Замена: Химия']);
      expect(await subjectsOf(colleague, 'class-given')).to.deep.equal(['Вам назначено занятие: Химия']);
    });

    it('are reminded of an hour before, and stand in the list of the day', async () => {
      await testApp.app.features.notifications.savePreferences((await personOf(testApp, '103')).id, {
        morningAt: '06',
        chosen: ['reminders:mail', 'daily:mail'],
      });
      const id = await plan('История', 4, '09:00', '09:45');
      const { found } = await dataOf<{ found: { startsAt: string } }>(ann, `timetable/${id}`);
      const startsAt = Date.parse(found.startsAt);
      await moveTo(testApp, new Date(startsAt - 2.5 * HOUR));
      await moveTo(testApp, new Date(startsAt - 55 * MINUTE));
      const mails = await mailsOf(testApp, email);
      expect(mails[0]?.subject).to.match(/^Напоминаем: История, /);
      const list = mails.find(({ subject }) => subject.startsWith('Расписание: '));
      expect(list?.text).to.match(/09:00–09:45 История · .*Кабинет История/);
      await comeIn();
    });
  });

  describe('consultations', () => {
    it('ask the teacher for attendance once they are over, until it is marked', async () => {
      const slot = await firstSlot(teacher, await offer(testApp, teacher, 2, { title: 'Прошла' }));
      expectDone(await book(ann, slot));
      const { startsAt } = (await bookingOf(ann, slot)) as unknown as { startsAt: string };
      await moveTo(testApp, new Date(Date.parse(startsAt) + 40 * MINUTE));
      await comeIn();
      const [asked] = await told(teacher, 'attendance-asked');
      expect(asked).to.include({
        subject: 'Отметьте посещение: Прошла',
        path: `consultations/slots/${slot}`,
      });
      const marked = await teacher.json('POST', `consultations/slots/${slot}/attendance`, {
        ...{ version: 0, others: 'attended', sharedNote: '', confidentialNote: '' },
      });
      expect(marked.status, JSON.stringify(marked.data)).to.equal(303);
      expect(await subjectsOf(teacher, 'attendance-asked')).to.deep.equal([]);
    });

    it('say nothing of a class that was over when it was changed', async () => {
      const classes = testApp.storage.connection.model('TimetableClass');
      const over = await classes.findOne({ title: 'История' }).lean<{ _id: unknown; endsAt: Date }>();
      expect(over!.endsAt).to.be.below(testApp.clock.now());
      const { id: teacherId } = await personOf(testApp, '12');
      const body = { teacher: teacherId, teacherName: '', reason: 'Отпуск' };
      const changed = await teacher.submit(`timetable/${String(over!._id)}/substitute`, body);
      expect(changed.status).to.equal(200);
      expect(await subjectsOf(ann, 'class-substituted')).to.not.include('Замена: История');
      expect(await subjectsOf(colleague, 'class-given')).to.not.include('Вам назначено занятие: История');
    });

    it('tell a student whose seat was not confirmed in time', async () => {
      const slot = await firstSlot(
        teacher,
        await offer(testApp, teacher, 5, { title: 'Одно место', capacity: 1 }),
      );
      expectDone(await book(ann, slot));
      expectDone(await ask(boris, 'POST', `consultations/slots/${slot}/wait`));
      expectDone(await cancel(ann, (await bookingOf(ann, slot)).id));
      await testApp.app.jobs.drain();
      testApp.clock.advance(13 * HOUR);
      await comeIn();
      expect(await subjectsOf(boris, 'seat-lost')).to.deep.equal(['Место не сохранено: Одно место']);
    });
  });

  it('materials of a day are one message to the students of their teacher', async () => {
    const made = await teacher.json('POST', 'directory/mine', {
      ...{ surname: 'Соколова', givenName: 'Елена', visibility: 'public', consent: true },
    });
    const slug = /teachers\/([a-z0-9-]+)/.exec(made.headers.get('location') ?? '')![1]!;
    for (const title of ['Дроби', 'Проценты'])
      await teacher.json('POST', `directory/teachers/${slug}/materials`, {
        ...{ kind: 'link', title, url: 'https://example.org/a', audience: 'students' },
      });
    testApp.clock.advance(DAY);
    await comeIn();
    const published = await told(ann, 'material-published');
    expect(published).to.have.length(1);
    expect(published[0]?.lines.join(' ')).to.contain('Материалы: Дроби; Проценты');
    expect(published[0]?.path).to.equal(`directory/teachers/${slug}`);
  });

  it('a student who has begun a test is told when a quarter of the time is left', async () => {
    const test = await makeTest(teacher, { title: 'Долгий тест', timeLimitMinutes: 60 }, [CAPITAL]);
    await begin(ann, test);
    testApp.clock.advance(40 * MINUTE);
    expect(await told(ann, 'attempt-ending')).to.deep.equal([]);
    testApp.clock.advance(9 * MINUTE);
    expect(await subjectsOf(ann, 'attempt-ending')).to.deep.equal(['Время заканчивается: Долгий тест']);
  });
});
