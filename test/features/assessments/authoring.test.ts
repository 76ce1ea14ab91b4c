import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  ALL,
  ask,
  begin,
  CAPITAL,
  comeAsAssistant,
  EIGHT,
  idIn,
  makeTest,
  paperOf,
  PI,
  PRIMES,
  take,
  TSAR,
  valuesOf,
} from './fixtures.js';

const NASTY = `"Кавычки" & <b>жирный</b> 🎈 <script>alert(1)</script>`;

describe('writing a test', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let assistant: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    assistant = await comeAsAssistant(testApp, '4', '2');
  });
  after(() => testApp.close());

  const texts = async (test: string): Promise<string[]> =>
    (await ask(teacher, 'GET', `tests/${test}`)).data.questions.map(({ text }) => text);
  const keyOf = async (test: string, text: string): Promise<string> => {
    const { questions } = (await ask(teacher, 'GET', `tests/${test}`)).data;
    return questions.find((question) => question.text === text)!.key;
  };

  it('goes by forms alone: create, add a question of each type, publish', async () => {
    const created = await teacher.submit('tests', {
      title: 'Первая',
      attemptsAllowed: '1',
      grading: 'first',
    });
    expect(created.body).to.include('Тест создан').and.include('Вопросов пока нет');
    const id = /tests\/([0-9a-f]{24})/.exec(created.url)?.[1] ?? '';
    expect(created.body).not.to.include('Опубликовать');
    for (const question of ALL) {
      const page = await teacher.submit(`tests/${id}/questions`, question);
      expect(page.status, question.type).to.equal(200);
      expect(page.body).to.include(question.text);
    }
    const published = await teacher.submit(`tests/${id}/publish`);
    expect(published.body).to.include('обучающиеся его видят').and.include('10 баллов');
    expect((await student.get('tests')).body).to.include('Первая');
  });

  it('opens a form for each type, new and written', async () => {
    const id = await makeTest(teacher);
    for (const { type, text } of ALL) {
      expect((await teacher.get(`tests/${id}/questions/new?type=${type}`)).status, type).to.equal(200);
      const form = await teacher.get(`tests/${id}/questions/${await keyOf(id, text)}`);
      expect(form.body, type).to.include(text);
    }
    const primes = (await teacher.get(`tests/${id}/questions/${await keyOf(id, PRIMES.text)}`)).body;
    expect(primes.match(/name="right"[^>]*\schecked/g)).to.have.length(2);
    const pi = (await teacher.get(`tests/${id}/questions/${await keyOf(id, PI.text)}`)).body;
    expect(pi).to.include('value="3,14"').and.include('value="0,005"');
  });

  it('gives back what was typed, with the fault beside its field', async () => {
    const test = await teacher.submit('tests', {
      title: ' ',
      description: 'Про степени',
      timeLimitMinutes: 'час',
      opensAt: '2026-12-02T10:00',
      closesAt: '2026-12-01T10:00',
      zone: 'Asia/Vladivostok',
    });
    expect(test.status).to.equal(400);
    expect(test.body).to.include('Про степени').and.include('value="час"').and.include('f-title-error');
    expect(test.body).to.include('value="Asia/Vladivostok"').and.include('value="2026-12-02T10:00"');
    const dates = await ask(teacher, 'POST', 'tests', {
      title: 'Даты',
      opensAt: '2026-12-02T10:00',
      closesAt: '2026-12-02T10:00',
    });
    expect(dates.status).to.equal(400);
    expect(dates.data.fields).to.have.keys('closesAt');

    const id = await makeTest(teacher, { state: 'draft' }, []);
    const question = await teacher.submit(`tests/${id}/questions`, {
      type: 'single',
      text: 'Сколько будет?',
      option: ['один', '', 'два'],
      mark: 'много',
    });
    expect(question.status).to.equal(400);
    expect(question.body)
      .to.include('Сколько будет?')
      .and.include('value="два"')
      .and.include('value="много"');
    expect(question.body).to.include('Отметьте верный ответ').and.include('Нужно число');
    expect(await texts(id)).to.deep.equal([]);
    const json = await ask(teacher, 'POST', `tests/${id}/questions`, { type: 'number', text: 'Тип?' });
    expect(json.data.fields).to.have.keys('type');
  });

  it('adds rows for answers without losing any, and keeps marks in their rows', async () => {
    const id = await makeTest(teacher, { state: 'draft' }, []);
    const more = await teacher.submit(`tests/${id}/questions`, {
      type: 'single',
      text: 'Много вариантов?',
      option: ['один', '', 'три', 'четыре'],
      right: '2',
      more: '1',
    });
    expect(more.status).to.equal(200);
    expect(more.body.match(/name="option"/g)).to.have.length(8);
    expect(more.body)
      .to.include('Много вариантов?')
      .and.match(/value="2"[^>]*\schecked/);
    expect(await texts(id)).to.deep.equal([]);
  });

  it('shows a question as a student will see it before it is saved, and keeps what was typed', async () => {
    const id = await makeTest(teacher, { state: 'draft' }, []);
    const shown = await teacher.submit(`tests/${id}/questions`, {
      type: 'single',
      format: 'markdown',
      text: 'Что **важнее**: $x^2$?',
      option: ['первое', 'второе', '', ''],
      right: '1',
      preview: '1',
    });
    expect(shown.status).to.equal(200);
    expect(shown.body)
      .to.match(/id="preview"[\s\S]*<strong>важнее<\/strong>[\s\S]*<math[\s\S]*второе/u)
      .and.include('Что **важнее**: $x^2$?');
    expect(await texts(id)).to.deep.equal([]);
  });

  it('reads dates in the zone in which the form showed them', async () => {
    const made = await teacher.json('POST', 'tests', {
      title: 'Зона',
      opensAt: '2026-12-01T10:00',
      zone: 'Asia/Vladivostok',
    });
    const id = idIn(made, 'tests');
    const { test } = (await ask(teacher, 'GET', `tests/${id}`)).data;
    expect(test.opensAt).to.equal('2026-12-01T00:00:00.000Z');
    // Moscow, the centre's own, to this reader.
    expect((await teacher.get(`tests/${id}/settings`)).body).to.include('value="2026-12-01T03:00"');
  });

  it('moves, removes and takes questions from the bank of the course', async () => {
    const id = await makeTest(teacher);
    const move = async (text: string, to: string): Promise<void> => {
      const key = await keyOf(id, text);
      expect((await ask(teacher, 'POST', `tests/${id}/questions/${key}/move`, { to })).status).to.equal(303);
    };
    await move(PI.text, 'up');
    await move(CAPITAL.text, 'down');
    await move(CAPITAL.text, 'down');
    await move(PRIMES.text, 'up');
    expect(await texts(id)).to.deep.equal([PRIMES.text, PI.text, CAPITAL.text, TSAR.text]);

    const pi = await keyOf(id, PI.text);
    await ask(teacher, 'POST', `tests/${id}/questions/${pi}/remove`);
    expect(await texts(id)).to.deep.equal([PRIMES.text, CAPITAL.text, TSAR.text]);
    expect((await ask(teacher, 'GET', `tests/${id}/questions/${pi}`)).status).to.equal(404);

    const bank = (await ask(teacher, 'GET', `tests/${id}/bank`)).data.questions;
    expect(bank.map(({ key }) => key)).to.include(pi);
    expect((await teacher.submit(`tests/${id}/bank`, { key: pi })).body).to.include(PI.text);
    expect(await texts(id)).to.have.length(4);
    // Once more changes nothing; none at all, or one of another course, is told.
    await ask(teacher, 'POST', `tests/${id}/bank`, { key: [pi] });
    expect(await texts(id)).to.have.length(4);
    expect((await teacher.submit(`tests/${id}/bank`)).status).to.equal(400);
    const foreign = await testApp.launch({ person: '15', course: '3' });
    const foreignTest = await makeTest(foreign, { state: 'draft' }, []);
    expect((await ask(foreign, 'POST', `tests/${foreignTest}/bank`, { key: [pi] })).status).to.equal(404);
    expect((await ask(foreign, 'GET', `tests/${foreignTest}`)).data.questions).to.deep.equal([]);
    expect((await ask(foreign, 'GET', `tests/${foreignTest}/bank`)).data.questions).to.deep.equal([]);
  });

  it('loses nothing when two people change the questions at once', async () => {
    const colleague = await testApp.launch({ person: '12', course: '2' });
    const id = await makeTest(teacher, { state: 'draft' });
    await Promise.all([
      ...Array.from({ length: 5 }, (_, index) =>
        ask(index % 2 ? teacher : colleague, 'POST', `tests/${id}/questions`, {
          ...TSAR,
          text: `Вопрос ${index}`,
        }),
      ),
      ask(teacher, 'POST', `tests/${id}/questions/${await keyOf(id, PI.text)}/move`, { to: 'up' }),
    ]);
    expect(await texts(id)).to.have.members([
      ...ALL.map(({ text }) => text),
      ...Array.from({ length: 5 }, (_, index) => `Вопрос ${index}`),
    ]);
  });

  it('tells the second of two who edit the same, and keeps the text', async () => {
    const id = await makeTest(teacher);
    const key = await keyOf(id, TSAR.text);
    const edit = (text: string) =>
      teacher.submit(`tests/${id}/questions/${key}`, { ...TSAR, text, version: '1' });
    expect((await edit('Первая правка')).body).to.include('Вопрос сохранён');
    const second = await edit('Вторая правка');
    expect(second.status).to.equal(409);
    expect(second.body).to.include('Вторая правка').and.include('name="version" value="2"');
    expect(await texts(id))
      .to.include('Первая правка')
      .and.not.include('Вторая правка');
    const future = await ask(teacher, 'POST', `tests/${id}/questions/${key}`, { ...TSAR, version: 7 });
    expect(future.data.code).to.equal('question-changed');

    const settings = (title: string) => teacher.submit(`tests/${id}/settings`, { title, edition: '1' });
    expect((await settings('Первое имя')).status).to.equal(200);
    const stale = await settings('Второе имя');
    expect(stale.status).to.equal(409);
    expect(stale.body).to.include('value="Второе имя"').and.include('name="edition" value="2"');
    expect((await ask(teacher, 'GET', `tests/${id}`)).data.test.title).to.equal('Первое имя');
  });

  it('writes one version only when many edit at once', async () => {
    const id = await makeTest(teacher);
    const key = await keyOf(id, TSAR.text);
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        ask(teacher, 'POST', `tests/${id}/questions/${key}`, {
          ...TSAR,
          text: `Правка ${index}`,
          version: 1,
        }),
      ),
    );
    expect(replies.filter(({ status }) => status === 303)).to.have.length(1);
    expect(replies.filter(({ status }) => status === 409)).to.have.length(7);
  });

  it('keeps drafts from students, and published tests from being empty or deleted', async () => {
    const draft = await makeTest(teacher, { title: 'Черновик урока', state: 'draft' }, []);
    expect((await student.get('tests')).body).not.to.include('Черновик урока');
    const hidden = await ask(student, 'GET', `tests/${draft}`);
    expect(hidden.status).to.equal(404);
    expect(hidden.data.code).to.equal('test-not-published');
    expect((await ask(student, 'POST', `tests/${draft}/attempts`)).status).to.equal(404);
    expect((await ask(teacher, 'POST', `tests/${draft}/publish`)).data.code).to.equal('test-empty');

    const id = await makeTest(teacher, {}, [CAPITAL]);
    const remove = await ask(
      teacher,
      'POST',
      `tests/${id}/questions/${await keyOf(id, CAPITAL.text)}/remove`,
    );
    expect(remove.data.code).to.equal('test-needs-question');
    expect((await ask(teacher, 'POST', `tests/${id}/remove`)).data.code).to.equal('test-published');
    const attempt = await begin(student, id);
    await ask(teacher, 'POST', `tests/${id}/unpublish`);
    expect((await teacher.submit(`tests/${id}/remove`)).body).to.include('Тест удалён');
    expect((await ask(teacher, 'GET', `tests/${id}`)).status).to.equal(404);
    // What a student has begun can be ended all the same.
    expect((await student.submit(`${attempt}/finish`)).body).to.include('Тест завершён');
  });

  it('lets assistants read and only teachers write', async () => {
    const id = await makeTest(teacher);
    const key = await keyOf(id, TSAR.text);
    expect((await assistant.get('tests')).body).not.to.include('tests/new');
    const page = (await assistant.get(`tests/${id}`)).body;
    expect(page).to.include(TSAR.text).and.not.include('formaction').and.not.include('settings');
    expect((await assistant.get(`tests/${id}/results`)).status).to.equal(200);
    expect((await assistant.get(`tests/${id}/preview`)).status).to.equal(200);
    for (const visitor of [assistant, student]) {
      for (const path of [
        'tests',
        `tests/${id}/settings`,
        `tests/${id}/publish`,
        `tests/${id}/unpublish`,
        `tests/${id}/remove`,
        `tests/${id}/questions`,
        `tests/${id}/questions/${key}`,
        `tests/${id}/questions/${key}/move`,
        `tests/${id}/questions/${key}/remove`,
        `tests/${id}/bank`,
      ]) {
        expect((await ask(visitor, 'POST', path, {})).status, path).to.equal(403);
      }
      for (const path of [
        'tests/new',
        `tests/${id}/settings`,
        `tests/${id}/bank`,
        `tests/${id}/questions/new`,
      ]) {
        expect((await ask(visitor, 'GET', path)).status, path).to.equal(403);
      }
    }
  });

  it('shows texts as texts everywhere', async () => {
    const id = await makeTest(teacher, { title: NASTY, description: NASTY }, [
      {
        ...CAPITAL,
        text: `1 ${NASTY}`,
        option: [`да ${NASTY}`, `нет ${NASTY}`],
        right: '0',
        feedback: NASTY,
      },
      { ...TSAR, text: `2 ${NASTY}`, accepted: NASTY },
      { ...PI, text: `3 ${NASTY}` },
    ]);
    const attempt = await take(student, id, { [`2 ${NASTY}`]: [NASTY] });
    const pages = [
      await teacher.get('tests'),
      await teacher.get(`tests/${id}`),
      await teacher.get(`tests/${id}/settings`),
      await teacher.get(`tests/${id}/questions/${await keyOf(id, `1 ${NASTY}`)}`),
      await teacher.get(`tests/${id}/preview`),
      await teacher.get(`tests/${id}/results`),
      await teacher.get(attempt),
      await student.get('tests'),
      await student.get(`tests/${id}`),
      await student.get(attempt),
    ];
    for (const { body, status, url } of pages) {
      expect(status, url).to.equal(200);
      expect(body, url).not.to.include('<b>жирный').and.not.include('<script>alert');
    }
    expect(pages.at(-1)?.body).to.include('&lt;b&gt;жирный&lt;/b&gt; 🎈');
  });

  describe('tried out', () => {
    it('is answered and checked as by a student, and stores nothing', async () => {
      const id = await makeTest(teacher, { shuffleAnswers: 'on', shuffleQuestions: 'on' });
      const page = await teacher.get(`tests/${id}/preview`);
      expect(page.body).to.include('ответы не сохраняются');
      const seed = /name="seed" value="(\d+)"/.exec(page.body)?.[1] ?? '';
      expect(seed).not.to.equal('');
      const fields: Record<string, string | string[]> = { seed };
      const paper = { questions: questionsOf(page.body) };
      for (const [text, chosen] of Object.entries(EIGHT)) {
        const { n, values } = valuesOf(
          { ...(await paperOf(teacher, `tests/${id}/preview`)), ...paper },
          text,
          chosen,
        );
        fields[`q${n}`] = values;
      }
      const checked = await teacher.submit(`tests/${id}/preview`, fields);
      expect(checked.status).to.equal(200);
      expect(checked.body)
        .to.match(/<strong>8<\/strong>\s+из 10/)
        .and.include('Пётр…');
      expect((await ask(teacher, 'GET', `tests/${id}/results`)).data.finished).to.equal(0);
      expect((await teacher.get('grades')).body).not.to.include('Контрольная');
    });

    it('keeps what was typed when it cannot be read', async () => {
      const id = await makeTest(teacher, {}, [TSAR]);
      const again = await teacher.submit(`tests/${id}/preview`, { seed: '5', q1: 'я'.repeat(501) });
      expect(again.status).to.equal(400);
      expect(again.body).to.include('я'.repeat(501)).and.include('name="seed" value="5"');
    });
  });
});

/** Reads the questions off a page as a person would, for the order of a preview is its own. */
function questionsOf(html: string) {
  return [...html.matchAll(/<fieldset\s+class="question"\s+id="q(\d+)"[^]*?<\/fieldset>/g)].map(
    ([block, number]) => {
      const options = [...block.matchAll(/value="(\d+)"[^>]*>\s+<span>([^<]*)<\/span>/g)].map(
        ([, value = '', text = '']) => ({ value, text, chosen: false }),
      );
      return {
        number: Number(number),
        key: '',
        text: /<div class="prose"[^>]*>([^<]*)</.exec(block)?.[1] ?? '',
        mark: 0,
        revision: 0,
        ...(options.length > 0 && { options }),
        answerResult: null,
        score: null,
      };
    },
  );
}
