import { expect } from 'chai';
import { detailsOf, NO_CREDENTIALS, type CardSummary } from '../../../src/features/directory/index.js';
import type { Actor } from '../../../src/shared/actor.js';
import { DAY, HOUR } from '../../../src/shared/clock.js';
import { newToken } from '../../../src/shared/ids.js';
import { startTestApp, type Reply, type TestApp, type Visitor } from '../../support/test-app.js';
import type { JsonReply } from '../../support/visitor.js';
import { comeAs, firstSlot, offer } from '../consultations/fixtures.js';
import { makeStaff, personIdOf } from '../directory/organisation.js';

interface Row {
  id: string;
  subject: string;
  state: string;
  overdue: boolean;
  escalation: number;
  unread: boolean;
  dueAt: string | null;
}
interface Thread extends Row {
  consent: boolean;
  slotId: string;
  thread: {
    text: string;
    html: string;
    author: string;
    side: string;
    files: { id: string; name: string }[];
  }[];
}

interface Mail {
  subject: string;
  text: string;
  to: { address: string };
}

/** The code of a refusal. */
const codeOf = ({ data }: JsonReply): string => (data as { code: string }).code;

const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');

describe('questions in deferred form', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let colleague: Visitor;
  let ann: Visitor;
  let boris: Visitor;
  let methodist: Visitor;

  async function comeIn(): Promise<void> {
    teacher = await testApp.launch({ person: '11', course: '2' });
    colleague = await testApp.launch({ person: '12', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
    boris = await testApp.launch({ person: '104', course: '2' });
    methodist = await comeAs(testApp, 'methodist', { person: '3', course: '2' });
  }

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    await comeIn();
  });
  after(() => testApp.close());

  const idIn = (reply: Reply): string => /questions\/([0-9a-f]{24})/.exec(reply.url)?.[1] ?? '';
  const ask = async (
    text: string,
    { by = ann, ...fields }: { by?: Visitor; to?: string; consent?: string; key?: string } = {},
  ): Promise<string> => {
    const asked = await by.submit('questions/new', { to: 'course', text, key: newToken(), ...fields });
    expect(asked.status, asked.body).to.equal(200);
    return idIn(asked);
  };
  const rows = async (by: Visitor, query = ''): Promise<Row[]> =>
    ((await by.json('GET', `questions${query}`)).data as { questions: Row[] }).questions;
  const open = async (by: Visitor, id: string): Promise<Thread> =>
    ((await by.json('GET', `questions/${id}`)).data as { question: Thread }).question;
  const answer = (by: Visitor, id: string, text: string): Promise<Reply> =>
    by.submit(`questions/${id}/messages`, { text });
  const personOf = async (visitor: Visitor): Promise<string> => {
    const people = testApp.storage.connection.model('Person');
    const sub = visitor === teacher ? '11' : visitor === colleague ? '12' : '103';
    return String((await people.findOne({ sub }).lean<{ _id: unknown } | null>())?._id);
  };
  const mails = async (): Promise<Mail[]> => {
    await testApp.app.jobs.drain();
    return ((await ann.json('GET', '/outbox')).data as { messages: Mail[] }).messages;
  };

  /** The questions that the course's first page shows to a student. */
  const unread = async (): Promise<string[]> =>
    ((await ann.json('GET', '')).data as { questions: Row[] }).questions.map(({ id }) => id);

  it('is asked with one click from the section and a text, and answered with formulas', async () => {
    const page = await ann.get('questions');
    expect(page.body).to.include('Ваш вопрос').and.include('Спросить');
    const id = await ask('Как решить $x^2 = 4$?\n\n<b>Помогите</b>');
    const [row] = await rows(teacher);
    expect(row).to.include({ id, state: 'new', unread: true, subject: 'Как решить $x^2 = 4$?' });
    const seen = await teacher.get(`questions/${id}`);
    expect(seen.body).to.include('<msup>').and.include('&#60;b&#62;Помогите').and.not.include('<b>Помогите');
    await answer(teacher, id, 'Корни: $x = \\pm 2$');
    const thread = await open(ann, id);
    expect(thread.state).to.equal('answered');
    expect(thread.thread.map(({ side }) => side)).to.deep.equal(['student', 'staff']);
    expect(thread.thread[1]!.html).to.include('<math');
    expect(thread.dueAt).to.equal(null);
  });

  it('goes through taken, answered, asked again, closed and reopened', async () => {
    const id = await ask('Состояния');
    await teacher.submit(`questions/${id}/take`);
    expect((await open(teacher, id)).state).to.equal('taken');
    const other = await colleague.json('POST', `questions/${id}/take`);
    expect(codeOf(other)).to.equal('question-taken');
    await answer(teacher, id, 'Так');
    await answer(ann, id, 'А почему?');
    expect(await open(ann, id)).to.include({ state: 'reopened' });
    expect((await open(ann, id)).dueAt).to.be.a('string');
    await ann.submit(`questions/${id}/close`);
    expect(await open(ann, id)).to.include({ state: 'closed', dueAt: null });
    const late = await teacher.json('POST', `questions/${id}/messages`, { text: 'Ещё' });
    expect(late.status).to.equal(409);
    expect(codeOf(late)).to.equal('question-closed');
    const form = await answer(teacher, id, 'Длинный ответ');
    expect(form.status).to.equal(409);
    expect(form.body)
      .to.include('Вопрос закрыт, пока вы писали')
      .and.include('Длинный ответ</textarea>')
      .and.not.include('необязательно');
    expect((await open(teacher, id)).thread).to.have.length(3);
    await ann.submit(`questions/${id}/reopen`);
    expect((await open(ann, id)).state).to.equal('reopened');
  });

  it('is seen by its student and those it is for, by nobody else', async () => {
    const id = await ask('Только Соколовой', { to: `teacher:${await personOf(teacher)}` });
    expect((await boris.get(`questions/${id}`)).status).to.equal(404);
    expect((await colleague.get(`questions/${id}`)).status).to.equal(404);
    expect((await rows(colleague)).map((row) => row.id)).to.not.include(id);
    expect((await rows(methodist)).map((row) => row.id)).to.include(id);
    expect((await open(teacher, id)).subject).to.equal('Только Соколовой');
    const wrong = await ann.json('POST', 'questions/new', {
      text: 'Кому',
      to: `teacher:${await personOf(ann)}`,
      key: newToken(),
    });
    expect((wrong.data as { fields: object }).fields).to.have.key('to');
  });

  it('is not for a teacher who has left the course', async () => {
    const memberships = testApp.storage.connection.model('Membership');
    const personId = await personOf(colleague);
    const left = (leftAt: Date | null) => memberships.updateMany({ personId }, { $set: { leftAt } });
    await left(testApp.clock.now());
    const form = { text: 'Кому же', to: `teacher:${personId}`, key: newToken() };
    const refused = await ann.submit('questions/new', form);
    await left(null);
    expect(refused.status).to.equal(400);
    expect(refused.body).to.include('Кому же</textarea>');
  });

  it('carries files of known kinds that only its readers can open', async () => {
    const sent = await ann.upload('questions/new', [{ field: 'files', name: 'тетрадь.pdf', content: PDF }], {
      fields: { to: 'course', text: 'Файл', key: newToken() },
    });
    expect(sent.status, sent.body).to.equal(200);
    const { thread } = await open(teacher, idIn(sent));
    const [file] = thread[0]!.files;
    expect(file!.name).to.equal('тетрадь.pdf');
    expect((await teacher.get(`files/${file!.id}`)).status).to.equal(200);
    expect((await boris.get(`files/${file!.id}`)).status).to.equal(404);
    const refused = await ann.upload(
      'questions/new',
      [{ field: 'files', name: 'a.exe', content: 'MZ\0\0' }],
      {
        fields: { to: 'course', text: 'Не потерять', key: newToken() },
      },
    );
    expect(refused.status).to.equal(400);
    expect(refused.body).to.include('Не потерять').and.include('файлы не принимаются');
  });

  it('refuses a text of a megabyte in clear words', async () => {
    const before = (await rows(ann)).length;
    const form = await ann.upload('questions/new', [{ field: 'files', name: 'a.pdf', content: PDF }], {
      fields: { to: 'course', text: 'ы'.repeat(500_000), key: newToken() },
    });
    expect(form.status).to.equal(413);
    expect(form.body).to.include('Слишком много данных');
    expect((await ann.json('POST', 'questions/new', { text: 'ы'.repeat(500_000) })).status).to.equal(413);
    const long = await ann.submit('questions/new', { text: 'ы'.repeat(10_001), key: newToken() });
    expect(long.body).to.include('Слишком длинно');
    expect((await rows(ann)).length).to.equal(before);
  });

  it('asks once when the form is sent twice', async () => {
    const key = newToken();
    expect(await ask('Дважды', { key })).to.equal(await ask('Дважды', { key }));
  });

  it('keeps what was typed and not sent, for its author alone', async () => {
    const saved = await ann.json('POST', 'questions/draft', { place: 'new', text: 'Начатый вопрос' });
    expect(saved.data).to.deep.equal({ saved: true });
    expect((await ann.get('questions')).body).to.include('Начатый вопрос');
    expect((await boris.get('questions')).body).to.not.include('Начатый вопрос');
    await ask('Начатый вопрос и конец');
    expect((await ann.get('questions')).body).to.not.include('>Начатый вопрос</textarea>');
  });

  it('marks what is unread, until it is opened', async () => {
    const id = await ask('Прочтите');
    expect((await teacher.get('')).body).to.include('Прочтите');
    await teacher.get(`questions/${id}`);
    expect((await rows(teacher)).find((row) => row.id === id)?.unread).to.equal(false);
    await answer(teacher, id, 'Прочтено');
    expect(await unread()).to.include(id);
    await ann.get(`questions/${id}`);
    expect(await unread()).to.not.include(id);
  });

  it('is found by any form of its words', async () => {
    const id = await ask('Где лежат решённые задачи про ёлки?');
    const found = async (q: string): Promise<string[]> =>
      (await rows(teacher, `?q=${encodeURIComponent(q)}`)).map((row) => row.id);
    expect(await found('решенной задачей')).to.deep.equal([id]);
    expect(await found('елка')).to.deep.equal([id]);
    expect(await found('зада')).to.deep.equal([id]);
    expect(await found('сосна')).to.deep.equal([]);
  });

  it('is published without the name only with the student’s consent, and found in the FAQ', async () => {
    const id = await ask('Почему делить на ноль нельзя?');
    await answer(teacher, id, 'Потому что $0 \\cdot x = 1$ не решить');
    const entry = { question: 'Почему нельзя делить на ноль?', answer: 'Нет такого $x$', audience: 'public' };
    const refused = await teacher.json('POST', `questions/${id}/faq`, entry);
    expect(codeOf(refused)).to.equal('question-no-consent');
    await ann.submit(`questions/${id}/consent`, { consent: '1' });
    const done = await teacher.submit(`questions/${id}/faq`, entry);
    expect(done.body).to.include('Опубликовано');
    const faq = await boris.get(`questions/faq?q=${encodeURIComponent('деление на нуль ноль')}`);
    expect(faq.status).to.equal(200);
    const course = await boris.get(`questions/faq?q=${encodeURIComponent('ноля делить')}`);
    expect(course.body).to.include('Почему нельзя делить на ноль?').and.not.include('Андреева');
    const everybody = await testApp.anonymous().get('/faq');
    expect(everybody.body).to.include('Почему нельзя делить на ноль?').and.not.include('Андреева');
    const { questions: feature } = testApp.app.features;
    const looked = (await feature.findQuestion(id))!;
    await ann.submit(`questions/${id}/consent`, { consent: '' });
    expect((await testApp.anonymous().get('/faq')).body).to.not.include('делить на ноль');
    // A teacher who looked before the consent was taken back publishes nothing.
    const actor = { ...looked, personId: await personOf(teacher), role: 'teacher' } as unknown as Actor;
    const late = await feature.faq.publish(actor, looked, { ...entry, audience: 'public' }).catch(String);
    expect(late).to.include('question-no-consent');
    expect((await testApp.anonymous().get('/faq')).body).to.not.include('делить на ноль');
  });

  it('becomes a booked consultation with one tap', async () => {
    const series = await offer(testApp, teacher, 3, { title: 'Разбор вопроса', question: 'optional' });
    const slot = await firstSlot(ann, series);
    const id = await ask('Обсудить бы', { to: `teacher:${await personOf(teacher)}` });
    expect((await ann.get(`questions/${id}`)).body).to.include(slot);
    await ann.submit(`questions/${id}/consultation`, { slotId: slot });
    expect((await open(ann, id)).slotId).to.equal(slot);
    const page = await teacher.get(`consultations/slots/${slot}`);
    expect(page.body).to.include('Обсудить бы');
  });

  it('offers no time of a consultation that meets one the student has, and says what stands in the way', async () => {
    const series = await offer(testApp, teacher, 4, { title: 'Ещё разбор', question: 'optional' });
    const slot = await firstSlot(ann, series);
    const id = await ask('Обсудить $\\sqrt{2}$', { to: `teacher:${await personOf(teacher)}` });
    const { body } = await ann.get(`questions/${id}`);
    expect(body).to.include(`value="${slot}"`).and.include('<title>Обсудить √2 ·');
    await ann.submit(`consultations/slots/${slot}/bookings`, { question: '' });
    expect((await ann.get(`questions/${id}`)).body).to.not.include(`value="${slot}"`);
    // The page was open before.
    const refused = await ann.submit(`questions/${id}/consultation`, { slotId: slot });
    expect(refused.status).to.equal(409);
    expect(refused.body).to.include('Обсудить').and.include('Вторая запись на эту консультацию не нужна');
  });

  it('is due in working hours, and passed on to the head, then to the deputies', async () => {
    const { directory } = testApp.app.features;
    const card = (surname: string, email: string, more: object): Promise<{ slug: string; id: string }> =>
      directory.upsertCard(
        {
          name: { surname, givenName: 'Имя', patronymic: '' },
          position: '',
          subjects: [],
          associationIds: [],
          posts: [],
          personIds: [],
          visibility: 'staff',
          consent: false,
          ...NO_CREDENTIALS,
          contacts:
            email === ''
              ? []
              : [{ kind: 'email', value: email, purpose: 'any', hours: '', visibility: 'staff' }],
          details: detailsOf(() => ({ value: '', visibility: 'staff' })),
          ...more,
        } as unknown as Parameters<typeof directory.upsertCard>[0],
        { personId: '', name: '' },
      );
    const head = await card('Главная', 'head@example.org', {});
    await card('Заместитель', 'deputy@example.org', { posts: ['deputyStudy'] });
    const association = await directory.upsertAssociation({
      title: 'Математики',
      description: '',
      head: head.slug,
    });
    await card('Соколова', '', {
      personIds: [await personOf(teacher)],
      associationIds: [association.id],
    });
    const summary: CardSummary | null = await directory.cardOfPerson(await personOf(teacher));
    expect(summary?.associationIds).to.deep.equal([association.id]);

    const id = await ask('Не отвечают', { to: `teacher:${await personOf(teacher)}` });
    const due = Date.parse((await open(ann, id)).dueAt ?? '');
    expect(due - testApp.clock.now().getTime()).to.be.within(16 * HOUR, 6 * DAY);
    testApp.clock.advance(due - testApp.clock.now().getTime() + HOUR);
    await comeIn();
    expect((await rows(teacher, '?state=overdue')).find((row) => row.id === id)?.overdue).to.equal(true);
    await testApp.app.features.questions.escalation.escalateDue();
    expect((await open(ann, id)).escalation).to.equal(1);
    const toHead = (await mails()).filter(
      ({ to, text }) => to.address === 'head@example.org' && text.includes(id),
    );
    expect(toHead.map(({ subject }) => subject)).to.deep.equal(['Вопрос без ответа: Не отвечают']);
    expect(toHead[0]!.text).to.include(`/staff/questions/${id}`);

    testApp.clock.advance(5 * DAY);
    await comeIn();
    await testApp.app.features.questions.escalation.escalateDue();
    await testApp.app.features.questions.escalation.escalateDue();
    expect((await open(ann, id)).escalation).to.equal(2);
    const toDeputy = (await mails()).filter(({ to }) => to.address === 'deputy@example.org');
    expect(toDeputy.filter(({ text }) => text.includes(id))).to.have.length(1);
  });

  it('goes to the deputies at once when no association has a head', async () => {
    const id = await ask('Без руководителя', { to: `teacher:${await personOf(colleague)}` });
    testApp.clock.advance(7 * DAY);
    await comeIn();
    await testApp.app.features.questions.escalation.escalateDue();
    expect((await open(ann, id)).escalation).to.equal(2);
  });

  it('is seen in the course by the head once it is passed on, then by a deputy, and by no other colleague', async () => {
    const { directory } = testApp.app.features;
    const comeAgain = async () => ({
      leader: await testApp.launch({ person: '13', course: '2' }),
      deputy: await testApp.launch({ person: '14', course: '2' }),
      third: await testApp.launch({ person: '21', course: '2' }),
    });
    await comeAgain();
    const head = await makeStaff(testApp, {
      surname: 'Белова',
      personIds: [await personIdOf(testApp, '13')],
    });
    const { id: associationId } = await directory.upsertAssociation({
      title: 'Информатики',
      description: '',
      head: head.slug,
    });
    await makeStaff(testApp, {
      surname: 'Григорьев',
      personIds: [await personIdOf(testApp, '12')],
      associationIds: [associationId],
    });
    await makeStaff(testApp, {
      surname: 'Тарасов',
      posts: ['deputyMethod'],
      personIds: [await personIdOf(testApp, '14')],
    });
    const id = await ask('Только Григорьеву', { to: `teacher:${await personOf(colleague)}` });
    const seenBy = async (): Promise<string[]> => {
      const visitors = await comeAgain();
      const seen: string[] = [];
      for (const [name, visitor] of Object.entries(visitors)) {
        const listed = (await rows(visitor)).some((row) => row.id === id);
        expect((await visitor.get(`questions/${id}`)).status, name).to.equal(listed ? 200 : 404);
        if (listed) seen.push(name);
      }
      return seen;
    };
    expect(await seenBy()).to.deep.equal([]);
    const due = Date.parse((await open(ann, id)).dueAt ?? '');
    testApp.clock.advance(due - testApp.clock.now().getTime() + HOUR);
    await testApp.app.features.questions.escalation.escalateDue();
    expect(await seenBy()).to.deep.equal(['leader']);
    testApp.clock.advance(5 * DAY);
    await testApp.app.features.questions.escalation.escalateDue();
    expect(await seenBy()).to.deep.equal(['leader', 'deputy']);
    const { leader } = await comeAgain();
    expect((await answer(leader, id, 'Отвечаю за коллегу')).status).to.equal(200);
    await comeIn();
    expect((await open(ann, id)).state).to.equal('answered');
  });

  it('tells the teacher of a question and the student of the answer by mail', async () => {
    const id = await ask('Письмом');
    await answer(teacher, id, 'И ответ');
    const about = (await mails()).filter(({ text }) => text.includes(id));
    expect(about.map(({ subject }) => subject)).to.include('Ответ на ваш вопрос: Письмом');
    await ask('На первой странице');
    await mails();
    const { body } = await teacher.get('');
    expect(body, 'says what the title does not')
      .to.include('Новый вопрос: На первой странице')
      .and.include('Вам задали вопрос. · Кто: Андреева')
      .and.not.include('Курс: ');
  });

  it('names no more who answered from outside the course once they are erased', async () => {
    const id = await ask('Ответ извне');
    await answer(colleague, id, 'Отвечаю');
    const questions = testApp.storage.connection.model('Question');
    await questions.updateOne({ _id: id }, { $set: { 'messages.1.authorName': 'Григорьев Андрей' } });
    const { courseId } = (await testApp.app.features.questions.findQuestion(id))!;
    const who = { personId: await personOf(colleague), courseIds: [courseId] };
    await testApp.app.features.questions.personalData.erase(who);
    const [, message] = (await testApp.app.features.questions.findQuestion(id))!.messages;
    expect(message).to.include({ authorId: '', text: 'Отвечаю' }).and.not.have.property('authorName');
  });
});
