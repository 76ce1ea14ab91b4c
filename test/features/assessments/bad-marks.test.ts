import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  answer,
  ask,
  begin,
  CAPITAL,
  carryOut,
  makeTest,
  paperOf,
  planned,
  type Answered,
} from './fixtures.js';

const ESSAY = { type: 'essay', text: 'О чём «Медный всадник»?', mark: '5' };
const QUIZ = { type: 'truefalse', text: 'Дважды два четыре?', right: 'true', mark: '1' };
const MEGABYTE = 'я'.repeat(512 * 1024);

describe('marks under bad input', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let other: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    other = await testApp.launch({ person: '13', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  const idOf = (attempt: string): string => attempt.split('/').at(-1) ?? '';
  const finish = async (attempt: string): Promise<void> => {
    expect((await ask(student, 'POST', `${attempt}/finish`)).status).to.equal(303);
  };
  /** An attempt that is handed in with its essays. */
  const written = async (test: string, essays = 1): Promise<string> => {
    const attempt = await begin(student, test);
    for (let n = 1; n <= essays; n += 1) await answer(student, attempt, n, `О наводнении, ${n}`);
    await finish(attempt);
    return attempt;
  };
  const mark = (as: Visitor, test: string, attempt: string, number: number, fields: object) =>
    ask(as, 'POST', `tests/${test}/marking/${idOf(attempt)}/${number}`, {
      comment: '',
      version: '1',
      ...fields,
    });
  const keyOf = async (test: string, place: number): Promise<string> =>
    (await ask(teacher, 'GET', `tests/${test}`)).data.questions[place]?.key ?? '';
  const treat = async (test: string, place: number, treatment: string): Promise<void> => {
    const path = `tests/${test}/questions/${await keyOf(test, place)}/treatment`;
    expect((await ask(teacher, 'POST', path, { treatment })).status).to.equal(303);
  };
  const plan = (test: string) => planned(testApp, teacher, test);
  const regrade = (test: string): Promise<void> => carryOut(testApp, teacher, test);
  const statuses = (replies: readonly Answered[]): number[] => replies.map(({ status }) => status).sort();

  it('keep the comment when there are more points than the question has', async () => {
    const test = await makeTest(teacher, {}, [ESSAY]);
    const attempt = await written(test);
    const page = await teacher.submit(`tests/${test}/marking/${idOf(attempt)}/1`, {
      ...{ points: '6', comment: 'Очень хорошо', version: '1' },
    });
    expect(page.status).to.equal(400);
    expect(page.body)
      .to.include('Очень хорошо')
      .and.include('value="6"')
      .and.match(/aria-invalid="true"/);
  });

  it('take one of two marks that are given at the same moment, and tell the other teacher of it', async () => {
    const test = await makeTest(teacher, {}, [ESSAY, ESSAY]);
    const attempt = await written(test, 2);
    const same = await Promise.all([
      mark(teacher, test, attempt, 1, { points: '4' }),
      mark(other, test, attempt, 1, { points: '1' }),
    ]);
    expect(statuses(same)).to.deep.equal([303, 409]);
    expect(same.find(({ status }) => status === 409)?.data.code).to.equal('mark-changed');
    const score = (await paperOf(student, attempt)).attempt.score ?? 0;
    expect(score).to.equal(same[0].status === 303 ? 4 : 1);
  });

  it('lose none of two that are given at once to different questions of an attempt', async () => {
    const test = await makeTest(teacher, {}, [ESSAY, ESSAY]);
    const attempt = await written(test, 2);
    const both = await Promise.all([
      mark(teacher, test, attempt, 1, { points: '3' }),
      mark(other, test, attempt, 2, { points: '2' }),
    ]);
    expect(statuses(both)).to.deep.equal([303, 303]);
    expect((await paperOf(student, attempt)).attempt).to.include({ state: 'marked', score: 5 });
  });

  it('leave attempts under way alone in a regrade, which says how many there are', async () => {
    const test = await makeTest(teacher, { shuffleAnswers: '', attemptsAllowed: '3' }, [CAPITAL, QUIZ]);
    const open = await begin(student, test);
    const option = (await paperOf(student, open)).questions[0]?.options?.find(({ text }) => text === 'Омск');
    await answer(student, open, 1, option?.value ?? '');
    expect((await plan(test)).underWay).to.equal(1);
    expect((await teacher.get(`tests/${test}/regrade`)).body).to.include('Сейчас идёт 1 попытка');
    await treat(test, 1, 'dropped');
    await regrade(test);
    const corrected = { ...CAPITAL, option: ['Омск', 'Минск', 'Москва'], right: '0', version: '1' };
    await ask(teacher, 'POST', `tests/${test}/questions/${await keyOf(test, 0)}`, corrected);
    await finish(open);
    // The dropped question is out of the count at once; the corrected key needs a regrade more.
    expect((await paperOf(student, open)).attempt).to.include({ score: 0, maximum: 2 });
    await regrade(test);
    expect((await paperOf(student, open)).attempt).to.include({ score: 2, maximum: 2 });
    const next = await begin(student, test);
    expect((await paperOf(student, next)).questions, 'new attempts are not asked it').to.have.length(1);
  });

  it('say whose pass mark a dropped question decides, before anything is written', async () => {
    const test = await makeTest(teacher, { passPercent: '60' }, [QUIZ, { ...QUIZ, text: 'Пять?' }]);
    const attempt = await begin(student, test);
    await answer(student, attempt, 1, 'true');
    await answer(student, attempt, 2, 'false');
    await finish(attempt);
    expect((await student.get(`tests/${test}`)).body).to.include('Не сдан');
    await treat(test, 1, 'dropped');
    expect((await plan(test)).changes.map(({ passes }) => passes)).to.deep.equal([true]);
    expect((await teacher.get(`tests/${test}/regrade`)).body).to.match(/badge good">\s*Сдан/);
    expect((await student.get(`tests/${test}`)).body, 'not yet').to.include('Не сдан');
    await regrade(test);
    expect((await student.get(`tests/${test}`)).body)
      .to.include('Сдан')
      .and.not.include('Не сдан');
  });

  it('come back with their comment when a question that was dropped counts again', async () => {
    const test = await makeTest(teacher, {}, [ESSAY, QUIZ]);
    const attempt = await written(test);
    expect((await mark(teacher, test, attempt, 1, { points: '4', comment: 'Ясно' })).status).to.equal(303);
    for (const [treatment, score] of [
      ['dropped', 0],
      ['full', 5],
      ['', 4],
    ] as const) {
      await treat(test, 0, treatment);
      await regrade(test);
      expect((await paperOf(student, attempt)).attempt.score, treatment).to.equal(score);
    }
    expect((await student.get(attempt)).body).to.include('Ясно');
  });

  it('are asked for again when an essay that nobody has marked counts again', async () => {
    const test = await makeTest(teacher, {}, [ESSAY, QUIZ]);
    await written(test);
    await treat(test, 0, 'dropped');
    await regrade(test);
    expect((await teacher.get(`tests/${test}/marking`)).body).to.include('Все ответы проверены');
    await treat(test, 0, '');
    await regrade(test);
    expect((await teacher.get(`tests/${test}/marking`)).body).to.include('Проверить: 1');
  });

  it('make figures of one attempt where there can be some, and say of the others that there are none yet', async () => {
    const test = await makeTest(teacher, {}, [QUIZ]);
    const empty = (await teacher.get(`tests/${test}/statistics`)).body;
    expect(empty).to.include('Завершённых попыток пока нет');
    const attempt = await begin(student, test);
    await answer(student, attempt, 1, 'true');
    await finish(attempt);
    const { body } = await teacher.get(`tests/${test}/statistics`);
    expect(body).to.include('По первой попытке 1 обучающегося').and.include('пока не вычислить');
    expect(body).to.not.match(/NaN|Infinity|undefined|По пятым частям/);
  });

  it('refuse a megabyte of text in words, wherever it is typed', async () => {
    const test = await makeTest(teacher, {}, [ESSAY]);
    const attempt = await written(test);
    for (const [path, field] of [
      [`marking/${idOf(attempt)}/1`, 'comment'],
      [`rubrics/${await keyOf(test, 0)}`, 'rubric'],
      ['regrade', 'why'],
    ] as const) {
      const at = `tests/${test}/${path}`;
      const huge = await teacher.submit(at, { points: '1', version: '0', [field]: MEGABYTE });
      expect(huge.status, path).to.equal(413);
      expect(huge.body, path).to.include('<h1').and.not.include(MEGABYTE.slice(0, 100));
      const long = await ask(teacher, 'POST', at, {
        ...{ points: '1', version: '1', [field]: 'я'.repeat(20_000) },
      });
      expect([long.status, Object.keys(long.data.fields)], path).to.deep.equal([400, [field]]);
    }
    expect((await paperOf(student, attempt)).attempt.state).to.equal('submitted');
  });

  it('are given in an order by chance that is the same for every teacher', async () => {
    const test = await makeTest(teacher, { attemptsAllowed: '6' }, [ESSAY]);
    for (let n = 0; n < 6; n += 1) await written(test);
    const key = await keyOf(test, 0);
    const works = async (as: Visitor) =>
      (
        (await ask(as, 'GET', `tests/${test}/marking`)).data as unknown as {
          works: { attemptId: string }[];
        }
      ).works.map(({ attemptId }) => attemptId);
    const next = async (as: Visitor): Promise<string | null> =>
      (await ask(as, 'GET', `tests/${test}/marking/question/${key}`)).headers.get('location');
    expect(await works(teacher)).to.deep.equal(await works(other));
    expect(await next(teacher)).to.equal(await next(other));
    expect(await next(teacher)).to.equal(await next(teacher));
  });

  it('are not spoken of while an attempt is under way', async () => {
    const test = await makeTest(teacher, {}, [QUIZ]);
    await begin(student, test);
    const { students } = (await ask(teacher, 'GET', `tests/${test}/results`)).data;
    const personId = students.find(({ attempts }) => attempts.length > 0)?.personId ?? '';
    const { body } = await teacher.get(`tests/${test}/people/${personId}`);
    expect(body).to.include('Начат').and.not.include('Завершена');
  });
});
