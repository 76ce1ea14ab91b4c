import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { makeTest, take, TSAR } from './fixtures.js';

interface Results {
  readonly finished: number;
  readonly students: readonly { readonly name: string; readonly attempts: readonly object[] }[];
}

describe('the list of a test’s results', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let test: string;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    const other = await testApp.launch({ person: '103', course: '2' });
    await testApp.launch({ person: '129', course: '2' });
    test = await makeTest(teacher, { title: 'Реформы: Пётр I' });
    await take(student, test);
    await take(other, test, { [TSAR.text]: ['Иван'] });
  });
  after(() => testApp.close());

  const results = async (query = ''): Promise<Results> =>
    (await teacher.json('GET', `tests/${test}/results${query}`)).data as Results;
  const names = async (query: string): Promise<string[]> =>
    (await results(query)).students.map(({ name }) => name);

  it('is ordered by score, those without one last in both directions', async () => {
    const best = await names('?sort=-score');
    const worst = await names('?sort=score');
    expect(best[0]).to.match(/^Абрамов/);
    expect(worst[1]).to.equal(best[0]);
    expect(worst.at(-1)).to.equal(best.at(-1));
  });

  it('is narrowed to those who have not started, and its figures stay those of the course', async () => {
    const all = await results();
    const waiting = await results('?state=notStarted');
    expect(waiting.students).to.have.length(all.students.length - 2);
    expect(waiting.students.every(({ attempts }) => attempts.length === 0)).to.equal(true);
    expect(waiting.finished).to.equal(2);
  });

  it('marks the heading of its order and offers the other direction', async () => {
    const { body } = await teacher.get(`tests/${test}/results?sort=-score&state=finished`);
    expect(body).to.match(/aria-sort="descending"[^>]*>\s*<a href="[^"]*state=finished&amp;sort=score"/);
  });

  for (const [query, field] of [
    ['state=asleep', 'state'],
    ['sort=password', 'sort'],
    ['page=0', 'page'],
  ] as const) {
    it(`returns 400 naming ${field} for ${query}`, async () => {
      const answer = await teacher.json('GET', `tests/${test}/results?${query}`);
      expect(answer.status).to.equal(400);
      expect(Object.keys((answer.data as { fields: object }).fields)).to.deep.equal([field]);
    });
  }

  it('is saved as CSV with the filter and the columns that are asked for', async () => {
    const { status, headers, body } = await teacher.get(
      `tests/${test}/results/export?format=csv&state=finished&sort=-score&columns=name,score,maximum`,
    );
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal('text/csv; charset=utf-8');
    expect(decodeURIComponent(headers.get('content-disposition') ?? '')).to.match(
      /^attachment; .*Результаты Реформы Пётр I \d{4}-\d\d-\d\d\.csv$/,
    );
    const [heading = '', best = '', ...rest] = body.replace('\uFEFF', '').split('\r\n');
    expect(heading).to.equal('Обучающийся;Баллы;Максимум');
    expect(best).to.match(/^Абрамов [^;]+;8;10$/);
    expect(rest).to.have.length(2);
  });

  it('leads from a question to everybody’s answers to it, by name', async () => {
    const { questions } = (await teacher.json('GET', `tests/${test}/statistics`)).data as {
      questions: { key: string; text: string }[];
    };
    const tsar = questions.find(({ text }) => text === TSAR.text)!.key;
    expect((await teacher.get(`tests/${test}/statistics`)).body).to.include(`results/questions/${tsar}`);
    const path = `tests/${test}/results/questions/${tsar}`;
    const { answers } = (await teacher.json('GET', path)).data as {
      answers: { name: string; words: string[]; points: number }[];
    };
    expect(answers.map(({ words }) => words))
      .to.deep.include(['Иван'])
      .and.have.length(2);
    expect(answers.find(({ words }) => words[0] === 'Иван')?.points).to.equal(0);
    const narrowed = (await teacher.get(`${path}?q=абрам`)).body;
    expect(narrowed).to.include('Абрамов').and.not.include('Иван<');
    expect((await student.get(path)).status).to.equal(403);
    expect((await teacher.json('GET', `tests/${test}/results/questions/aaaaaaaaaaaa`)).status).to.equal(404);
  });

  it('is given to nobody who only studies', async () => {
    expect((await student.get(`tests/${test}/results/export?format=csv`)).status).to.equal(403);
  });
});
