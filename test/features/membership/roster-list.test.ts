import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';

interface People {
  readonly participants: readonly { readonly name: string; readonly role: string }[];
}

describe('the list of participants', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    await testApp.launch({ person: '103', course: '2' });
  });
  after(() => testApp.close());

  const people = async (query = ''): Promise<People['participants']> =>
    ((await teacher.json('GET', `people${query}`)).data as People).participants;

  it('is narrowed to a role and ordered by name', async () => {
    const students = await people('?role=student&sort=-name');
    expect(students.every(({ role }) => role === 'student')).to.equal(true);
    const names = students.map(({ name }) => name);
    expect(names).to.deep.equal([...names].sort(new Intl.Collator('ru').compare).reverse());
    expect(names).to.have.length.greaterThan(1);
  });

  it('is saved as JSON with the same people as the page', async () => {
    const { body } = await teacher.get('people/export?format=json&role=student');
    const { rows } = JSON.parse(body) as { rows: { name: string; role: string }[] };
    expect(rows.map(({ name }) => name)).to.deep.equal(
      (await people('?role=student')).map(({ name }) => name || 'Без имени'),
    );
    expect(new Set(rows.map(({ role }) => role))).to.deep.equal(new Set(['Обучающийся']));
  });

  it('returns 400 naming columns for a column that is none', async () => {
    const answer = await teacher.json('GET', 'people/export?format=csv&columns=email');
    expect(answer.status).to.equal(400);
    expect((answer.data as { fields: object }).fields).to.have.all.keys('columns');
  });

  it('is given to nobody who only studies', async () => {
    expect((await student.get('people/export?format=csv')).status).to.equal(403);
  });
});
