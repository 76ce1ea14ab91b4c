import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ask, begin, CAPITAL, makeTest, TSAR } from './fixtures.js';

/** What a test must bear of its questions. */
describe('questions that cannot be', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  for (const mark of ['-1', '0', '1001', '1e9', '2⁵', '∞', 'много', '0x10', '١٢']) {
    it(`points of ${mark} are refused beside their field`, async () => {
      const test = await makeTest(teacher, { state: 'draft' }, []);
      const refused = await ask(teacher, 'POST', `tests/${test}/questions`, { ...CAPITAL, mark });
      expect(refused.status).to.equal(400);
      expect(Object.keys(refused.data.fields)).to.deep.equal(['mark']);
      const bank = await ask(teacher, 'POST', 'tests/bank/questions', { ...CAPITAL, mark });
      expect(bank.status).to.equal(400);
    });
  }

  it('a draw from an empty category is refused, and one that has become too small does not begin', async () => {
    const test = await makeTest(teacher, { state: 'draft' }, [CAPITAL]);
    const draw = { category: 'Пусто', tag: '', count: 1, mark: 1 };
    const refused = await ask(teacher, 'POST', `tests/${test}/draws`, draw);
    expect(refused.status).to.equal(400);
    expect(refused.data.fields).to.have.property('count');
    await ask(teacher, 'POST', 'tests/bank/questions', { ...TSAR, category: 'Пусто' });
    expect((await ask(teacher, 'POST', `tests/${test}/draws`, draw)).status).to.equal(303);
    await ask(teacher, 'POST', `tests/${test}/publish`);
    const listed = await teacher.json('GET', 'tests/bank?category=Пусто');
    const { questions } = listed.data as { questions: { key: string }[] };
    await ask(teacher, 'POST', 'tests/bank', { key: questions[0]?.key, action: 'remove' });
    const begun = await ask(student, 'POST', `tests/${test}/attempts`);
    expect(begun.status).to.equal(409);
    expect(begun.data.code).to.equal('draw-too-few');
  });

  it('a question taken out while it is answered stays answered, and is marked', async () => {
    const test = await makeTest(teacher, {}, [CAPITAL, TSAR]);
    const attempt = await begin(student, test);
    const { key } = (await ask(teacher, 'GET', `tests/${test}`)).data.questions[1]!;
    await ask(teacher, 'POST', `tests/${test}/questions/${key}/remove`);
    await ask(teacher, 'POST', 'tests/bank', { key, action: 'remove' });
    const saved = await ask(student, 'PUT', `${attempt}/answers/2`, {
      response: ['Пётр'],
      revision: 0,
      save: 'save-taken-out',
    });
    expect(saved.status).to.equal(200);
    expect((await ask(student, 'POST', `${attempt}/finish`)).status).to.equal(303);
    const { data } = await ask(student, 'GET', attempt);
    expect(data.questions.map(({ text, score }) => [text, score])).to.deep.equal([
      [CAPITAL.text, 0],
      [TSAR.text, 1],
    ]);
  });

  it('an upload that is too large says so beside its field, and the form keeps what was typed', async () => {
    const test = await makeTest(teacher, { state: 'draft' }, []);
    const refused = await teacher.upload(
      `tests/${test}/questions`,
      [{ field: 'file', name: 'a.png', content: Buffer.alloc(21 * 1024 * 1024) }],
      { fields: { type: 'short', text: 'Долго писали', accepted: 'да', mark: '1' } },
    );
    expect(refused.status).to.equal(413);
    expect(refused.body).to.contain('Долго писали').and.contain('20');
  });
});
