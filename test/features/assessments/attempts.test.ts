import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  answer,
  answerAll,
  ask,
  begin,
  CAPITAL,
  EIGHT,
  idIn,
  KEYS,
  makeTest,
  paperOf,
  PI,
  PRIMES,
  take,
  TSAR,
  valuesOf,
} from './fixtures.js';

describe('taking a test', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let other: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    other = await testApp.launch({ person: '103', course: '2' });
  });
  after(() => testApp.close());

  describe('from start to finish', () => {
    it('shows the rules, starts, saves answers, finishes and shows the result', async () => {
      const test = await makeTest(teacher, { timeLimitMinutes: '30', attemptsAllowed: '2' });
      const start = await student.get(`tests/${test}`);
      expect(start.body).to.include('4 вопроса').and.include('30 минут').and.include('2 попытки');

      const attempt = await begin(student, test);
      await answerAll(student, attempt, EIGHT);
      const finished = await student.submit(`${attempt}/finish`);
      expect(finished.status).to.equal(200);
      expect(finished.url).to.match(/attempts\/[0-9a-f]{24}\?done=assessments\.finished$/);
      expect(finished.body).to.include('из 10').and.include('80 %').and.include('Частично');

      const { data } = await ask(student, 'GET', attempt);
      expect(data.attempt).to.include({ state: 'marked', score: 8, maximum: 10, finishedBy: 'student' });
      expect(data.questions.map((question) => question.answerResult).sort()).to.deep.equal([
        'partly',
        'right',
        'right',
        'right',
      ]);
      expect(data.grade).to.deep.equal({
        scoreGiven: 8,
        scoreMaximum: 10,
        grading: 'highest',
        scaled: { kind: 'points' },
      });
    });

    it('works by a plain form alone: saves everything and finishes', async () => {
      const test = await makeTest(teacher);
      const attempt = await begin(student, test);
      const paper = await paperOf(student, attempt);
      const fields: Record<string, string | string[]> = {};
      for (const [text, texts] of Object.entries(EIGHT)) {
        const { n, values } = valuesOf(paper, text, texts);
        fields[`q${n}`] = values;
        fields[`r${n}`] = '0';
      }
      const saved = await student.submit(`${attempt}/answers`, fields);
      expect(saved.body).to.include('Ответы сохранены').and.include('петр первый');
      const capital = valuesOf(paper, CAPITAL.text, ['Москва']);
      expect(saved.body).to.match(new RegExp(`name="q${capital.n}" value="${capital.values[0]}"\\s+checked`));

      // The page now carries the revisions; the form as it was sent again changes nothing and is not stale.
      const finished = await student.submit(`${attempt}/finish`, fields);
      expect(finished.url).to.include('done=assessments.finished');
      expect((await ask(student, 'GET', attempt)).data.attempt.score).to.equal(8);
    });

    it('marks no answers at all as nothing', async () => {
      const attempt = await take(student, await makeTest(teacher), {});
      const { data } = await ask(student, 'GET', attempt);
      expect(data.attempt).to.include({ score: 0, maximum: 10 });
      expect(new Set(data.questions.map((question) => question.answerResult))).to.deep.equal(
        new Set(['none']),
      );
    });
  });

  describe('the key', () => {
    it('is nowhere in what the student gets before finishing', async () => {
      const test = await makeTest(teacher, { shuffleAnswers: 'on', shuffleQuestions: 'on' });
      const attempt = await begin(student, test);
      const pages = [
        await student.get('tests'),
        await student.get(`tests/${test}`),
        await student.get(attempt),
      ].map(({ body }) => body);
      const data = [
        await ask(student, 'GET', 'tests'),
        await ask(student, 'GET', `tests/${test}`),
        await ask(student, 'GET', attempt),
        await answer(student, attempt, 1, []),
      ].map((reply) => JSON.stringify(reply.data));
      for (const text of [...pages, ...data]) {
        for (const key of KEYS) expect(text).not.to.match(key);
      }
      // Nor what would tell the author's order: many authors write the right answer first.
      const [, , json = ''] = data;
      expect(json).not.to.match(/order|versionId|"key"|definition/);
    });

    it('is shown afterwards as the rule says', async () => {
      const shown = async (review: string) => {
        const attempt = await take(student, await makeTest(teacher, { review }));
        const page = (await student.get(attempt)).body;
        const { data } = await ask(student, 'GET', attempt);
        return { page, data, json: JSON.stringify(data) };
      };
      const score = await shown('score');
      expect(score.data.attempt.score).to.equal(8);
      expect(score.data.questions).to.equal(null);
      const marks = await shown('marks');
      expect(marks.data.questions).to.have.length(4);
      for (const { page, json } of [score, marks]) {
        for (const key of [/"right":true/, /Пётр/, /1918/, /3,14/]) {
          expect(json).not.to.match(key);
          expect(page).not.to.match(key);
        }
      }
      const answers = await shown('answers');
      expect(answers.page).to.include('Пётр…').and.include('3,14').and.include('Столица с 1918 года');
    });

    it('is not given to other pages of those who did not finish', async () => {
      const test = await makeTest(teacher);
      for (const path of ['preview', 'results', 'bank', 'settings', 'questions/new']) {
        expect((await student.get(`tests/${test}/${path}`)).status, path).to.equal(403);
      }
    });
  });

  describe('saving answers', () => {
    let attempt: string;
    let number: number;

    beforeEach(async () => {
      attempt = await begin(student, await makeTest(teacher, { attemptsAllowed: '' }));
      number = valuesOf(await paperOf(student, attempt), TSAR.text, []).n;
    });

    const stored = async (): Promise<unknown> =>
      (await paperOf(student, attempt)).questions[number - 1]?.given;

    it('counts revisions up', async () => {
      expect((await answer(student, attempt, number, 'Иван', 0)).data).to.deep.equal({
        revision: 1,
        left: null,
      });
      expect((await answer(student, attempt, number, 'Пётр', 1)).data.revision).to.equal(2);
      expect(await stored()).to.equal('Пётр');
      const empty = await answer(student, attempt, number, [], 2);
      expect(empty.data.revision).to.equal(3);
      expect(await stored()).to.equal('');
    });

    it('refuses a stale window and keeps what is stored', async () => {
      await answer(student, attempt, number, 'Пётр', 0);
      const stale = await answer(student, attempt, number, 'Иван', 0);
      expect(stale.status).to.equal(409);
      expect(stale.data.code).to.equal('answer-stale');
      expect(await stored()).to.equal('Пётр');
    });

    it('takes the same save sent again as the one save it is', async () => {
      await answer(student, attempt, number, 'Пётр', 0, 'the-same-save');
      const again = await answer(student, attempt, number, 'Пётр', 0, 'the-same-save');
      expect(again.status).to.equal(200);
      expect(again.data.revision).to.equal(1);
    });

    it('lets one of many windows win, and tells the others', async () => {
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, index) => answer(student, attempt, number, `ответ ${index}`, 0)),
      );
      expect(replies.filter(({ status }) => status === 200)).to.have.length(1);
      expect(replies.filter(({ status }) => status === 409)).to.have.length(9);
      const winner = replies.findIndex(({ status }) => status === 200);
      expect(await stored()).to.equal(`ответ ${winner}`);
    });

    it('loses none of many answers saved at once', async () => {
      const paper = await paperOf(student, attempt);
      await Promise.all(
        Object.entries(EIGHT).map(([text, texts]) => {
          const { n, values } = valuesOf(paper, text, texts);
          return answer(student, attempt, n, values, 0);
        }),
      );
      await ask(student, 'POST', `${attempt}/finish`);
      expect((await ask(student, 'GET', attempt)).data.attempt.score).to.equal(8);
    });

    it('shows a stale form again as it was sent, with the others saved, and takes it the second time', async () => {
      await answer(student, attempt, number, 'из другого окна', 0);
      const capital = valuesOf(await paperOf(student, attempt), CAPITAL.text, ['Москва']);
      const sent = {
        [`q${number}`]: 'из этого окна',
        [`r${number}`]: '0',
        [`q${capital.n}`]: capital.values,
        [`r${capital.n}`]: '0',
      };
      const refused = await student.submit(`${attempt}/finish`, sent);
      expect(refused.status).to.equal(409);
      expect(refused.body).to.include('из этого окна').and.include('изменён в другом окне');
      const paper = await paperOf(student, attempt);
      expect(paper.attempt.state).to.equal('inProgress');
      expect(await stored()).to.equal('из другого окна');
      expect(paper.questions[capital.n - 1]?.revision).to.equal(1);

      const revision = new RegExp(`name="r${number}" value="(\\d+)"`).exec(refused.body)?.[1] ?? '';
      const second = await student.submit(`${attempt}/finish`, { ...sent, [`r${number}`]: revision });
      expect(second.url).to.include('done=assessments.finished');
      expect(second.body).to.include('из этого окна');
    });

    it('names the field of what cannot be an answer, and stores nothing', async () => {
      const capital = valuesOf(await paperOf(student, attempt), CAPITAL.text, []).n;
      const wrong = await answer(student, attempt, capital, ['17'], 0);
      expect(wrong.status).to.equal(400);
      expect(wrong.data.fields).to.have.keys(`q${capital}`);
      const long = await student.submit(`${attempt}/answers`, {
        [`q${number}`]: 'я'.repeat(501),
        [`r${number}`]: '0',
      });
      expect(long.status).to.equal(400);
      expect(long.body).to.include('я'.repeat(501));
      expect((await paperOf(student, attempt)).questions.every(({ revision }) => revision === 0)).to.equal(
        true,
      );
      for (const body of [
        { response: 'Пётр', revision: -1, save: 'long-enough' },
        { response: 'Пётр', revision: 0, save: '' },
        { response: { $gt: '' }, revision: 0, save: 'long-enough' },
        { response: [['Пётр']], revision: 0, save: 'long-enough' },
      ]) {
        expect((await ask(student, 'PUT', `${attempt}/answers/${number}`, body)).status).to.equal(400);
      }
      for (const unknown of ['0', '5', '1000', 'x', '1.5']) {
        const body = { response: 'Пётр', revision: 0, save: 'long-enough' };
        expect((await ask(student, 'PUT', `${attempt}/answers/${unknown}`, body)).status, unknown).to.equal(
          404,
        );
      }
    });

    it('takes no answer after the finish', async () => {
      await answer(student, attempt, number, 'Пётр', 0);
      await ask(student, 'POST', `${attempt}/finish`);
      const late = await answer(student, attempt, number, 'Иван', 1);
      expect(late.status).to.equal(409);
      expect(late.data.code).to.equal('attempt-finished');
      const form = await student.submit(`${attempt}/answers`, {
        [`q${number}`]: 'Иван',
        [`r${number}`]: '1',
      });
      expect(form.url).to.include('done=assessments.already');
      expect(form.body).to.include('Пётр').and.not.include('Иван');
    });
  });

  describe('in parallel', () => {
    it('is started once, however many windows start it', async () => {
      const test = await makeTest(teacher, { attemptsAllowed: '3' });
      const replies = await Promise.all(
        Array.from({ length: 20 }, () => ask(student, 'POST', `tests/${test}/attempts`)),
      );
      expect(new Set(replies.map(({ status }) => status))).to.deep.equal(new Set([303]));
      expect(new Set(replies.map((reply) => idIn(reply, 'attempts'))).size).to.equal(1);
      expect((await ask(student, 'GET', `tests/${test}`)).data.attempts).to.have.length(1);
    });

    it('is finished once, with one score and one grade', async () => {
      const test = await makeTest(teacher);
      const attempt = await begin(student, test);
      await answerAll(student, attempt, EIGHT);
      const replies = await Promise.all(
        Array.from({ length: 10 }, () => ask(student, 'POST', `${attempt}/finish`)),
      );
      expect(new Set(replies.map(({ status }) => status))).to.deep.equal(new Set([303]));
      const { data } = await ask(student, 'GET', `tests/${test}`);
      expect(data.attempts).to.have.length(1);
      expect(data.attempts[0]).to.include({ state: 'marked', score: 8 });
    });

    it('marks the answers that were acknowledged before the finish', async () => {
      const test = await makeTest(teacher, {}, [TSAR]);
      for (let round = 0; round < 5; round += 1) {
        const visitor = await testApp.launch({ person: String(110 + round), course: '2' });
        const attempt = await begin(visitor, test);
        const [saved] = await Promise.all([
          answer(visitor, attempt, 1, 'Пётр', 0),
          ask(visitor, 'POST', `${attempt}/finish`),
        ]);
        const { data } = await ask(visitor, 'GET', attempt);
        expect(data.attempt.state).to.equal('marked');
        // Either it came in time and counts, or it was refused: never acknowledged and lost.
        expect(data.attempt.score, `saved with ${saved.status}`).to.equal(saved.status === 200 ? 1 : 0);
      }
    });

    it('gives no more attempts than allowed', async () => {
      const test = await makeTest(teacher, { attemptsAllowed: '3' });
      const finishing = async (): Promise<number> => {
        const started = await ask(student, 'POST', `tests/${test}/attempts`);
        if (started.status !== 303) return started.status;
        await ask(student, 'POST', `tests/${test}/attempts/${idIn(started, 'attempts')}/finish`);
        return started.status;
      };
      for (let round = 0; round < 5; round += 1) {
        await Promise.all(Array.from({ length: 20 }, finishing));
      }
      const { data } = await ask(student, 'GET', `tests/${test}`);
      expect(data.attempts.map((attempt) => attempt.number)).to.deep.equal([1, 2, 3]);
      expect(data).to.include({ standing: 'noneLeft', attemptsLeft: 0 });
      const refused = await ask(student, 'POST', `tests/${test}/attempts`);
      expect(refused.status).to.equal(409);
      expect(refused.data.code).to.equal('no-attempts-left');
    });
  });

  it('keeps the questions it was given when the teacher changes the test', async () => {
    const test = await makeTest(teacher, { attemptsAllowed: '' });
    const attempt = await begin(student, test);
    const finishedBefore = await take(other, test);
    const { data } = await ask(teacher, 'GET', `tests/${test}`);
    const key = (text: string): string => data.questions.find((question) => question.text === text)!.key;
    const edited = await ask(teacher, 'POST', `tests/${test}/questions/${key(CAPITAL.text)}`, {
      ...CAPITAL,
      version: 1,
      text: 'Столица Беларуси?',
      right: '0',
      mark: '20',
    });
    expect(edited.status).to.equal(303);
    await ask(teacher, 'POST', `tests/${test}/questions/${key(PI.text)}/remove`);

    await answerAll(student, attempt, EIGHT);
    await ask(student, 'POST', `${attempt}/finish`);
    for (const [visitor, path] of [
      [student, attempt],
      [other, finishedBefore],
    ] as const) {
      const reply = await ask(visitor, 'GET', path);
      expect(reply.data.attempt).to.include({ score: 8, maximum: 10 });
      expect(JSON.stringify(reply.data)).to.include(CAPITAL.text).and.not.include('Беларуси');
    }
    const next = await paperOf(student, await begin(student, test));
    expect(next.questions.map(({ text }) => text)).to.have.members([
      'Столица Беларуси?',
      PRIMES.text,
      TSAR.text,
    ]);
  });

  it('deals questions and answers in an order that stays', async () => {
    const option = Array.from({ length: 12 }, (_, index) => `вариант ${index}`);
    const many = { type: 'single', text: 'Который?', option, right: '0' };
    const test = await makeTest(teacher, { shuffleAnswers: 'on', attemptsAllowed: '' }, [many]);
    const texts = async (attempt: string) =>
      (await paperOf(student, attempt)).questions[0]?.options?.map(({ text }) => text);
    const orders: (readonly string[] | undefined)[] = [];
    for (let round = 0; round < 4; round += 1) {
      const attempt = await begin(student, test);
      const order = await texts(attempt);
      expect(await texts(attempt)).to.deep.equal(order);
      expect(order).to.have.members(option);
      orders.push(order);
      await answerAll(student, attempt, { 'Который?': ['вариант 0'] });
      await ask(student, 'POST', `${attempt}/finish`);
      expect((await ask(student, 'GET', attempt)).data.attempt.score).to.equal(1);
    }
    // That four deals of twelve agree happens once in 10^25.
    expect(new Set(orders.map((order) => order?.join())).size).to.be.above(1);
    const unshuffled = await makeTest(teacher, {}, [many]);
    expect(await texts(await begin(student, unshuffled))).to.deep.equal(option);
  });

  describe('of others', () => {
    it('is unknown to another student', async () => {
      const test = await makeTest(teacher);
      const attempt = await begin(student, test);
      expect((await other.get(attempt)).status).to.equal(404);
      expect((await ask(other, 'GET', attempt)).status).to.equal(404);
      expect((await answer(other, attempt, 1, '0')).status).to.equal(404);
      expect((await other.submit(`${attempt}/finish`)).status).to.equal(404);
      expect((await other.submit(`${attempt}/answers`)).status).to.equal(404);
      expect((await paperOf(student, attempt)).attempt.state).to.equal('inProgress');
    });

    it('is unknown in another course, and under another test', async () => {
      const test = await makeTest(teacher);
      const attempt = await begin(student, test);
      const id = attempt.split('/').at(-1) ?? '';
      const foreign = await testApp.launch({ person: '121', course: '3' });
      const foreignTeacher = await testApp.launch({ person: '15', course: '3' });
      for (const visitor of [foreign, foreignTeacher]) {
        expect((await ask(visitor, 'GET', `tests/${test}`)).status).to.equal(404);
        expect((await ask(visitor, 'GET', attempt)).status).to.equal(404);
      }
      expect((await ask(foreign, 'POST', `tests/${test}/attempts`)).status).to.equal(404);
      expect((await ask(foreignTeacher, 'POST', `tests/${test}/publish`)).status).to.equal(404);
      expect((await ask(foreignTeacher, 'GET', `tests/${test}/results`)).status).to.equal(404);
      const second = await makeTest(teacher);
      expect((await ask(student, 'GET', `tests/${second}/attempts/${id}`)).status).to.equal(404);
      for (const wrong of ['1', 'x'.repeat(24), 'constructor', '%00']) {
        expect((await ask(student, 'GET', `tests/${test}/attempts/${wrong}`)).status, wrong).to.equal(404);
        expect((await ask(student, 'GET', `tests/${wrong}`)).status, wrong).to.equal(404);
      }
    });

    it('is looked at but not answered by those who teach, who make none themselves', async () => {
      const test = await makeTest(teacher);
      const attempt = await begin(student, test);
      await answerAll(student, attempt, { [TSAR.text]: ['Иван'] });
      const seen = await teacher.get(attempt);
      expect(seen.status).to.equal(200);
      expect(seen.body).to.include('Иван').and.include('Попытка ещё не завершена');
      expect((await answer(teacher, attempt, 1, '0')).status).to.equal(403);
      expect((await teacher.submit(`${attempt}/finish`)).status).to.equal(403);
      const started = await ask(teacher, 'POST', `tests/${test}/attempts`);
      expect(started.status).to.equal(403);
      expect(started.data.code).to.equal('attempt-role');
    });
  });

  it('asks for the token on every change', async () => {
    const test = await makeTest(teacher);
    expect((await student.submit(`tests/${test}/attempts`, {}, { csrf: 'wrong' })).status).to.equal(403);
  });
});
