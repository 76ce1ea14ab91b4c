import { expect } from 'chai';
import { countCertainty, earned } from '../../../src/features/assessments/marking/certainty.js';
import { totalOf } from '../../../src/features/assessments/marking/grading.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { answer, ask, begin, CAPITAL, idIn, makeTest, PI, TSAR } from './fixtures.js';

interface Level {
  readonly level: number;
  readonly count?: number;
  readonly right: number | null;
  readonly cost?: number;
}

describe('certainty-based marking', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let test: string;
  let attempt: string;

  const QUESTIONS = [
    { ...TSAR, mark: '3' },
    { ...PI, mark: '3' },
    { ...CAPITAL, mark: '3' },
    { type: 'essay', text: 'Почему?', mark: '1' },
  ];

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    test = await makeTest(teacher, { certainty: 'on', shuffleAnswers: '' }, QUESTIONS);
    attempt = await begin(student, test);
  });
  after(() => testApp.close());

  const save = (number: number, response: string, certainty: unknown, revision = 0) =>
    student.json('PUT', `${attempt}/answers/${number}`, {
      response,
      revision,
      certainty,
      save: `certainty-${number}-${revision}`,
    });

  for (const [what, fraction, said, share] of [
    ['right and not sure', 1, { certainty: 1, answered: true }, 1 / 3],
    ['right and fairly sure', 1, { certainty: 2, answered: true }, 2 / 3],
    ['right and sure', 1, { certainty: 3, answered: true }, 1],
    ['wrong and not sure', 0, { certainty: 1, answered: true }, 0],
    ['wrong and fairly sure', 0, { certainty: 2, answered: true }, -2 / 3],
    ['wrong and sure', 0, { certainty: 3, answered: true }, -2],
    ['half right and sure', 0.5, { certainty: 3, answered: true }, 0.5],
    ['right without a word', 1, { answered: true }, 1 / 3],
    ['wrong without a word', 0, { answered: true }, 0],
    ['left out, though sure', 0, { certainty: 3, answered: false }, 0],
    ['marked by a person', 0.75, null, 0.75],
  ] as const) {
    it(`earns ${share} of the points when ${what}`, () => {
      expect(earned(fraction, said)).to.be.closeTo(share, 1e-12);
    });
  }

  it('never takes a whole attempt below nothing', () => {
    expect(totalOf([1, -2, -2])).to.equal(0);
    expect(totalOf([3, -2])).to.equal(1);
  });

  it('counts how often each level was right', () => {
    const counts = countCertainty([
      { certainty: 3, fraction: 1 },
      { certainty: 3, fraction: 0 },
      { fraction: 0.5 },
    ]);
    expect(counts).to.deep.equal([
      { level: 1, count: 1, right: 50 },
      { level: 2, count: 0, right: null },
      { level: 3, count: 2, right: 50 },
    ]);
  });

  it('is told before the start, and asked beside each question that the program marks', async () => {
    expect((await student.get(`tests/${test}`)).body).to.include('насколько вы в нём уверены');
    const page = await student.get(attempt);
    expect(page.body.match(/Насколько вы уверены/g)).to.have.length(3);
    const paper = (await student.json('GET', attempt)).data as {
      questions: { certainty: { chosen: number; levels: Level[] } | null }[];
    };
    expect(paper.questions[0]?.certainty).to.deep.include({
      chosen: 0,
      levels: [
        { level: 1, right: 1, cost: 0 },
        { level: 2, right: 2, cost: 2 },
        { level: 3, right: 3, cost: 6 },
      ],
    });
    expect(paper.questions[3]?.certainty, 'an essay').to.equal(null);
  });

  it('saves the level with the answer, by script and by form, and refuses one that does not exist', async () => {
    for (const certainty of [0, 4, 'sure', 1.5]) {
      const refused = await save(1, 'Пётр', certainty);
      expect(
        [refused.status, Object.keys((refused.data as { fields: object }).fields)],
        String(certainty),
      ).to.deep.equal([400, ['certainty']]);
    }
    expect((await save(1, 'Пётр', 3)).status).to.equal(200);
    expect((await save(2, '3,14', '')).status).to.equal(200);
    // A save right after another takes the quick way, and keeps the level as well.
    expect((await save(2, '3,14', 2, 1)).status).to.equal(200);
    const sent = await student.submit(`${attempt}/answers`, { q3: '0', r3: '0', c3: '3' });
    expect(sent.body).to.include('Ответы сохранены');
    const paper = (await student.json('GET', attempt)).data as {
      questions: { certainty: { chosen: number } | null; revision: number; shown: string }[];
    };
    expect(paper.questions.map(({ certainty }) => certainty?.chosen)).to.deep.equal([3, 2, 3, undefined]);
    // A form sends what it shows again: nothing changes by that.
    const { revision, shown } = paper.questions[2]!;
    const again = { q3: '0', r3: '0', c3: '3', w3: shown };
    expect((await student.submit(`${attempt}/answers`, again)).body).to.include('Ответы сохранены');
    // Another level of the same answer is a change.
    const other = { q3: '0', r3: String(revision), c3: '2', w3: shown };
    await student.submit(`${attempt}/answers`, other);
    const now = (await student.json('GET', attempt)).data as { questions: { certainty: Level | null }[] };
    expect(now.questions[2]?.certainty).to.include({ chosen: 2 });
    await student.submit(`${attempt}/answers`, { q3: '0', r3: String(revision + 1), c3: '3' });
  });

  it('makes the points, and stands in the result', async () => {
    expect((await ask(student, 'POST', `${attempt}/finish`)).status).to.equal(303);
    const result = (await student.json('GET', attempt)).data as {
      attempt: { score: number; maximum: number };
      questions: { score: number | null; certainty: number | null }[];
      certainty: Level[];
    };
    // Right and sure 3, right and fairly sure 2, wrong and sure −6, an essay left out: not below 0.
    expect(result.questions.map(({ score }) => score)).to.deep.equal([3, 2, -6, 0]);
    expect(result.questions.map(({ certainty }) => certainty)).to.deep.equal([3, 2, 3, null]);
    expect(result.attempt).to.include({ score: 0, maximum: 10 });
    expect(result.certainty).to.deep.equal([
      { level: 1, count: 0, right: null },
      { level: 2, count: 1, right: 100 },
      { level: 3, count: 2, right: 50 },
    ]);
    const page = await student.get(attempt);
    expect(page.body).to.include('Уверенность').and.include('скорее уверен');
  });

  it('leaves the points of a person’s mark as they are', async () => {
    const path = `${attempt.replace('/attempts/', '/marking/')}/3`;
    const given = await teacher.json('POST', path, { points: '2', comment: 'Спорно', version: '1' });
    expect(given.status, JSON.stringify(given.data)).to.equal(303);
    const result = (await student.json('GET', attempt)).data as {
      attempt: { score: number };
      questions: { score: number | null }[];
    };
    expect(result.questions.map(({ score }) => score)).to.deep.equal([3, 2, 2, 0]);
    expect(result.attempt.score).to.equal(7);
  });

  it('stands in the statistics; facility is that of the answers alone', async () => {
    const data = (await teacher.json('GET', `tests/${test}/statistics`)).data as {
      certainty: Level[];
      questions: { facility: number }[];
    };
    expect(data.certainty.map(({ count, right }) => [count, right])).to.deep.equal([
      [0, null],
      [1, 100],
      [1, 100],
    ]);
    expect(data.questions[1]?.facility).to.equal(100);
    expect((await teacher.get(`tests/${test}/statistics`)).body).to.include('Уверенность');
  });

  it('counts in an attempt as the test was when it started', async () => {
    const plain = await makeTest(teacher, {}, [TSAR]);
    const begun = await begin(student, plain);
    const form = await teacher.json('GET', `tests/${plain}/settings`);
    const { edition } = (form.data as { test: { edition: number } }).test;
    const saved = await ask(teacher, 'POST', `tests/${plain}/settings`, {
      title: 'Контрольная',
      certainty: 'on',
      edition,
    });
    expect(saved.status, JSON.stringify(saved.data)).to.equal(303);
    expect((await student.get(begun)).body).to.not.include('Насколько вы уверены');
    expect((await answer(student, begun, 1, 'Пётр')).status).to.equal(200);
    await ask(student, 'POST', `${begun}/finish`);
    expect((await ask(student, 'GET', begun)).data.attempt.score).to.equal(1);
  });

  it('is tried in the preview, where nothing is stored', async () => {
    const page = await teacher.get(`tests/${test}/preview`);
    const seed = /name="seed" value="(\d+)"/.exec(page.body)?.[1] ?? '';
    const tried = await teacher.json('POST', `tests/${test}/preview`, { seed, q1: 'Пётр', c1: '2' });
    expect((tried.data as { questions: { score: number }[] }).questions[0]?.score).to.equal(2);
  });

  it('is a setting of the test: the page of a test says that files of questions do not hold it', async () => {
    expect((await teacher.get(`tests/${test}`)).body).to.include('вопрос об уверенности, остаются здесь');
    const plain = await ask(teacher, 'POST', 'tests', { title: 'Без уверенности' });
    const page = await teacher.get(`tests/${idIn(plain, 'tests')}`);
    expect(page.body).to.not.include('вопрос об уверенности');
  });
});
