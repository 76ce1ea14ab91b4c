import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
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

  it('a large file that cannot be read says why', async () => {
    const page = await upload(`<assessmentItem>${'x'.repeat(1_100_000)}`, 'large.xml');
    await testApp.app.jobs.drain();
    expect((await teacher.get(`tests/import/${idOf(page.url)}`)).body).to.include(
      'Это не XML или файл обрывается',
    );
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
