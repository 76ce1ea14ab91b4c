import { expect } from 'chai';
import { HOUR } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { answer, ask, begin, CAPITAL, makeTest, paperOf, TSAR, valuesOf } from './fixtures.js';

const ESSAY = { type: 'essay', text: 'Опишите опыт', mark: '5' };
const FILE = { type: 'file', text: 'Приложите работу', mark: '3', mostFiles: '3' };

describe('answers that cannot be taken', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let test: string;
  let attempt: string;
  let essay: number;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  beforeEach(async () => {
    test = await makeTest(teacher, { attemptsAllowed: '' }, [ESSAY, CAPITAL, FILE]);
    attempt = await begin(student, test);
    essay = valuesOf(await paperOf(student, attempt), ESSAY.text, []).n;
    expect((await answer(student, attempt, essay, 'Первая часть')).status).to.equal(200);
  });

  const storedEssay = async () => (await paperOf(student, attempt)).questions[essay - 1]?.given;

  it('a text of a megabyte is refused, by script and by form, and what was saved stays', async () => {
    const long = 'я'.repeat(500_000);
    expect((await answer(student, attempt, essay, long, 1)).status).to.equal(413);
    const form = await student.submit(`${attempt}/answers`, { [`q${essay}`]: long, [`r${essay}`]: '1' });
    expect(form.status).to.equal(413);
    const tooLong = await answer(student, attempt, essay, 'a'.repeat(200_000), 1);
    expect(tooLong.status).to.equal(400);
    expect(tooLong.data.code).to.equal('bad-input');
    expect(await storedEssay()).to.equal('Первая часть');
    expect((await answer(student, attempt, essay, 'Вторая часть', 1)).status).to.equal(200);
  });

  it('answers of an attempt that is finished do not reach the next one', async () => {
    await ask(student, 'POST', `${attempt}/finish`);
    const next = await begin(student, test);
    const late = await answer(student, attempt, essay, 'Поздно', 1);
    expect(late.data.code).to.equal('attempt-finished');
    expect((await paperOf(student, next)).questions.every(({ revision }) => revision === 0)).to.equal(true);
    expect((await ask(student, 'GET', attempt)).data.questions[essay - 1]?.given).to.equal('Первая часть');
  });

  it('options that do not exist name the field in a form, and the other answers of it are saved', async () => {
    const capital = valuesOf(await paperOf(student, attempt), CAPITAL.text, []).n;
    const refused = await student.submit(`${attempt}/finish`, {
      [`q${capital}`]: '17',
      [`r${capital}`]: '0',
      [`q${essay}`]: 'Вторая часть',
      [`r${essay}`]: '1',
    });
    expect(refused.status).to.equal(400);
    expect(refused.body).to.include('Вторая часть');
    expect((await paperOf(student, attempt)).attempt.state).to.equal('inProgress');
    expect(await storedEssay()).to.equal('Вторая часть');
  });

  it('a file of a wrong type names the field, and the files before it stay', async () => {
    const file = valuesOf(await paperOf(student, attempt), FILE.text, []).n;
    const folder = `${attempt}/files/${file}`;
    await student.upload(folder, [{ field: 'file', name: 'работа.txt', content: 'Моя работа' }]);
    const refused = await student.upload(folder, [
      { field: 'file', name: 'работа.pdf', content: 'MZ\u0090\u0000\u0003 не PDF' },
    ]);
    expect(refused.status).to.equal(400);
    expect(refused.body).to.include('class="error"').and.include('работа.txt').and.not.include('работа.pdf');
  });

  it('a form sent twice at once is one answer and one finish', async () => {
    const fields = { [`q${essay}`]: 'Дважды', [`r${essay}`]: '1' };
    const replies = await Promise.all([
      student.submit(`${attempt}/finish`, fields),
      student.submit(`${attempt}/finish`, fields),
    ]);
    for (const { status, url } of replies) {
      expect(status).to.equal(200);
      expect(url).to.match(/done=assessments\.(finished|already)/);
    }
    const { data } = await ask(student, 'GET', `tests/${test}`);
    expect(data.attempts).to.have.length(1);
    expect((await ask(student, 'GET', attempt)).data.questions[essay - 1]?.given).to.equal('Дважды');
  });
});

describe('an hour without a connection', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  const afterAnHour = async (settings: Record<string, string>) => {
    const attempt = await begin(student, await makeTest(teacher, settings, [TSAR]));
    expect((await answer(student, attempt, 1, 'Иван')).status).to.equal(200);
    testApp.clock.advance(HOUR);
    const saved = await answer(student, attempt, 1, 'Пётр', 1);
    const finished = await ask(student, 'POST', `${attempt}/finish`);
    const { data } = await ask(student, 'GET', attempt);
    return { saved, finished, attempt: data.attempt };
  };

  it('ends with everything saved and finished where the test leaves the time', async () => {
    const { saved, finished, attempt } = await afterAnHour({ timeLimitMinutes: '90' });
    expect(saved.status).to.equal(200);
    expect(finished.status).to.equal(303);
    expect(attempt).to.include({ score: 1, finishedBy: 'student' });
  });

  it('keeps what had arrived where the time was over, and says so', async () => {
    const { saved, finished, attempt } = await afterAnHour({ timeLimitMinutes: '30' });
    expect(saved.data.code).to.equal('attempt-over');
    expect(finished.data.code).to.equal('attempt-over');
    expect(attempt).to.include({ score: 0, finishedBy: 'time' });
  });
});
