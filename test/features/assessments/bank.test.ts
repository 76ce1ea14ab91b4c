import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { launchAs, makeAssociation, slugIn, versionOf } from '../directory/support.js';
import { ask, begin, CAPITAL, makeTest, PI, PRIMES, TSAR } from './fixtures.js';

interface BankQuestion {
  readonly key: string;
  readonly ref: string;
  readonly text: string;
  readonly version: number;
  readonly category: string;
  readonly tags: readonly string[];
  readonly tests: readonly { readonly id: string; readonly title: string }[];
  readonly shared: { readonly kind: string } | null;
}
interface BankData {
  readonly questions: readonly BankQuestion[];
  readonly groups: readonly (readonly BankQuestion[])[];
  readonly question: BankQuestion;
  readonly versions: readonly { readonly version: number; readonly text: string; readonly by: string }[];
  readonly drawnBy: readonly { readonly title: string }[];
  readonly circles: readonly { readonly value: string; readonly name: string }[];
  readonly fields: Readonly<Record<string, string>>;
}

/** The question bank of a course, apart from its tests. */
describe('question bank', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let outsider: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    outsider = await testApp.launch({ person: '15', course: '3' });
  });
  after(() => testApp.close());

  const bank = async (path = '', of = teacher): Promise<BankData> => {
    const reply = await of.json('GET', `tests/bank${path}`);
    expect(reply.status, path).to.equal(200);
    return reply.data as BankData;
  };
  const texts = (data: BankData): string[] => data.questions.map(({ text }) => text);
  const found = async (text: string, of = teacher): Promise<BankQuestion> => {
    const question = (await bank('', of)).questions.find((question) => question.text === text);
    if (question === undefined) throw new Error(`the bank has no ${text}`);
    return question;
  };
  async function add(question: object, of = teacher): Promise<void> {
    expect((await ask(of, 'POST', 'tests/bank/questions', question)).status).to.equal(303);
  }
  const change = (fields: object, of = teacher) => ask(of, 'POST', 'tests/bank', fields);

  it('takes questions without a test, and finds them by words, category, tag and type', async () => {
    expect((await teacher.get('tests/bank')).body).to.include('Вопросов пока нет');
    await add({ ...CAPITAL, category: 'География / Города', tags: 'лёгкие, Россия' });
    await add({ ...PRIMES, category: 'Числа' });
    await add({ ...TSAR, category: 'География', tags: 'Россия' });
    expect(texts(await bank())).to.deep.equal([TSAR.text, PRIMES.text, CAPITAL.text]);
    const by = async (fields: Record<string, string>): Promise<string[]> =>
      texts(await bank(`?${new URLSearchParams(fields).toString()}`));
    expect(await by({ q: 'столица' })).to.deep.equal([CAPITAL.text]);
    expect(await by({ q: 'омск' }), 'in its answers').to.deep.equal([CAPITAL.text]);
    expect(await by({ category: 'География' }), 'with those below').to.have.members([
      TSAR.text,
      CAPITAL.text,
    ]);
    expect(await by({ tag: 'Россия' })).to.have.members([TSAR.text, CAPITAL.text]);
    expect(await by({ type: 'multiple' })).to.deep.equal([PRIMES.text]);
    expect(await by({ q: 'нет такого' })).to.deep.equal([]);
    const page = await teacher.get('tests/bank?q=столица');
    expect(page.body).to.include('1 вопрос').and.include('не стоит ни в одном тесте');
  });

  it('finds words through the markup of HTML, and duplicates as well', async () => {
    const text = 'Ударение в слове коза';
    await add({ ...CAPITAL, text, format: 'plain' });
    await add({ ...CAPITAL, text: '<p>Ударение в <b>слове</b> коз<u>а</u></p>', format: 'html' });
    expect((await bank('?q=слове коза')).questions).to.have.length(2);
    const groups = (await bank('/duplicates')).groups.map((group) => group.map((question) => question.text));
    expect(groups.filter((group) => group.includes(text)).map(({ length }) => length)).to.deep.equal([2]);
    const keys = (await bank('?q=слове коза')).questions.map(({ key }) => key);
    await change({ key: keys, action: 'remove' });
  });

  it('finds a question by its name, which an edit keeps as a version and students never see', async () => {
    const name = 'Контрольная 4, задача 12';
    const text = 'Сколько рёбер у куба?';
    await add({ ...CAPITAL, text, name });
    const { key, version } = await found(text);
    expect(texts(await bank('?q=задача 12'))).to.deep.equal([text]);
    expect((await teacher.get('tests/bank?q=куба')).body).to.include(name);
    expect((await teacher.get(`tests/bank/questions/${key}`)).body).to.include(name);
    const form = await bank(`/questions/${key}/edit`);
    expect(form).to.deep.include({ values: { ...(form as unknown as { values: object }).values, name } });
    const renamed = { ...CAPITAL, text, name: 'Куб', version };
    await ask(teacher, 'POST', `tests/bank/questions/${key}`, renamed);
    expect(texts(await bank('?q=задача 12'))).to.deep.equal([]);
    expect((await teacher.get(`tests/bank/questions/${key}`)).body)
      .to.include('Куб')
      .and.include(name);
    const test = await makeTest(teacher, { state: 'draft' }, []);
    await ask(teacher, 'POST', `tests/${test}/bank`, { key });
    expect((await teacher.get(`tests/${test}`)).body).to.include('Куб ·');
    await ask(teacher, 'POST', `tests/${test}/publish`);
    const student = await testApp.launch({ person: '103', course: '2' });
    const attempt = await begin(student, test);
    const page = await student.get(attempt);
    expect(page.body).to.include('рёбер у куба').and.not.include('Куб');
    expect(JSON.stringify((await student.json('GET', attempt)).data)).not.to.include('Куб');
  });

  it('shows where a question is used, what may draw it, and its versions with their authors', async () => {
    const { key, version } = await found(CAPITAL.text);
    const test = await makeTest(teacher, { title: 'Где стоит', state: 'draft' }, []);
    await ask(teacher, 'POST', `tests/${test}/bank`, { key });
    const drawing = await makeTest(teacher, { title: 'Что выпадет', state: 'draft' }, []);
    await ask(teacher, 'POST', `tests/${drawing}/draws`, {
      category: 'География',
      tag: '',
      count: 1,
      mark: 1,
    });
    const edited = await ask(teacher, 'POST', `tests/bank/questions/${key}`, {
      ...CAPITAL,
      text: 'Какой город столица России?',
      category: 'География / Города',
      version,
    });
    expect(edited.status).to.equal(303);
    const data = await bank(`/questions/${key}`);
    expect(data.question.tests).to.deep.equal([{ id: test, title: 'Где стоит' }]);
    expect(data.drawnBy.map(({ title }) => title)).to.deep.equal(['Что выпадет']);
    expect(data.versions.map(({ version: number, text }) => [number, text])).to.deep.equal([
      [2, 'Какой город столица России?'],
      [1, CAPITAL.text],
    ]);
    expect(data.versions[0]?.by).to.not.equal('');
    const page = await teacher.get(`tests/bank/questions/${key}`);
    expect(page.status).to.equal(200);
    expect(page.body).to.include('Так видит обучающийся').and.include('Что выпадет');
    // The test shows the new version.
    expect((await ask(teacher, 'GET', `tests/${test}`)).data.questions[0]?.text).to.equal(
      'Какой город столица России?',
    );
    const stale = await ask(teacher, 'POST', `tests/bank/questions/${key}`, { ...CAPITAL, version });
    expect(stale.status).to.equal(409);
  });

  it('changes category and tags of several at once, as new versions', async () => {
    const [tsar, primes] = [await found(TSAR.text), await found(PRIMES.text)];
    const key = [tsar.key, primes.key];
    expect((await change({ key, action: 'category', category: 'Разное' })).status).to.equal(303);
    expect((await change({ key, action: 'tag', tag: 'повторить' })).status).to.equal(303);
    expect(await found(TSAR.text)).to.deep.include({
      category: 'Разное',
      tags: ['Россия', 'повторить'],
      version: 3,
    });
    expect((await change({ key, action: 'untag', tag: 'Россия' })).status).to.equal(303);
    expect((await found(TSAR.text)).tags).to.deep.equal(['повторить']);
    expect((await found(PRIMES.text)).version, 'had no such tag').to.equal(3);
    const none = await change({ action: 'tag', tag: 'x' });
    expect(none.status).to.equal(400);
    expect(none.data.fields).to.have.property('key');
    expect((await change({ key, action: 'tag', tag: ' ' })).data.fields).to.have.property('tag');
    expect((await change({ key: [tsar.key, 'zzzzzzzzzzzz'], action: 'tag', tag: 'x' })).status).to.equal(404);
  });

  it('puts chosen questions into a test, and removes only those that stand in none', async () => {
    const test = await makeTest(teacher, { state: 'draft' }, []);
    const [tsar, primes] = [await found(TSAR.text), await found(PRIMES.text)];
    await change({ key: [tsar.key], action: 'test', test });
    expect((await ask(teacher, 'GET', `tests/${test}`)).data.questions).to.have.length(1);
    const removed = await teacher.submit('tests/bank', { key: [tsar.key, primes.key], action: 'remove' });
    expect(removed.body).to.include('Часть вопросов не изменилась');
    expect(texts(await bank()))
      .to.include(TSAR.text)
      .and.not.include(PRIMES.text);
  });

  it('finds questions with the same text, whatever their case and spaces', async () => {
    await add(PI);
    await add({ ...PI, text: `  ${PI.text.toUpperCase()}` });
    const { groups } = await bank('/duplicates');
    expect(groups).to.have.length(1);
    const [first, second] = groups[0] ?? [];
    expect(first?.text.toLowerCase()).to.equal(second?.text.toLowerCase());
    await teacher.submit('tests/bank', { key: [first?.key ?? ''], action: 'remove' });
    expect((await bank('/duplicates')).groups).to.deep.equal([]);
  });

  it('shares with all teachers; a copy is the colleague’s own, and sharing ends', async () => {
    const question = await found(TSAR.text);
    expect((await bank('/shared', outsider)).questions).to.deep.equal([]);
    await change({ key: [question.key], action: 'share', with: 'colleagues' });
    expect((await found(TSAR.text)).shared?.kind).to.equal('colleagues');
    const [offered] = (await bank('/shared', outsider)).questions;
    expect(offered?.text).to.equal(TSAR.text);
    const taken = await outsider.submit('tests/bank/shared', { ref: [offered?.ref ?? ''] });
    expect(taken.body).to.include('Вопросы скопированы в банк').and.include(TSAR.text);
    await change({ key: [question.key], action: 'unshare' });
    expect((await bank('/shared', outsider)).questions).to.deep.equal([]);
    expect(texts(await bank('', outsider)), 'the copy stays').to.deep.equal([TSAR.text]);
    const gone = await ask(outsider, 'POST', 'tests/bank/shared', { ref: [offered?.ref ?? ''] });
    expect(gone.status).to.equal(404);
  });

  it('shares with an association of the teacher: its members see it, others do not', async () => {
    const manager = await launchAs(testApp, 'methodist', '3');
    const association = await makeAssociation(manager, { title: 'Точные науки' });
    const join = async (person: Visitor, surname: string): Promise<void> => {
      const card = await person.json('POST', 'directory/mine', { surname, givenName: 'Имя' });
      const slug = slugIn(card.headers);
      const version = await versionOf(manager, slug);
      const joined = await manager.json('POST', `directory/teachers/${slug}`, {
        version,
        surname,
        associations: [association],
      });
      expect(joined.status, JSON.stringify(joined.data)).to.equal(303);
    };
    await join(teacher, 'Своя');
    await join(outsider, 'Коллега');
    const other = await launchAs(testApp, 'teacher', '16', { course: '3' });
    const { circles } = await bank();
    const circle = circles.find(({ name }) => name === 'Точные науки')?.value;
    const { key } = await found(TSAR.text);
    expect((await change({ key: [key], action: 'share', with: circle })).status).to.equal(303);
    expect(texts(await bank('/shared', outsider))).to.deep.equal([TSAR.text]);
    expect(texts(await bank('/shared', other))).to.deep.equal([]);
    const { assessments } = testApp.app.features;
    expect(await assessments.usesAssociation(circle?.split(':')[1] ?? ''), 'it is in use').to.equal(true);
    expect(await assessments.usesAssociation('0123456789abcdef01234567')).to.equal(false);
  });

  it('refuses to share with an association that does not exist or is not the teacher’s', async () => {
    const { key, shared } = await found(TSAR.text);
    const fields = { key: [key], action: 'share', with: 'association:0123456789abcdef01234567' };
    const refused = await change(fields);
    expect(refused.status).to.equal(400);
    expect(refused.data.fields).to.have.property('with');
    const page = await teacher.submit('tests/bank', fields);
    expect(page.body).to.include('Такого объединения нет среди ваших');
    const { circles } = await bank();
    const own = circles.find(({ name }) => name === 'Точные науки')?.value;
    const [offered] = (await bank('', outsider)).questions;
    const other = await launchAs(testApp, 'teacher', '16', { course: '3' });
    const foreign = await change({ key: [offered?.key ?? ''], action: 'share', with: own }, other);
    expect(foreign.status).to.equal(400);
    expect((await found(TSAR.text)).shared, 'stays as it was').to.deep.equal(shared);
  });

  it('belongs to teachers of the course', async () => {
    const { key } = await found(TSAR.text);
    const student = await testApp.launch({ person: '101', course: '2' });
    for (const path of ['', '/shared', '/duplicates', `/questions/${key}`, '/export?format=gift']) {
      expect((await student.get(`tests/bank${path}`)).status, path).to.equal(403);
    }
    expect((await outsider.get(`tests/bank/questions/${key}`)).status).to.equal(404);
    expect((await change({ key: [key], action: 'remove' }, outsider)).status).to.equal(404);
  });

  it('is saved as a file, as it was filtered', async () => {
    const file = await teacher.get('tests/bank/export?format=gift&category=Разное');
    expect(file.status).to.equal(200);
    expect(file.body).to.include('Санкт-Петербург').and.not.include('столица');
  });

  it('a question taken out of the bank stays in the attempts that were given it', async () => {
    const test = await makeTest(teacher, {}, [CAPITAL, { ...PI, text: 'Снимем с теста' }]);
    const student = await testApp.launch({ person: '102', course: '2' });
    const attempt = await begin(student, test);
    const { key } = (await ask(teacher, 'GET', `tests/${test}`)).data.questions[1]!;
    await ask(teacher, 'POST', `tests/${test}/questions/${key}/remove`);
    expect((await change({ key: [key], action: 'remove' })).status).to.equal(303);
    expect((await student.get(attempt)).body).to.include('Снимем с теста');
  });
});
