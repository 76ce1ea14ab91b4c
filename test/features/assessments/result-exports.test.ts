import { expect } from 'chai';
import { Types } from 'mongoose';
import { DAY, HOUR } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ask, CAPITAL, makeTest, PI, take } from './fixtures.js';

const ATTEMPTS = 5_000;

interface ExportFile {
  readonly state: string;
  readonly format: string;
  readonly done: number;
  readonly total: number;
  readonly file: string | null;
}

describe('all attempts of a test as a file', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let test: string;

  before(async () => {
    testApp = await startTestApp();
    // Here work is done when a test says so.
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    test = await makeTest(teacher, { title: 'Столицы', attemptsAllowed: '0' }, [CAPITAL, PI]);
    await take(student, test, { [CAPITAL.text]: ['Москва'], [PI.text]: ['3'] });
  });
  after(() => testApp.close());

  const files = async (as = teacher): Promise<ExportFile[]> =>
    ((await as.json('GET', `tests/${test}/exports`)).data as { files: ExportFile[] }).files;
  /** In the visitor's own course. */
  const download = async (file: ExportFile | undefined, as = teacher) =>
    as.get(/exports\/.*/.exec(file?.file ?? '')?.[0] ?? '');
  const model = (name: string) => testApp.storage.connection.model(name);

  it('is asked for, shows its progress, and is downloaded when it is ready', async () => {
    expect((await ask(teacher, 'POST', `tests/${test}/exports`, { format: 'csv' })).status).to.equal(303);
    const page = await teacher.get(`tests/${test}/exports`);
    expect(page.body)
      .to.include('Готовим файл')
      .and.include('data-live-waits')
      .and.include('http-equiv="refresh"');
    await testApp.app.jobs.drain();
    const [file] = await files();
    expect(file).to.include({ state: 'ready', format: 'csv', done: 1, total: 1 });
    expect((await teacher.get(`tests/${test}/exports`)).body).to.not.include('data-live-waits');
    const { headers, body } = await download(file);
    expect(headers.get('content-type')).to.include('text/csv');
    expect(decodeURIComponent(headers.get('content-disposition') ?? '')).to.include('Попытки Столицы');
    const [heading = '', row = ''] = body.replace('\uFEFF', '').split('\r\n');
    expect(heading).to.match(/^Обучающийся;.*;Баллы;Максимум;Процент;Вопрос 1;Вопрос 2$/);
    // 2 of 2 for the capital, 0 of 3 for π: 2 of 5, 40 %.
    expect(row).to.match(/^Абрамов Артём Денисович;.*;1;Завершена;.*;2;5;40;2;0$/);
  });

  it('is begun once however often it is asked for, and again if its job was lost', async () => {
    for (let n = 0; n < 3; n += 1) await ask(teacher, 'POST', `tests/${test}/exports`, { format: 'xlsx' });
    expect((await files()).filter(({ format }) => format === 'xlsx')).to.have.length(1);
    // As if the process had been killed between the two writes.
    await model('Job').deleteMany({ name: 'write-export', state: 'waiting' });
    await testApp.app.jobs.drain();
    expect((await files())[0]).to.include({ state: 'waiting' });
    await ask(teacher, 'POST', `tests/${test}/exports`, { format: 'xlsx' });
    await testApp.app.jobs.drain();
    expect((await files())[0]).to.include({ state: 'ready', format: 'xlsx' });
    expect((await download((await files())[0])).body).to.match(/^PK/);
  });

  it('holds 5,000 attempts', async () => {
    const stored = model('TestAttempt').collection;
    const pattern = (await stored.findOne({}))!;
    await stored.insertMany(
      Array.from({ length: ATTEMPTS - 1 }, (_, n) => ({
        ...pattern,
        _id: new Types.ObjectId(),
        number: n + 2,
      })),
    );
    await ask(teacher, 'POST', `tests/${test}/exports`, { format: 'csv' });
    await testApp.app.jobs.drain();
    const [file] = await files();
    expect(file).to.include({ state: 'ready', done: ATTEMPTS, total: ATTEMPTS });
    expect((await download(file)).body.trimEnd().split('\r\n')).to.have.length(ATTEMPTS + 1);
  });

  it('names the field of a format that there is none of', async () => {
    const refused = await ask(teacher, 'POST', `tests/${test}/exports`, { format: 'pdf' });
    expect([refused.status, Object.keys(refused.data.fields)]).to.deep.equal([400, ['format']]);
  });

  it('is given to the requester, and to no colleague, student or other course', async () => {
    const [file] = await files();
    expect((await download(file)).status).to.equal(200);
    const colleague = await testApp.launch({ person: '12', course: '2' });
    expect((await download(file, colleague)).status).to.equal(404);
    expect((await download(file, student)).status).to.equal(404);
    expect((await student.get(`tests/${test}/exports`)).status).to.equal(403);
    const elsewhere = await testApp.launch({ person: '15', course: '3' });
    expect((await elsewhere.get(`tests/${test}/exports`)).status).to.equal(404);
    expect((await download(file, elsewhere)).status).to.equal(404);
  });

  it('is deleted after a week, with its bytes', async () => {
    const [file] = await files();
    testApp.clock.advance(7 * DAY + HOUR);
    await testApp.storage.sweepExpired();
    await testApp.app.jobs.drain();
    teacher = await testApp.launch({ person: '11', course: '2' });
    expect(await files()).to.deep.equal([]);
    expect((await download(file)).status).to.equal(404);
    expect(await model('File').countDocuments({ 'owner.kind': 'export' })).to.equal(0);
  });
});
