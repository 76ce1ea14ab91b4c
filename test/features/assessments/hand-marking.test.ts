import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { answer, ask, begin, idIn, makeTest, paperOf, studentActor, type Answered } from './fixtures.js';

const ESSAY = { type: 'essay', text: 'О чём «Медный всадник»?', mark: '5', notes: 'О бунте и власти' };
const QUIZ = { type: 'truefalse', text: 'Дважды два четыре?', right: 'true', mark: '1' };

describe('marking by hand', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let other: Visitor;
  let students: Visitor[];

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    other = await testApp.launch({ person: '13', course: '2' });
    students = [
      await testApp.launch({ person: '101', course: '2' }),
      await testApp.launch({ person: '102', course: '2' }),
    ];
  });
  after(() => testApp.close());

  async function write(student: Visitor, test: string, text: string): Promise<string> {
    const attempt = await begin(student, test);
    expect((await answer(student, attempt, 1, text)).status).to.equal(200);
    expect((await answer(student, attempt, 2, 'true')).status).to.equal(200);
    expect((await ask(student, 'POST', `${attempt}/finish`)).status).to.equal(303);
    return attempt;
  }
  const student = (place: number): Visitor => students[place]!;
  const mark = (
    test: string,
    attempt: string,
    fields: object,
    by = 'question',
    as = teacher,
  ): Promise<Answered> =>
    ask(as, 'POST', `tests/${test}/marking/${attempt.split('/').at(-1)}/1?by=${by}`, {
      comment: '',
      version: '1',
      ...fields,
    });
  const grades = async (visitor: Visitor, attempt: string) => {
    await testApp.app.jobs.drain();
    return (await ask(visitor, 'GET', attempt)).data.deliveries.map(({ scoreGiven }) => scoreGiven);
  };

  it('waits for the essay, shows the points so far, and sends no grade', async () => {
    const test = await makeTest(teacher, {}, [ESSAY, QUIZ]);
    const attempt = await write(student(0), test, 'О наводнении');
    const { attempt: shown, questions } = await paperOf(student(0), attempt);
    expect(shown).to.include({ state: 'submitted', score: 1, maximum: 6 });
    expect(questions.map(({ answerResult, score }) => [answerResult, score])).to.deep.equal([
      ['waiting', null],
      ['right', 1],
    ]);
    expect(await grades(student(0), attempt)).to.deep.equal([]);
    expect((await student(0).get(attempt)).body)
      .to.include('Ждёт проверки 1 ответ')
      .and.not.include('О бунте');
  });

  it('makes a grade of the points so far where the test sends parts, and of all when it is marked', async () => {
    const test = await makeTest(teacher, { partialGrades: 'on' }, [ESSAY, QUIZ]);
    const attempt = await write(student(0), test, 'О наводнении');
    const { courseId } = await studentActor(testApp);
    const given = async () => (await testApp.app.features.assessments.gradesFor(courseId, test))[0];
    expect(await given()).to.include({ scoreGiven: 1, scoreMaximum: 6 });
    expect((await mark(test, attempt, { points: '4' })).status).to.equal(303);
    expect(await given()).to.include({ scoreGiven: 5, scoreMaximum: 6 });
  });

  it('goes from response to response by a mark and Enter, without names, and sends the grade', async () => {
    const test = await makeTest(teacher, {}, [ESSAY, QUIZ]);
    const first = await write(student(0), test, 'О наводнении');
    const second = await write(student(1), test, 'О Петре');
    const queue = await teacher.get(`tests/${test}/marking`);
    expect(queue.body).to.include('Проверить: 2').and.not.include('Абрамов');
    const key = /marking\/question\/([a-z2-9]{12})/.exec(queue.body)?.[1] ?? '';

    const texts = new Map([
      [first, 'О наводнении'],
      [second, 'О Петре'],
    ]);
    let next =
      (await ask(teacher, 'GET', `tests/${test}/marking/question/${key}`)).headers.get('location') ?? '';
    for (const points of ['5', '2,5']) {
      const attempt = [first, second].find((path) =>
        next.includes(idIn({ headers: new Headers({ location: `/${path}` }) }, 'attempts')),
      );
      const page = await teacher.get(next.replace(/^\/c\/[a-z0-9]+\//, ''));
      expect(page.body)
        .to.include(texts.get(attempt ?? ''))
        .and.include('О бунте')
        .and.include('autofocus');
      expect(page.body).not.to.include('Абрамов');
      const given = await mark(test, attempt ?? '', { points, comment: 'Хорошо' });
      expect(given.status, JSON.stringify(given.data)).to.equal(303);
      next = given.headers.get('location') ?? '';
    }
    expect(next).to.match(/\/marking\?done=assessments\.marked$/);
    const papers = [await paperOf(student(0), first), await paperOf(student(1), second)];
    expect(papers.map(({ attempt }) => attempt.state)).to.deep.equal(['marked', 'marked']);
    expect(papers.map(({ attempt }) => attempt.score).sort()).to.deep.equal([3.5, 6]);
    expect((await student(0).get(first)).body).to.include('Хорошо');
  });

  it('lets a pending essay erase no grade that stands', async () => {
    const test = await makeTest(teacher, { attemptsAllowed: '2', grading: 'last' }, [ESSAY, QUIZ]);
    const first = await write(student(0), test, 'Раз');
    expect((await mark(test, first, { points: '4' })).status).to.equal(303);
    const before = await grades(student(0), first);
    const second = await write(student(0), test, 'Два');
    expect(await grades(student(0), second)).to.deep.equal(before);
    expect((await ask(student(0), 'GET', second)).data.grade).to.include({ scoreGiven: 5 });
    expect((await mark(test, second, { points: '1' })).status).to.equal(303);
    expect((await ask(student(0), 'GET', second)).data.grade).to.include({ scoreGiven: 2 });
  });

  it('refuses more points than the question has, and names the field', async () => {
    const test = await makeTest(teacher, {}, [ESSAY, QUIZ]);
    const attempt = await write(student(0), test, 'Текст');
    for (const points of ['5,5', '-1', 'пять', '5²', '']) {
      const refused = await mark(test, attempt, { points });
      expect(refused.status, points).to.equal(400);
      expect(refused.data.fields).to.have.keys('points');
    }
    expect((await paperOf(student(0), attempt)).attempt.state).to.equal('submitted');
  });

  it('tells the later of two teachers of the mark that stands', async () => {
    const test = await makeTest(teacher, {}, [ESSAY, QUIZ]);
    const attempt = await write(student(0), test, 'Текст');
    expect((await mark(test, attempt, { points: '4' })).status).to.equal(303);
    const late = await mark(test, attempt, { points: '1' }, 'question', other);
    expect([late.status, late.data.code]).to.deep.equal([409, 'mark-changed']);
    const again = await other.submit(`tests/${test}/marking/${attempt.split('/').at(-1)}/1`, {
      points: '1',
      comment: '',
      version: '1',
    });
    expect(again.body).to.include('уже оценён: 4').and.include('name="version" value="2"');
    expect((await paperOf(student(0), attempt)).attempt.score).to.equal(5);
  });

  it('is for those who teach', async () => {
    const test = await makeTest(teacher, {}, [ESSAY, QUIZ]);
    const attempt = await write(student(0), test, 'Текст');
    expect((await mark(test, attempt, { points: '5' }, 'question', student(0))).status).to.equal(403);
    for (const path of ['marking', 'statistics', 'regrade']) {
      expect((await ask(student(0), 'GET', `tests/${test}/${path}`)).status, path).to.equal(403);
    }
  });
});
