import { expect } from 'chai';
import { commentsOf } from '../../../src/features/assessments/marking/comments.js';
import {
  parseRubric,
  rubricMark,
  rubricMaximum,
  rubricPoints,
  rubricText,
} from '../../../src/features/assessments/marking/rubric.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { answer, ask, begin, makeTest, paperOf } from './fixtures.js';

const RUBRIC = `Понимание темы
3 раскрыта полностью
1 раскрыта частично
0 не раскрыта

Грамотность
2 без ошибок
0,5 есть ошибки`;
const ESSAY = { type: 'essay', text: 'О чём «Медный всадник»?', mark: '10' };

describe('a rubric', () => {
  const read = (text: string) => {
    const parsed = parseRubric(text);
    if ('fault' in parsed) throw new Error(JSON.stringify(parsed.fault));
    return { version: 1, criteria: parsed.criteria };
  };

  it('is read from the text that people type, and written back the same', () => {
    const rubric = read(RUBRIC);
    expect(
      rubric.criteria.map(({ title, levels }) => [title, levels.map(({ points }) => points)]),
    ).to.deep.equal([
      ['Понимание темы', [3, 1, 0]],
      ['Грамотность', [2, 0.5]],
    ]);
    expect(rubricText(rubric)).to.equal(RUBRIC);
  });

  for (const [text, fault] of [
    ['3 раскрыта', { line: 1, problem: 'noTitle' }],
    ['Тема\nраскрыта', { line: 2, problem: 'noPoints' }],
    ['Тема\n3 раскрыта', { line: 1, problem: 'oneLevel' }],
    ['Тема\n0 да\n0 нет', { line: 1, problem: 'noMaximum' }],
    ['А\n1 да\n0 нет\n\nБ\n1 да', { line: 5, problem: 'oneLevel' }],
  ] as const) {
    it(`names line ${fault.line} of ${JSON.stringify(text)}: ${fault.problem}`, () => {
      expect(parseRubric(text)).to.deep.equal({ fault });
    });
  }

  it('gives the share of its best levels in points of the question', () => {
    const rubric = read(RUBRIC);
    // 1 of 3 and 2 of 2: 3 of 5 points, so 6 of 10.
    const mark = rubricMark(rubric, [1, 0]);
    expect(rubricMaximum(rubric)).to.equal(5);
    expect(mark && rubricPoints(mark, 10)).to.equal(6);
  });

  it('makes no points while a criterion has no level', () => {
    expect(rubricMark(read(RUBRIC), [0])).to.equal(null);
    expect(rubricMark(read(RUBRIC), [0, 7])).to.equal(null);
  });
});

describe('comments that can be given again', () => {
  it('are the most frequent first, and no long ones', () => {
    expect(commentsOf(['Хорошо', 'Где вывод?', 'Где вывод?', 'я'.repeat(400), ''])).to.deep.equal([
      'Где вывод?',
      'Хорошо',
    ]);
  });
});

describe('marking by a rubric', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let other: Visitor;
  let student: Visitor;
  let test: string;
  let key: string;
  let attempt: string;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    other = await testApp.launch({ person: '13', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    test = await makeTest(teacher, {}, [ESSAY]);
    key = (await ask(teacher, 'GET', `tests/${test}`)).data.questions[0]?.key ?? '';
    attempt = await begin(student, test);
    await answer(student, attempt, 1, 'О власти и человеке');
    await ask(student, 'POST', `${attempt}/finish`);
  });
  after(() => testApp.close());

  const save = (rubric: string, version: number, as = teacher) =>
    ask(as, 'POST', `tests/${test}/rubrics/${key}`, { rubric, version });
  const mark = (fields: object, as = teacher) =>
    ask(as, 'POST', `tests/${test}/marking/${attempt.split('/').at(-1)}/1`, { comment: '', ...fields });
  const marking = async (as = teacher): Promise<string> =>
    (await as.get(`tests/${test}/marking/${attempt.split('/').at(-1)}/1`)).body;

  it('is written by teachers, with the faulty line named and the text kept', async () => {
    expect((await save(RUBRIC, 0, student)).status).to.equal(403);
    const refused = await teacher.submit(`tests/${test}/rubrics/${key}`, {
      rubric: 'Тема\nда',
      version: '0',
    });
    expect([refused.status, refused.body.includes('Строка 2')]).to.deep.equal([400, true]);
    expect(refused.body).to.include('Тема\nда');
    expect((await save(RUBRIC, 0)).status).to.equal(303);
    const late = await save('Другое\n1 да\n0 нет', 0, other);
    expect([late.status, late.data.code]).to.deep.equal([409, 'rubric-changed']);
  });

  it('works the points out from the levels, and keeps them with the mark', async () => {
    expect((await mark({ version: 1, points: '', level0: '1' })).data.fields).to.have.keys('points');
    expect((await mark({ version: 1, points: '', level0: '1', level1: '0' })).status).to.equal(303);
    const { attempt: shown } = await paperOf(student, attempt);
    expect(shown).to.include({ state: 'marked', score: 6 });
    expect((await student.get(attempt)).body)
      .to.include('Понимание темы:')
      .and.include('раскрыта частично');
  });

  it('keeps marks that were given by a rubric that was changed since, and says so', async () => {
    expect((await save('Всё\n1 да\n0 нет', 1)).status).to.equal(303);
    expect((await paperOf(student, attempt)).attempt.score).to.equal(6);
    expect(await marking())
      .to.include('Критерии изменены после этой оценки')
      .and.include('раскрыта частично');
    expect((await student.get(attempt)).body).to.include('раскрыта частично');
  });

  it('takes a second opinion of another teacher, which changes no points, and shows the difference', async () => {
    const own = await mark({ version: 2, points: '9', second: '1' });
    expect([own.status, own.data.code]).to.deep.equal([409, 'second-own']);
    expect(await marking(other)).to.include('Сохранить как вторую оценку');
    expect((await mark({ version: 2, points: '9', comment: 'Щедрее', second: '1' }, other)).status).to.equal(
      303,
    );
    expect((await paperOf(student, attempt)).attempt.score).to.equal(6);
    expect(await marking())
      .to.match(/Разница<\/dt>\s*<dd><strong>3<\/strong>/)
      .and.include('Щедрее');
    expect((await student.get(attempt)).body).to.not.include('Щедрее');
  });

  it('offers comments that were given before', async () => {
    expect((await mark({ version: 3, points: '7', comment: 'Где вывод?' })).status).to.equal(303);
    expect(await marking()).to.include('<option>Где вывод?</option>');
  });
});
