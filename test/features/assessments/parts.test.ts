import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { MINUTE, SECOND } from '../../../src/shared/clock.js';
import {
  answer,
  ask,
  begin,
  CAPITAL,
  idIn,
  makeTest,
  paperOf,
  PI,
  studentActor,
  TSAR,
  type Data,
} from './fixtures.js';

interface Paged extends Data {
  readonly maximum: number;
  readonly pages: { readonly current: number; readonly count: number };
}

describe('the parts of a test', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let other: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    other = await testApp.launch({ person: '102', course: '2' });
  });
  after(() => testApp.close());

  const draw = (test: string, fields: object) =>
    ask(teacher, 'POST', `tests/${test}/draws`, { mark: '1', ...fields });
  const bank = async (count: number, category: string): Promise<void> => {
    const questions = Array.from({ length: count }, (_, place) => ({
      ...TSAR,
      text: `${category} ${place}`,
      category,
      tags: place % 2 === 0 ? 'чётный' : '',
    }));
    await makeTest(teacher, { state: 'draft' }, questions);
  };

  it('are drawn from a category of the bank with those below it, none twice', async () => {
    await bank(4, 'История / Россия');
    await bank(2, 'История / Рим');
    const test = await makeTest(teacher, { state: 'draft' }, [PI]);
    expect((await draw(test, { category: 'История', count: '6' })).status).to.equal(303);
    await ask(teacher, 'POST', `tests/${test}/publish`);
    const { questions, maximum } = (await paperOf(student, await begin(student, test))) as Paged;
    expect(new Set(questions.map(({ text }) => text)).size).to.equal(7);
    expect(maximum).to.equal(9);
  });

  it('are drawn by tag', async () => {
    await bank(4, 'Химия');
    const test = await makeTest(teacher, { state: 'draft' }, [PI]);
    expect((await draw(test, { category: 'Химия', tag: 'чётный', count: '2' })).status).to.equal(303);
    const { questions } = (await ask(teacher, 'GET', `tests/${test}/preview`)).data;
    expect(questions.map(({ text }) => text).sort()).to.deep.equal([PI.text, 'Химия 0', 'Химия 2'].sort());
  });

  it('cannot be drawn from an empty category', async () => {
    const test = await makeTest(teacher, { state: 'draft' }, [PI]);
    const refused = await draw(test, { category: 'Нет такой', count: '1' });
    expect([refused.status, Object.keys(refused.data.fields)]).to.deep.equal([400, ['count']]);
  });

  it('stand together by section, and go page by page without a way back', async () => {
    const test = await makeTest(teacher, { pageSize: '2', sequential: 'on' }, [
      { ...TSAR, text: 'А1', section: 'Часть А' },
      { ...TSAR, text: 'Б1', section: 'Часть Б' },
      { ...TSAR, text: 'А2', section: 'Часть А' },
    ]);
    const attempt = await begin(student, test);
    const first = (await paperOf(student, attempt)) as Paged;
    expect(first.questions.map(({ text }) => text)).to.deep.equal(['А1', 'А2']);
    expect(first.pages).to.deep.include({ current: 1, count: 2 });
    expect((await student.get(attempt)).body)
      .to.include('Часть А')
      .and.include('Дальше');
    const turned = await ask(student, 'POST', `${attempt}/turn?to=2`, { q1: 'Пётр', r1: '0' });
    expect(turned.headers.get('location')).to.match(/page=2$/);
    const second = (await ask(student, 'GET', `${attempt}?page=1`)).data as Paged;
    expect(second.questions.map(({ text, number }) => [number, text])).to.deep.equal([[3, 'Б1']]);
    expect((await answer(student, attempt, 1, 'Иван', 1)).data.code).to.equal('page-passed');
    expect((await answer(student, attempt, 3, 'Пётр')).status).to.equal(200);
    await ask(student, 'POST', `${attempt}/finish`);
    expect((await paperOf(student, attempt)).attempt.score).to.equal(2);
  });

  it('give hints one by one, each at its price', async () => {
    const test = await makeTest(teacher, {}, [
      { ...TSAR, hints: 'Первый император\nПравил до 1725', hintPenalty: '25' },
    ]);
    const attempt = await begin(student, test);
    const page = await student.get(attempt);
    expect(page.body).to.include('Подсказка (ещё 2)').and.not.include('император');
    expect((await ask(student, 'POST', `${attempt}/hints/1`)).status).to.equal(303);
    expect((await student.get(attempt)).body)
      .to.include('Первый император')
      .and.not.include('1725');
    await ask(student, 'POST', `${attempt}/hints/1`);
    expect((await ask(student, 'POST', `${attempt}/hints/1`)).data.code).to.equal('no-more-hints');
    await answer(student, attempt, 1, 'Пётр');
    await ask(student, 'POST', `${attempt}/finish`);
    expect((await paperOf(student, attempt)).attempt.score).to.equal(0.5);
  });

  it('take files, show them to those who mark, and to no other student', async () => {
    const test = await makeTest(teacher, {}, [{ type: 'file', text: 'Приложите работу', mark: '3' }]);
    const attempt = await begin(student, test);
    const sent = await student.upload(`${attempt}/files/1`, [
      { field: 'file', name: 'работа.txt', content: 'Моя работа' },
    ]);
    expect(sent.body).to.include('Файл приложен');
    const page = await student.get(`${attempt}/files/1`);
    const file = /files\/([a-z2-9]{20})"/.exec(page.body)?.[1] ?? '';
    expect(page.body).to.include('работа.txt');
    expect((await ask(student, 'POST', `${attempt}/finish`)).status).to.equal(303);
    expect((await paperOf(student, attempt)).attempt.state).to.equal('submitted');
    expect((await teacher.get(`files/${file}`)).body).to.include('Моя работа');
    expect((await other.get(`files/${file}`)).status).to.equal(404);
    expect((await teacher.get(`tests/${test}/marking/${attempt.split('/').at(-1)}/1`)).body).to.include(file);
  });

  const FILES = { type: 'file', text: 'Приложите работу', mark: '3', mostFiles: '2' };

  it('open the files of a response in the browser, and take none that a browser would run', async () => {
    const test = await makeTest(teacher, {}, [FILES]);
    const attempt = await begin(student, test);
    const page = '<!doctype html><html><body><script>alert(1)</script></body></html>';
    for (const [name, content, status] of [
      ['работа.txt', 'Моя работа', 200],
      ['страница.html', page, 400],
    ] as const) {
      const sent = await student.upload(`${attempt}/files/1`, [{ field: 'file', name, content }]);
      expect(sent.status, name).to.equal(status);
    }
    await ask(student, 'POST', `${attempt}/finish`);
    const { body } = await teacher.get(`tests/${test}/marking/${attempt.split('/').at(-1)}/1`);
    const shown = [...body.matchAll(/files\/([a-z2-9]{20})"/g)].map(([, id]) => `files/${id}`);
    expect(shown).to.have.length(1);
    const { headers } = await teacher.get(shown[0] ?? '');
    expect(headers.get('content-disposition')).to.match(/^inline;/);
  });

  it('tell teachers the course of an attempt, as information', async () => {
    const test = await makeTest(teacher, {}, [TSAR]);
    const attempt = await begin(student, test);
    await student.get(attempt);
    expect((await ask(student, 'POST', `${attempt}/log`, { kind: 'pasted', question: 1 })).status).to.equal(
      204,
    );
    expect((await ask(student, 'POST', `${attempt}/log`, { kind: 'cheated' })).status).to.equal(400);
    await answer(student, attempt, 1, 'Пётр');
    await ask(student, 'POST', `${attempt}/finish`);
    expect((await teacher.get(attempt)).body)
      .to.include('Ход попытки')
      .and.include('вставлен текст')
      .and.include('127.0.0.1');
    expect((await student.get(attempt)).body).not.to.include('Ход попытки');
  });

  it('tell teachers how quickly the answers came, as information', async () => {
    const test = await makeTest(teacher, {}, [TSAR, { ...TSAR, text: 'Кто?' }, { ...TSAR, text: 'А он?' }]);
    const attempt = await begin(student, test);
    for (const [number, seconds] of [40, 3, 60].entries()) {
      testApp.clock.advance(seconds * SECOND);
      await answer(student, attempt, number + 1, 'Пётр');
    }
    await ask(student, 'POST', `${attempt}/finish`);
    expect((await teacher.get(attempt)).body).to.match(
      /Между ответами обычно \d+ с, быстрее всего на вопрос 2: \d+ с/u,
    );
    expect((await student.get(attempt)).body).not.to.include('Между ответами');
  });

  it('let a teacher reopen an attempt that its time has ended', async () => {
    const test = await makeTest(teacher, { timeLimitMinutes: '5' }, [TSAR]);
    const attempt = await begin(student, test);
    testApp.clock.advance(7 * MINUTE);
    expect((await paperOf(student, attempt)).attempt).to.include({ state: 'marked', finishedBy: 'time' });
    expect((await ask(teacher, 'POST', `${attempt}/reopen`)).data.code).to.equal('attempt-no-time');
    const { personId } = await studentActor(testApp);
    await ask(teacher, 'POST', `tests/${test}/overrides`, { subject: `p:${personId}`, extraPercent: '400' });
    expect((await ask(teacher, 'POST', `${attempt}/reopen`)).status).to.equal(303);
    expect((await paperOf(student, attempt)).attempt.state).to.equal('inProgress');
    expect((await answer(student, attempt, 1, 'Пётр')).status).to.equal(200);
  });

  describe('given by other means', () => {
    it('are marks in a column of their own, which go to the gradebook', async () => {
      const made = await ask(teacher, 'POST', 'tests/given', { title: 'Устный зачёт', maximum: '10' });
      expect(made.status, JSON.stringify(made.data)).to.equal(303);
      const test = idIn(made, 'tests');
      await ask(teacher, 'POST', `tests/${test}/publish`);
      const { personId, courseId } = await studentActor(testApp);
      const give = (points: string, version: string) =>
        ask(teacher, 'POST', `tests/${test}/given`, {
          [`points-${personId}`]: points,
          [`why-${personId}`]: 'Отвечал у доски',
          [`version-${personId}`]: version,
        });
      expect((await give('11', '0')).data.fields).to.have.keys(`points-${personId}`);
      expect((await give('7,5', '0')).status).to.equal(303);
      const grades = () => testApp.app.features.assessments.gradesFor(courseId, test);
      expect((await grades())[0]).to.include({ personId, scoreGiven: 7.5, scoreMaximum: 10 });
      expect((await give('8', '1')).status).to.equal(303);
      expect((await give('9', '1')).data.code).to.equal('mark-changed');
      expect((await grades())[0]).to.include({ scoreGiven: 8 });
      expect((await student.get(`tests/${test}`)).body).to.include('выставляет преподаватель');
      expect((await ask(student, 'POST', `tests/${test}/attempts`)).data.code).to.equal('test-given');
      expect((await ask(student, 'POST', `tests/${test}/given`, {})).status).to.equal(403);
    });
  });

  it('say after the attempt what the author wrote of the chosen answer, and nothing of the others', async () => {
    const test = await makeTest(teacher, {}, [
      {
        type: 'single',
        text: 'Столица Австралии?',
        option: ['Канберра', 'Сидней', 'Мельбурн'],
        right: '0',
        remark: ['Да, с 1927 года.', 'Самый большой город, но не столица.', 'Столица до 1927 года.'],
      },
      {
        type: 'truefalse',
        text: 'Кит — рыба',
        right: 'false',
        ifTrue: 'Он млекопитающее.',
        ifFalse: 'Верно!',
      },
    ]);
    const attempt = await begin(student, test);
    const page = (await student.get(attempt)).body;
    expect(page).not.to.include('Самый большой город').and.not.to.include('млекопитающее');
    const { questions } = await paperOf(student, attempt);
    const place = questions[0]?.options?.findIndex(({ text }) => text === 'Сидней') ?? -1;
    await answer(student, attempt, 1, [String(place)]);
    await answer(student, attempt, 2, ['true']);
    const result = await student.submit(`${attempt}/finish`, {
      q1: String(place),
      r1: '1',
      q2: 'true',
      r2: '1',
    });
    expect(result.body)
      .to.include('Самый большой город, но не столица.')
      .and.include('Он млекопитающее.')
      .and.not.include('Столица до 1927 года.')
      .and.not.include('Да, с 1927 года.');
  });

  it('are all shown on their pages, of every type', async () => {
    const every = [
      CAPITAL,
      { type: 'truefalse', text: 'Да?', right: 'true' },
      { type: 'matching', text: 'Пары', prompt: ['a', 'b'], answer: ['1', '2'] },
      { type: 'ordering', text: 'Порядок', item: ['раз', 'два'] },
      { type: 'cloze', text: 'Пропуски', body: 'Это [[слово]] и [[+да / нет]]' },
      { type: 'dragwords', text: 'Слова', body: 'Это [[слово]]', distractors: 'дело' },
      { type: 'calculated', text: 'Сколько {a} + 1?', formula: 'a + 1', variables: 'a = 5 … 5' },
      { type: 'essay', text: 'Напишите', leastWords: '3' },
      { type: 'file', text: 'Приложите' },
      PI,
      TSAR,
    ];
    const test = await makeTest(teacher, {}, every);
    for (const { type } of every) {
      expect((await teacher.get(`tests/${test}/questions/new?type=${type}`)).status, type).to.equal(200);
    }
    for (const { key } of (await ask(teacher, 'GET', `tests/${test}`)).data.questions) {
      expect((await teacher.get(`tests/${test}/questions/${key}`)).status).to.equal(200);
    }
    expect((await teacher.get(`tests/${test}/preview`)).status).to.equal(200);
    const attempt = await begin(student, test);
    const page = await student.get(attempt);
    expect(page.body).to.include('Сколько 5 + 1?').and.include('Не меньше 3 слов');
    await answer(student, attempt, 7, '6');
    await ask(student, 'POST', `${attempt}/finish`);
    expect((await student.get(attempt)).status).to.equal(200);
    expect((await paperOf(student, attempt)).questions[6]?.answerResult).to.equal('right');
    expect((await teacher.get(`tests/${test}/statistics`)).status).to.equal(200);
  });
});
