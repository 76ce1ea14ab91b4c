import { expect } from 'chai';
import { Types } from 'mongoose';
import { DAY, HOUR, MINUTE } from '../../../src/shared/clock.js';
import { startAdminApp, type AdminTestApp } from '../../features/admin/support.js';
import { makeStaff } from '../../features/directory/organisation.js';
import type { Visitor } from '../../support/test-app.js';

/** More than are written while a request waits. */
const STUDENTS = 260;

interface ExportPage {
  readonly state: string;
  readonly done: number;
  readonly total: number | null;
  readonly problem: string | null;
  readonly file: string | null;
}

describe('files that a job writes', () => {
  let testApp: AdminTestApp;
  let teacher: Visitor;
  let courseId: string;
  let registrationId: string;

  const model = (name: string) => testApp.storage.connection.model(name);
  const idOf = async (sub: string): Promise<string> =>
    String((await model('Person').findOne({ registrationId, sub }).lean<{ _id: unknown }>())!._id);
  const pathOf = (url: string | null): string => new URL(url ?? '', testApp.origin).pathname;
  const page = async (visitor: Visitor, path: string): Promise<ExportPage> =>
    (await visitor.json('GET', path)).data as ExportPage;
  const asked = async (visitor: Visitor, path: string): Promise<string> => {
    const { status, headers } = await visitor.get(path, { follow: false });
    expect(status).to.equal(303);
    return pathOf(headers.get('location'));
  };

  before(async () => {
    testApp = await startAdminApp({ env: { SMTP_URL: 'outbox:' } });
    // Here work is done when a test says so.
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
    teacher = await testApp.launch({ person: '11', course: '2' });
    const course = await model('Course').findOne().lean<{ registrationId: string; _id: unknown }>();
    courseId = String(course!._id);
    registrationId = course!.registrationId;
    const people = Array.from({ length: STUDENTS }, (_, at) => ({
      ...{ _id: new Types.ObjectId(), registrationId, sub: `n${at}`, email: '', words: [] },
      name: { surname: `Новиков${String(at).padStart(3, '0')}`, givenName: 'Иван', patronymic: '' },
    }));
    await model('Person').collection.insertMany(people);
    await model('Membership').collection.insertMany(
      people.map((person) => ({
        ...{ courseId, personId: person._id.toString(), role: 'student', leftAt: null },
      })),
    );
  });
  after(() => testApp.close());

  it('of up to 200 rows are sent at once, without a job', async () => {
    const { status, headers } = await teacher.get('people/export?format=csv&q=Новиков00', { follow: false });
    expect(status).to.equal(200);
    expect(headers.get('content-disposition')).to.match(/^attachment/);
    expect(await model('Export').countDocuments()).to.equal(0);
  });

  it('of more rows have a page that says how far they are, and moves on with a script and without one', async () => {
    const path = await asked(teacher, 'people/export?format=csv&columns=name&q=Новиков');
    const waits = await teacher.get(`${path}?now=1`);
    expect(waits.body)
      .to.include('Готовим файл')
      .and.include('data-live-waits')
      .and.match(/<noscript>\s*<meta http-equiv="refresh" content="3">\s*<\/noscript>/)
      .and.match(/class="back"><a href="\/c\/\w+\/people\?q=/);
    await testApp.app.jobs.drain();
    const ready = await teacher.get(`${path}?now=1`);
    expect(ready.body)
      .to.include(`Записей: ${STUDENTS}`)
      .and.match(new RegExp(`href="${path}/file"\\s+data-save-now`))
      .and.include(`content="0; url=${path}/file"`)
      .and.not.include('data-live-waits');
    expect((await teacher.get(path)).body, 'later it is saved by the link alone').to.not.include('url=');
    const { headers, body } = await teacher.get(`${path}/file`);
    expect(headers.get('content-disposition')).to.match(/^attachment; filename=.*\.csv/);
    const lines = body.replace('\uFEFF', '').trim().split('\r\n');
    expect(lines).to.have.length(STUDENTS + 1);
    expect(lines[1]).to.equal('Новиков000 Иван');
    expect((await teacher.get('exports')).body).to.include(`href="${path}/file"`);
  });

  it('are written once however often they are asked for at a time, and at most ten at a time', async () => {
    const first = await asked(teacher, 'people/export?format=xlsx');
    expect(await asked(teacher, 'people/export?format=xlsx')).to.equal(first);
    const columns = ['name', 'role', 'groups'];
    const wishes = columns.flatMap((a) => columns.map((b) => `${a},${b}`));
    for (const wish of wishes) await asked(teacher, `people/export?format=csv&columns=${wish}`);
    const refused = await teacher.json('GET', 'people/export?format=json');
    expect(refused.status).to.equal(409);
    expect(refused.data).to.include({ code: 'exports-waiting' });
    await testApp.app.jobs.drain();
    expect(await page(teacher, first)).to.include({
      state: 'ready',
      done: STUDENTS + 1,
      total: STUDENTS + 1,
    });
    expect((await teacher.get(`${first}/file`)).body).to.match(/^PK/);
  });

  it('go on when the process was killed before it put the job in', async () => {
    const path = await asked(teacher, 'people/export?format=csv');
    await model('Job').deleteMany({ name: 'write-export', state: 'waiting' });
    expect(await page(teacher, path)).to.include({ state: 'waiting' });
    await testApp.app.jobs.drain();
    expect(await page(teacher, path)).to.include({ state: 'ready' });
  });

  it('are given to the requester alone, and only while the requester may have them', async () => {
    const path = await asked(teacher, 'people/export?format=csv');
    await testApp.app.jobs.drain();
    const colleague = await testApp.launch({ person: '12', course: '2' });
    const student = await testApp.launch({ person: '101', course: '2' });
    for (const visitor of [colleague, student]) {
      for (const address of [path, `${path}/file`]) expect((await visitor.get(address)).status).to.equal(404);
      expect((await visitor.submit(`${path}/again`)).status).to.equal(404);
    }
    const stored = await model('Export').findById(path.slice(-24)).lean<{ fileId: string }>();
    expect((await teacher.get(`files/${stored!.fileId}`)).status).to.equal(404);
    const place = { courseId, personId: await idOf('11') };
    await model('Membership').updateOne(place, { $set: { role: 'student' } });
    testApp.clock.advance(MINUTE);
    expect((await teacher.get(`${path}/file`)).status).to.equal(403);
    await model('Membership').updateOne(place, { $set: { role: 'teacher' } });
    testApp.clock.advance(MINUTE);
    expect((await teacher.get(`${path}/file`)).status).to.equal(200);
  });

  it('are not written for a person who has left; the page says so in words, and they can be tried again', async () => {
    const path = await asked(teacher, 'people/export?format=json');
    const place = { courseId, personId: await idOf('11') };
    await model('Membership').updateOne(place, { $set: { leftAt: testApp.clock.now() } });
    await testApp.app.jobs.drain();
    await model('Membership').updateOne(place, { $set: { leftAt: null } });
    testApp.clock.advance(MINUTE);
    expect(await page(teacher, path)).to.include({ state: 'failed', problem: 'refused' });
    const failed = await teacher.get(path);
    expect(failed.body).to.include('Файл не подготовлен').and.include('Попробовать ещё раз');
    const again = await teacher.submit(`${path}/again`);
    expect(again.body).to.include('Готовим файл');
    await testApp.app.jobs.drain();
    expect(await page(teacher, path)).to.include({ state: 'ready', problem: null });
    // A process that is killed before it puts the job in again leaves this: the page puts it in.
    await model('Export').updateOne(
      { _id: path.slice(-24) },
      { $set: { state: 'waiting' }, $inc: { run: 1 } },
    );
    expect(await page(teacher, path)).to.include({ state: 'waiting' });
    await testApp.app.jobs.drain();
    expect(await page(teacher, path)).to.include({ state: 'ready' });
  });

  it('leave nothing in the name of a person as whom a methodist looks', async () => {
    const methodist = await testApp.launch({ person: '14', course: '2' });
    expect(methodist.key).to.equal(teacher.key);
    const before = await model('Export').countDocuments();
    await methodist.submit('view-as', { person: '' });
    expect((await methodist.get('people/export?format=csv')).status).to.equal(403);
    expect(await model('Export').countDocuments()).to.equal(before);
  });

  it('take a deputy from the month of the report to its Excel file without a click beyond the wait', async () => {
    await makeStaff(testApp, { surname: 'Соколова', personIds: [await idOf('11')] });
    const { slug } = await makeStaff(testApp, {
      ...{ surname: 'Мартынов', email: 'deputy@example.org', posts: ['deputyStudy'] },
    });
    expect(slug).to.not.equal('');
    const deputy = testApp.anonymous();
    await deputy.submit('/staff/link', { email: 'deputy@example.org' });
    await testApp.app.jobs.drain();
    const { messages } = (await teacher.json('GET', '/outbox')).data as { messages: { text: string }[] };
    const token = /token=([\w-]+)/.exec(messages[0]?.text ?? '')?.[1] ?? '';
    await deputy.submit('/staff/enter', { token });
    const path = await asked(deputy, '/staff/reports/unaided/export?format=xlsx');
    expect(path).to.match(/^\/staff\/exports\/[0-9a-f]{24}$/);
    await testApp.app.jobs.drain();
    expect((await deputy.get(`${path}?now=1`)).body).to.include('data-save-now');
    expect((await deputy.get(`${path}/file`)).body).to.match(/^PK/);
    expect((await teacher.get(`/c/${teacher.key}/exports/${path.slice(-24)}`)).status).to.equal(404);
    expect((await testApp.anonymous().get(`${path}/file`)).url).to.match(/\/staff\?to=/);
  });

  it('of an administrator stand in the administration', async () => {
    await testApp.make();
    const admin = await testApp.enter();
    await model('LoggedLaunch').collection.insertMany(
      Array.from({ length: 201 }, (_, at) => ({
        ...{ at: testApp.clock.now(), requestId: `r${at}`, registrationId: '', accepted: false },
        ...{ code: 'lti-nonce', messageType: '', stage: 'launch', deployment: '', milliseconds: 1 },
      })),
    );
    const begun = await admin.get('/admin/launches/export?format=csv');
    const path = pathOf(begun.url);
    expect(path).to.match(/^\/admin\/exports\/[0-9a-f]{24}$/);
    await testApp.app.jobs.drain();
    expect((await admin.get(`${path}/file`)).text.trim().split('\r\n')).to.have.length.above(201);
    expect((await testApp.visitor().get(`${path}/file`)).url).to.include('/admin/login');
  });

  it('end with an erasure of the requester, and of each person whom they may name', async () => {
    expect(await model('Export').countDocuments()).to.be.above(5);
    const by = { kind: 'terminal', id: '', name: 'test' } as const;
    await testApp.app.features.privacy.service.erase(by, await idOf('n1'));
    await testApp.app.jobs.drain();
    expect(await model('Export').countDocuments()).to.equal(0);
  });

  it('are deleted after a week, with their bytes', async () => {
    const path = await asked(teacher, 'people/export?format=csv');
    await testApp.app.jobs.drain();
    testApp.clock.advance(7 * DAY + HOUR);
    await testApp.storage.sweepExpired();
    await testApp.app.jobs.drain();
    teacher = await testApp.launch({ person: '11', course: '2' });
    expect((await teacher.get(path)).status).to.equal(404);
    expect(await model('File').countDocuments({ 'owner.kind': 'export' })).to.equal(0);
  });
});
