import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Types } from 'mongoose';
import { pino } from 'pino';
import { createTerminalImport } from '../../../../src/features/assessments/index.js';
import { createFiles } from '../../../../src/infra/files/index.js';
import { startTestApp, type TestApp, type Visitor } from '../../../support/test-app.js';
import { ask, comeAsAssistant, makeTest } from '../fixtures.js';

const TEXT = [
  '1. Столица России?',
  '+ Москва',
  '- Казань',
  '',
  '2. Как называется прибор?',
  'Ответ: амперметр',
].join('\n');

/** Questions come from a file into the bank and a test, and go again. */
describe('import of questions', () => {
  let testApp: TestApp;
  let teacher: Visitor;

  before(async () => {
    testApp = await startTestApp();
    // Jobs run when a test says so.
    await testApp.app.jobs.stop();
    teacher = await testApp.launch({ person: '11', course: '2' });
  });
  after(() => testApp.close());

  const idOf = (url: string): string => /tests\/import\/([0-9a-f]{24})/.exec(url)?.[1] ?? '';
  const upload = (content: string, name: string, test = '') =>
    teacher.upload('tests/import', [{ field: 'file', name, content: Buffer.from(content) }], {
      fields: { test },
    });
  const texts = async (test: string): Promise<string[]> =>
    (await ask(teacher, 'GET', `tests/${test}`)).data.questions.map(({ text }) => text);

  it('shows a pasted text before anything is saved, then puts it into the test, and takes it out again', async () => {
    const test = await makeTest(teacher, { state: 'draft' }, []);
    const preview = await teacher.submit('tests/import', { text: TEXT, test });
    expect(preview.status).to.equal(200);
    expect(preview.body).to.include('Готовы 2 вопроса').and.include('Москва');
    expect(await texts(test)).to.deep.equal([]);
    const id = idOf(preview.url);
    const done = await teacher.submit(`tests/import/${id}`, {});
    expect(done.body).to.include('Добавлено 2 вопроса');
    expect(await texts(test)).to.deep.equal(['Столица России?', 'Как называется прибор?']);
    // Pressed twice, it adds nothing more.
    await teacher.submit(`tests/import/${id}`, {});
    expect(await texts(test)).to.have.length(2);
    await teacher.submit(`tests/import/${id}/undo`, {});
    expect(await texts(test)).to.deep.equal([]);
    const other = await makeTest(teacher, { state: 'draft' }, []);
    expect((await teacher.get(`tests/${other}/bank`)).body)
      .not.to.include('амперметр')
      .and.not.to.include('Столица России?');
  });

  it('shows duplicates, and skips, adds or replaces them', async () => {
    const first = await makeTest(teacher, { state: 'draft' }, []);
    const question = (right: string): string => `1. Двойник?\n+ ${right}\n- нет\n`;
    await teacher.submit(`tests/import/${idOf((await upload(question('да'), 'a.txt', first)).url)}`, {});
    const second = await makeTest(teacher, { state: 'draft' }, []);
    const again = await upload(question('ага'), 'b.txt', second);
    expect(again.body).to.include('1 вопрос уже есть в банке');
    await teacher.submit(`tests/import/${idOf(again.url)}`, { duplicates: 'skip' });
    expect(await texts(second)).to.deep.equal([]);
    const replacing = await upload(question('ага'), 'b.txt', second);
    await teacher.submit(`tests/import/${idOf(replacing.url)}`, { duplicates: 'replace' });
    expect(await texts(second)).to.deep.equal(['Двойник?']);
    // The very question of the first test has a new version.
    const { data } = await ask(teacher, 'GET', `tests/${first}`);
    const { key } = data.questions[0]!;
    expect((await teacher.get(`tests/${first}/questions/${key}`)).body).to.include('ага');
    const both = await upload(question('угу'), 'b.txt', second);
    await teacher.submit(`tests/import/${idOf(both.url)}`, { duplicates: 'both' });
    expect(await texts(second)).to.deep.equal(['Двойник?', 'Двойник?']);
  });

  it('is undone whole: a replaced question is what it was, and an edit made since stays', async () => {
    const question = (name: string, right: string): string => `1. ${name}?\n+ ${right}\n- нет\n`;
    const both = (right: string): string => question('Прежний', right) + question('Правленый', right);
    const first = await makeTest(teacher, { state: 'draft' }, []);
    await teacher.submit(`tests/import/${idOf((await upload(both('старый'), 'a.txt', first)).url)}`, {});
    const second = await makeTest(teacher, { state: 'draft' }, []);
    const id = idOf((await upload(both('новый'), 'b.txt', second)).url);
    const done = await teacher.submit(`tests/import/${id}`, { duplicates: 'replace' });
    expect(done.body).to.include('Заменено 2 вопроса').and.not.include('Добавлено');
    const { data } = await ask(teacher, 'GET', `tests/${first}`);
    const [kept, edited] = data.questions.map(({ key }) => `tests/${first}/questions/${key}`);
    expect((await teacher.get(kept!)).body).to.include('новый');
    await teacher.submit(edited!, {
      type: 'single',
      text: 'Правленый?',
      mark: '1',
      option: ['правка', 'нет'],
      right: '0',
      version: '2',
    });
    await teacher.submit(`tests/import/${id}/undo`, {});
    expect((await teacher.get(kept!)).body)
      .to.include('старый')
      .and.not.include('новый');
    expect((await teacher.get(edited!)).body).to.include('правка');
    expect(await texts(first)).to.deep.equal(['Прежний?', 'Правленый?']);
    expect(await texts(second)).to.deep.equal([]);
  });

  it('a replacing import changes category and hints as well', async () => {
    const gift = (category: string): string => `$CATEGORY: ${category}\n\n::a::Раздел меняется? {T}\n`;
    await teacher.submit(`tests/import/${idOf((await upload(gift('Старый раздел'), 'a.gift')).url)}`, {});
    const again = await upload(gift('Новый раздел'), 'a.gift');
    await teacher.submit(`tests/import/${idOf(again.url)}`, { duplicates: 'replace' });
    expect((await teacher.get('tests/bank?q=меняется')).body).to.include('Новый раздел');
  });

  it('a question that differs in its name alone is a duplicate', async () => {
    const preview = await upload('::первое::Имена разные? {T}\n\n::второе::Имена разные? {T}\n', 'a.gift');
    expect(preview.body).to.include('1 вопрос уже есть').and.include('первое').and.include('второе');
    await teacher.submit(`tests/import/${idOf(preview.url)}`, { duplicates: 'replace' });
    expect((await teacher.get('tests/bank?q=имена разные')).body)
      .to.include('второе')
      .and.not.include('первое');
  });

  it('the same question twice in one file is a duplicate; another with the same words is none', async () => {
    const text = '1. Верно ли?\n+ да\n- нет\n\n2. Верно ли?\n+ да\n- нет\n\n3. Верно ли?\n+ нет\n- да\n';
    const test = await makeTest(teacher, { state: 'draft' }, []);
    const preview = await teacher.submit('tests/import', { text, test });
    expect(preview.body).to.include('1 вопрос уже есть');
    await teacher.submit(`tests/import/${idOf(preview.url)}`, { duplicates: 'skip' });
    expect(await texts(test)).to.have.length(2);
  });

  it('lists what cannot be read or kept, with its place', async () => {
    const broken = await upload('<quiz>\n<question type="essay">', 'q.xml');
    expect(broken.body).to.include('место в файле: 2');
    const page = await upload('Раз {T}\n\nОшибка {#3:2~#x}\n', 'q.gift');
    expect(page.body)
      .to.include('Готов 1 вопрос')
      .and.include('Запись GIFT с ошибкой')
      .and.include('место в файле: 3');
  });

  it('refuses a file that it cannot read, beside the field, and an empty form', async () => {
    const bad = await upload('<assessmentItem><itemBody>', 'q.xml');
    expect(bad.status).to.equal(400);
    expect(bad.body).to.include('Это не XML или файл обрывается');
    const empty = await teacher.submit('tests/import', { text: ' ' });
    expect(empty.status).to.equal(400);
    expect(empty.body).to.include('Выберите файл или вставьте текст');
  });

  it('reads a large file and writes many questions by jobs, with their progress on the page', async () => {
    const padding = 'П'.repeat(4_000);
    const text = Array.from({ length: 250 }, (_, n) => `${n + 1}. Вопрос ${n} ${padding}\n+ да\n- нет`).join(
      '\n',
    );
    const reading = await upload(text, 'large.txt');
    expect(reading.body).to.include('Читаем файл');
    expect(reading.body).to.include('data-live-waits').and.include('http-equiv="refresh"');
    await testApp.app.jobs.drain();
    const id = idOf(reading.url);
    expect((await teacher.get(`tests/import/${id}`)).body).to.include('Готовы 250 вопросов');
    const writing = await teacher.submit(`tests/import/${id}`, {});
    expect(writing.body).to.include('Добавляем вопросы');
    await testApp.app.jobs.drain();
    expect((await teacher.get(`tests/import/${id}`)).body).to.include('Добавлено 250 вопросов');
  });

  it('shows fifty questions a page, all or those with remarks or duplicates, and keeps the choice from page to page', async () => {
    const text = (n: number): string =>
      n === 120 ? '[html]<p>Страница с рамкой</p><iframe></iframe>' : `Страница ${n === 119 ? 118 : n}?`;
    const gift = Array.from({ length: 120 }, (_, n) => `::Имя ${n + 1}::${text(n + 1)} {T}`).join('\n\n');
    const id = idOf((await upload(gift, 'pages.gift')).url);
    interface Looked {
      readonly questions: readonly { readonly number: number; readonly name: string }[];
      readonly look: { readonly show: string; readonly page: number; readonly duplicates: string };
      readonly shown: readonly object[];
      readonly range: object;
    }
    const look = async (query: string): Promise<Looked> =>
      (await teacher.json('GET', `tests/import/${id}${query}`)).data as Looked;
    const first = await look('');
    expect(first.questions.map(({ number }) => number)).to.deep.equal(
      Array.from({ length: 50 }, (_, n) => n + 1),
    );
    expect(first.range).to.deep.equal({ from: 1, to: 50, count: 120 });
    expect(first.shown).to.deep.equal([
      { show: 'all', count: 120 },
      { show: 'notes', count: 1 },
      { show: 'duplicates', count: 1 },
    ]);
    const second = await teacher.submit(`tests/import/${id}`, { duplicates: 'both', look: 'all:3' });
    expect(second.url).to.include('page=3').and.include('duplicates=both');
    expect(second.body).to.include('Имя 101').and.not.include('Имя 100<');
    expect(second.body).to.match(/value="both"\s+checked/);
    const twice = await look('?show=duplicates&duplicates=both&page=7');
    expect(twice.look).to.deep.equal({ show: 'duplicates', page: 1, duplicates: 'both' });
    expect(twice.questions.map(({ number }) => number)).to.deep.equal([119]);
    expect((await look('?show=notes')).questions.map(({ name }) => name)).to.deep.equal(['Имя 120']);
    // Nothing was saved by looking.
    expect((await teacher.get(`tests/import/${id}`)).body).to.include('Готовы 120 вопросов');
    await teacher.submit(`tests/import/${id}`, { duplicates: 'both' });
    const done = await teacher.get(`tests/import/${id}?page=2`);
    expect(done.body).to.include('Добавлено 120 вопросов').and.include('Имя 51').and.include('rel="next"');
  });

  it('a large file that cannot be read says why', async () => {
    const page = await upload(`<assessmentItem>${'x'.repeat(1_100_000)}`, 'large.xml');
    await testApp.app.jobs.drain();
    expect((await teacher.get(`tests/import/${idOf(page.url)}`)).body).to.include(
      'Это не XML или файл обрывается',
    );
  });

  const row = (id: string) =>
    testApp.storage.connection.collection('question_imports').findOne({
      _id: new Types.ObjectId(id),
    });
  const setRow = (id: string, fields: object) =>
    testApp.storage.connection
      .collection('question_imports')
      .updateOne({ _id: new Types.ObjectId(id) }, { $set: fields });
  /** Runs a job until it is given up. */
  const drainFailing = async (): Promise<void> => {
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await testApp.app.jobs.drain();
      testApp.clock.advance(10_000);
    }
  };
  const many = (what: string): string =>
    Array.from({ length: 250 }, (_, n) => `${n + 1}. ${what} ${n}?\n+ да\n- нет`).join('\n');

  it('a reading that ends in an unexpected error says so, and the teacher may try another file', async () => {
    const page = await upload(many('Читается'), 'large.txt');
    // The kept file is gone: an error of the tool, not of the file.
    await setRow(idOf(page.url), { fileId: '0123456789abcdef01234567' });
    await drainFailing();
    const { body } = await teacher.get(`tests/import/${idOf(page.url)}`);
    expect(body).to.include('Прочитать файл не удалось').and.include('Загрузить другой файл');
    expect(body).not.to.include('data-live-waits');
  });

  it('a writing that fails says so, keeps the preview, and is done when it is confirmed again', async () => {
    const page = await upload(many('Пишется'), 'many.txt');
    await testApp.app.jobs.drain();
    const id = idOf(page.url);
    const { questions } = (await row(id)) as unknown as { readonly questions: readonly object[] };
    await teacher.submit(`tests/import/${id}`, {});
    // The hundred and first cannot be stored.
    await setRow(id, {
      questions: questions.map((each, n) => (n === 100 ? { ...each, key: null } : each)),
    });
    await drainFailing();
    const { body } = await teacher.get(`tests/import/${id}`);
    expect(body).to.include('Добавить вопросы не удалось').and.include('Добавить в банк');
    await setRow(id, { questions });
    await teacher.submit(`tests/import/${id}`, {});
    await testApp.app.jobs.drain();
    expect((await teacher.get(`tests/import/${id}`)).body).to.include('Добавлено 250 вопросов');
  });

  it('a writing whose process was killed at once goes on by itself', async () => {
    const preview = await teacher.submit('tests/import', { text: '1. Не потерян?\n+ да\n- нет' });
    const id = idOf(preview.url);
    const kept = (await row(id))!;
    await teacher.submit(`tests/import/${id}`, {});
    // As it was when the process was killed: confirmed, and nothing written.
    await setRow(id, { ...kept, state: 'writing', rule: 'skip' });
    testApp.clock.advance(2 * 60_000);
    await testApp.app.jobs.drain();
    expect((await teacher.get(`tests/import/${id}`)).body).to.include('Добавлен 1 вопрос');
  });

  it('goes by the terminal into the bank of a course, each duplicate once, and names an unknown course', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'import-'));
    const { storage, clock } = testApp;
    const files = createFiles({
      storage,
      clock,
      log: pino({ level: 'silent' }),
      settings: { kind: 'disk', folder, chosen: false },
    });
    try {
      const run = createTerminalImport(storage, clock, files);
      const file = {
        bytes: Buffer.from('1. Из терминала?\n+ да\n- нет\n'),
        name: 'a.txt',
        format: null,
        duplicates: 'skip',
      } as const;
      const key = /\/c\/([a-z0-9]+)\//.exec(teacher.address('tests'))?.[1] ?? '';
      expect(await run(key, file)).to.equal(1);
      expect(await run(key, file)).to.equal(0);
      expect((await teacher.get('tests/bank?q=терминала')).body).to.include('Из терминала?');
      const refused = await run('nosuchcourse', file).catch((error: unknown) => error);
      expect(refused).to.include({ code: 'not-found' });
    } finally {
      await files.close();
      await rm(folder, { recursive: true });
    }
  });

  it('belongs to teachers of the course alone', async () => {
    const { url } = await teacher.submit('tests/import', { text: TEXT });
    const id = idOf(url);
    const student = await testApp.launch({ person: '101', course: '2' });
    const assistant = await comeAsAssistant(testApp, '4', '2');
    for (const visitor of [student, assistant]) {
      expect((await visitor.get('tests/import')).status).to.equal(403);
      expect((await visitor.get(`tests/import/${id}`)).status).to.equal(403);
    }
    const elsewhere = await testApp.launch({ person: '15', course: '3' });
    expect((await elsewhere.get(`tests/import/${id}`)).status).to.equal(404);
  });
});
