import { expect } from 'chai';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { MINUTE, SECOND, systemClock } from '../../src/shared/clock.js';
import { SCOPE } from '../../scripts/demo-lms/platform/scopes.js';
import { openStorage, verifyStorage } from '../../src/storage/index.js';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { begin, CAPITAL, makeTest, take } from '../features/assessments/fixtures.js';
import { book, day, expectDone, firstSlot, offer } from '../features/consultations/fixtures.js';
import { makeStaff } from '../features/directory/organisation.js';
import { startHalting, type Halt, type Halting } from './halting.js';
import { newFolder, until } from './run.js';

/** Longer than a killed process's leases last. */
const LEASE_OVER_MS = 15 * SECOND;

interface ImportPage {
  readonly kept: { readonly state: string };
  readonly counts: { readonly added: number };
}

/**
 * A process of its own begins a piece of work over the database that this one has open as well, and is killed
 * with SIGKILL while it stands before a known write, or waits for the LMS. This process finishes it.
 */
describe('work of a process that is killed is finished by another', function () {
  this.timeout(120_000);
  let folder: string;
  let databaseUrl: string;
  let testApp: TestApp;
  let teacher: Visitor;
  let running: Halting | undefined;

  beforeEach(async () => {
    folder = await newFolder();
    databaseUrl = `file:${path.join(folder, 'nastavnik.db')}`;
    testApp = await startTestApp({ databaseUrl, env: { ROSTER_HOURS: '6' } });
    // Here work is done when a test says so.
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
  });
  afterEach(async () => {
    if (running?.child.exitCode === null && running.child.signalCode === null) await running.kill();
    running = undefined;
    await testApp.close();
    const storage = await openStorage({ url: databaseUrl, clock: systemClock });
    expect((await verifyStorage(storage)).problems).to.deep.equal([]);
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  });

  const model = (name: string) => testApp.storage.connection.model(name);
  const start = (halts: readonly Halt[]): Halting =>
    (running = startHalting({
      origin: testApp.origin,
      databaseUrl,
      secret: 'a secret for tests, long enough',
      halts,
    }));
  /** Where the system does not say that a process has ended, its leases end by time: test/infra/jobs/leases.test.ts. */
  const endLeases = (): void => testApp.clock.advance(LEASE_OVER_MS);
  const personOf = async (sub: string): Promise<string> =>
    String((await model('Person').findOne({ sub }).lean<{ _id: unknown }>())!._id);

  it('people: erased and merged, whichever write it was killed before; nothing is lost or done twice', async () => {
    /** From the decision, with nothing done yet, to all done but the last word. */
    const places = ['people', 'test_attempts', 'memberships', 'audit', 'person_decisions'];
    teacher = await testApp.launch({ person: '11', course: '2' });
    const series = await offer(testApp, teacher, 3, { capacity: 30, question: 'optional' });
    const slot = await firstSlot(teacher, series);
    const test = await makeTest(teacher, { title: 'Столицы' }, [CAPITAL]);
    const students = testApp.lms.control
      .membersOf('2')
      .filter(({ role }) => role === 'student')
      .map(({ person }) => person.id);
    const subs = students.slice(0, 3 * places.length);
    expect(subs).to.have.length(3 * places.length);
    const ids: string[] = [];
    for (const [at, sub] of subs.entries()) {
      const student = await testApp.launch({ person: sub, course: '2' });
      ids.push(await personOf(sub));
      // Every third takes another one in, and has nothing yet.
      if (at % 3 === 2) continue;
      expectDone(await book(student, slot, { question: `Тайна ${at}` }));
      const attempt = /tests\/.*$/.exec(await begin(student, test))![0];
      await student.json('POST', `${attempt}/finish`, { q1: ['1'], r1: 0 });
    }
    const trios = places.map((collection, at) => {
      const [erased, merged, target] = ids.slice(3 * at, 3 * at + 3) as [string, string, string];
      return { collection, erased, merged, target };
    });
    const item = start(
      trios.flatMap(({ collection, erased, merged, target }): Halt[] => {
        // The decision is stored first, and removed at the end.
        const where = { collection, ...(collection === 'person_decisions' && { method: 'deleteOne' }) };
        return [
          { work: 'erase', ...where, person: erased },
          { work: 'merge', ...where, person: merged, into: target },
        ];
      }),
    );
    await item.halted;
    await item.kill();

    const { jobs } = testApp.app;
    expect(await model('PersonDecision').countDocuments()).to.equal(10);
    endLeases();
    await Promise.all([jobs.drain(), jobs.drain()]);
    expect(await model('PersonDecision').countDocuments()).to.equal(0);

    for (const { collection, erased, merged, target } of trios) {
      for (const name of ['TestAttempt', 'Membership']) {
        const count = (personId: string) => model(name).countDocuments({ personId });
        expect(
          [await count(erased), await count(merged), await count(target)],
          `${name}, before ${collection}`,
        ).to.deep.equal([0, 0, 1]);
      }
      const bookings = (personId: string) =>
        model('ConsultationBooking').find({ personId }).lean<{ state: string; question: string }[]>();
      expect((await bookings(erased)).map(({ state, question }) => [state, question])).to.deep.equal([
        ['cancelled', ''],
      ]);
      expect(await bookings(merged)).to.deep.equal([]);
      expect((await bookings(target)).map(({ state }) => state)).to.deep.equal(['booked']);
      for (const person of [erased, merged]) {
        const told = await model('Audit').find({ 'subject.id': person }).lean<{ action: string }[]>();
        expect(
          told.map(({ action }) => action),
          `the log, before ${collection}`,
        ).to.deep.equal([person === erased ? 'person-erased' : 'people-merged']);
        expect(await testApp.app.features.membership.personQueries.findPerson(person)).to.equal(null);
      }
    }
  });

  it('an import and an export of questions: nothing is lost, doubled or left half written', async () => {
    teacher = await testApp.launch({ person: '11', course: '2' });
    const { jobs } = testApp.app;
    const COUNT = 205;
    const prepare = async (word: string): Promise<string> => {
      const text = Array.from({ length: COUNT }, (_, at) => `${at + 1}. ${word} ${at}?\n+ да\n- нет`).join(
        '\n\n',
      );
      const { url } = await teacher.submit('tests/import', { text });
      return /import\/([0-9a-f]{24})/.exec(url)![1]!;
    };
    const ids = [await prepare('Первый'), await prepare('Второй')];
    await jobs.drain();
    for (const id of ids) await teacher.submit(`tests/import/${id}`, {});
    // The first is killed among its questions, the second when only the last word is missing.
    const imports = start([
      { work: 'jobs', collection: 'test_questions', containing: 'Первый 150?' },
      { work: 'jobs', collection: 'question_imports', containing: '"state":"done"' },
    ]);
    await imports.halted;
    await imports.kill();
    const { courseId } = (await model('QuestionImport').findById(ids[0]).lean<{ courseId: string }>())!;
    const written = async (word: string): Promise<number> =>
      (await model('TestQuestion').find({ courseId }).lean<{ text: string }[]>()).filter(({ text }) =>
        text.startsWith(word),
      ).length;
    expect([await written('Первый'), await written('Второй')]).to.deep.equal([150, COUNT]);
    endLeases();
    await jobs.drain();
    expect([await written('Первый'), await written('Второй')]).to.deep.equal([COUNT, COUNT]);
    for (const id of ids) {
      const { kept, counts } = (await teacher.json('GET', `tests/import/${id}`)).data as ImportPage;
      expect([kept.state, counts.added]).to.deep.equal(['done', COUNT]);
    }

    const begun = await teacher.get('tests/bank/export?format=gift');
    // The other process lives in real time, and this clock is ahead of it.
    await model('Job').updateMany({ state: 'waiting' }, { $set: { runAt: new Date(0) } });
    const exports = start([{ work: 'jobs', collection: 'exports', containing: '"state":"ready"' }]);
    await exports.halted;
    await exports.kill();
    const { pathname } = new URL(begun.url);
    const exported = async () =>
      (await teacher.json('GET', pathname)).data as { state: string; file: string };
    expect((await exported()).state).to.equal('waiting');
    endLeases();
    await jobs.drain();
    const { state, file: address } = await exported();
    expect(state).to.equal('ready');
    const file = await teacher.get(address);
    expect(file.body.match(/\{/g)).to.have.length(2 * COUNT);
    expect(
      await model('File').countDocuments({ state: 'stored' }),
      'what the killed one stored is gone',
    ).to.equal(1);
  });

  it('a roster: killed while the LMS is silent, and while people are written down', async () => {
    teacher = await testApp.launch({ person: '11', course: '2' });
    const listed = testApp.lms.control.membersOf('2');
    const calls = (): number => testApp.lms.control.faults.calls.nrps;
    testApp.lms.control.faults.resetCalls();
    testApp.lms.control.faults.fail('nrps', { connection: 'silence' });
    const first = start([{ work: 'jobs', collection: '' }]);
    await until('the LMS is asked', () => calls() > 0);
    await first.kill();
    testApp.lms.control.faults.clear();

    const { jobs } = testApp.app;
    expect(calls()).to.equal(1);
    expect(await model('Membership').countDocuments()).to.equal(1);

    // The next one is killed when the people are known, and not yet enrolled. It lives in real time.
    await model('Job').updateMany({}, { $set: { runAt: new Date(0), leasedUntil: new Date(0) } });
    const second = start([{ work: 'jobs', collection: 'memberships' }]);
    await second.halted;
    await second.kill();
    expect(await model('Person').countDocuments()).to.equal(listed.length);
    expect(await model('Membership').countDocuments()).to.equal(1);

    endLeases();
    await Promise.all([jobs.drain(), jobs.drain()]);
    expect(calls()).to.equal(3);
    expect(await model('Person').countDocuments()).to.equal(listed.length);
    const { courseId } = (await model('Roster').findOne().lean<{ courseId: string }>())!;
    const places = await model('Membership')
      .find({ courseId })
      .lean<{ personId: string; leftAt?: Date | null }[]>();
    expect(new Set(places.map(({ personId }) => personId)).size).to.equal(listed.length);
    expect(places).to.have.length(listed.length);
    expect(places.filter(({ leftAt }) => leftAt)).to.deep.equal([]);
    expect(await model('Roster').findOne().lean()).to.deep.include({ askedAt: null, reason: '' });
    await jobs.drain();
    expect(calls(), 'nothing is due any more').to.equal(3);
  });

  it('a timetable and times from tables, a large report and a file of results: killed in the middle, each is finished once', async () => {
    const { jobs } = testApp.app;
    teacher = await testApp.launch({ person: '11', course: '2' });
    const deputy = await testApp.launch({ person: '14', course: '2' });
    const test = await makeTest(teacher, { title: 'Столицы' }, [CAPITAL]);
    await take(await testApp.launch({ person: '101', course: '2' }), test, {});
    const series = await offer(testApp, teacher, 3);
    const lessons = [...Array(210).keys()].map(
      (at) => `${day(testApp, 30 + Math.floor(at / 3))};${9 + (at % 3)}:00–${9 + (at % 3)}:45;Урок ${at};`,
    );
    const table = ['Дата;Время;Предмет;Преподаватель', ...lessons].join('\n');
    const uploaded = await teacher.upload('timetable/import', [
      { field: 'file', name: 'год.csv', content: table },
    ]);
    const timetable = /timetable\/import\/[0-9a-f]{24}/.exec(uploaded.url)![0];
    await jobs.drain();
    await teacher.submit(timetable, { day: '0', time: '1', title: '2' });
    const starts = [...Array(240).keys()].map(
      (at) =>
        new Date(
          `${day(testApp, 20 + Math.floor(at / 12))}T05:${String((at % 12) * 5).padStart(2, '0')}:00Z`,
        ),
    );
    const spans = starts.map((start) => {
      const end = new Date(start.getTime() + 5 * MINUTE);
      return `${start.toISOString()}/${end.toISOString()}`;
    });
    await teacher.submit(`consultations/${series}/import/slots`, { spans: spans.join('\n') });
    await teacher.submit(`tests/${test}/exports`, { format: 'xlsx' });
    await makeStaff(testApp, {
      ...{ surname: 'Мартынов', posts: ['deputyStudy'], personIds: [await personOf('14')] },
    });
    const teacherId = await personOf('11');
    const consultations = [...Array(210).keys()].map((at) => {
      const startsAt = new Date(Date.UTC(2024, 2, 1 + (at % 31), 9));
      return {
        ...{ kind: 'slot', courseId: 'c', seriesId: 's', teacherId, state: 'open', version: 1 },
        ...{ startsAt, endsAt: new Date(startsAt.getTime() + 30 * MINUTE), cancellation: null },
      };
    });
    await testApp.storage.connection.collection('schedule_times').insertMany(consultations);
    const report = async () =>
      (await deputy.json('GET', 'reports?dayFrom=2024-03-01&dayTo=2024-03-31')).data as {
        state: string;
        total: { planned: number };
      };
    expect((await report()).state).to.equal('waiting');

    const killed = start([
      { work: 'jobs', collection: 'counted_reports', containing: '"state":"ready"' },
      { work: 'jobs', collection: 'schedule_times', containing: 'Урок 150' },
      {
        work: 'jobs',
        collection: 'schedule_times',
        containing: `"startsAt":"${starts[150]!.toISOString()}"`,
      },
      { work: 'jobs', collection: 'exports', containing: '"state":"ready"' },
    ]);
    await killed.halted;
    await killed.kill();
    const classes = () => model('TimetableClass').countDocuments({ title: /^Урок/ });
    const slots = () => model('ConsultationSlot').countDocuments({ seriesId: series, state: 'open' });
    const file = () => model('Export').findOne().lean<{ state: string; done: number; fileId: string }>();
    expect(await classes()).to.equal(150);
    expect(await slots()).to.be.within(100, 239);
    expect(await file()).to.include({ state: 'waiting', done: 1 });
    expect((await report()).state).to.equal('waiting');

    endLeases();
    await Promise.all([jobs.drain(), jobs.drain()]);
    expect((await teacher.json('GET', timetable)).data).to.deep.include({
      state: 'done',
      figures: { total: 210, done: 210, taken: 0 },
    });
    expect([await classes(), await slots()]).to.deep.equal([210, 242]);
    const written = await file();
    expect(written?.state).to.equal('ready');
    expect((await report()).total.planned).to.equal(210);
    const kept = await model('File').find({ 'owner.kind': 'export' }).lean<{ _id: unknown }[]>();
    expect(
      kept.map(({ _id }) => String(_id)),
      'the one that was written before it was killed is gone',
    ).to.deep.equal([written?.fileId]);
  });

  it('notices: taken in, and killed before they are worked on and before that is written down', async () => {
    const tool = testApp.lms.control.tools()[0]!;
    testApp.lms.control.changeTool(tool.id, { scopes: [...tool.scopes, SCOPE.noticeHandlers] });
    await testApp.launch({ person: '11', course: '2' });
    await testApp.app.lti.notices.settled();
    const { jobs } = testApp.app;
    await jobs.drain();
    const copies = [testApp.lms.control.copyCourse('2'), testApp.lms.control.copyCourse('2')];
    const send = async (): Promise<void> => {
      for (const { id } of copies) {
        expect(await testApp.lms.control.sendCopyNotice(tool.id, id)).to.equal(202);
      }
    };
    await send();
    const killed = start([
      { work: 'jobs', collection: 'course_origins', containing: `"contextId":"${copies[0]!.id}"` },
      { work: 'jobs', collection: 'jobs', containing: '"state":"done"' },
    ]);
    await killed.halted;
    await killed.kill();
    const states = async () =>
      (
        await model('Job').find({ name: 'note-context-copy' }).lean<{ state: string; attempts: number }[]>()
      ).map(({ state, attempts }) => `${state} ${attempts}`);
    expect(await states()).to.deep.equal(['waiting 1', 'waiting 1']);
    const origins = () => model('CourseOrigin').find().lean<{ contextId: string; origins: string[] }[]>();
    expect(await origins()).to.have.length(1);

    endLeases();
    await Promise.all([jobs.drain(), jobs.drain()]);
    expect(await states()).to.deep.equal(['done 2', 'done 2']);
    const noted = await origins();
    expect(noted.map(({ contextId }) => contextId).sort()).to.deep.equal(copies.map(({ id }) => id).sort());
    for (const { origins: from } of noted) expect(from).to.deep.equal(['2']);
    // The platform may send what it does not know to have arrived.
    await send();
    await jobs.drain();
    for (const { origins: from } of await origins()) expect(from).to.deep.equal(['2']);
  });
});
