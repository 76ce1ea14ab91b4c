import { expect } from 'chai';
import type { PersonalData } from '../../../src/shared/personal-data.js';
import type { Visitor } from '../../support/test-app.js';
import { differences, renew, snapshotOf, type Snapshot } from '../../support/snapshot.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';
import { begin, CAPITAL, makeTest } from '../assessments/fixtures.js';
import { book, bookingOf, expectDone, firstSlot, offer, slotsOf } from '../consultations/fixtures.js';

/** Of the student that things are done to: long enough to be found wherever they would be left. */
const SECRET = 'О чём никто не узнает';

describe('a person as a whole', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let teacher: Visitor;
  let student: Visitor;
  let series: string;
  let test: string;
  let studentId: string;
  let kept: Snapshot;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    await comeIn();
    series = await offer(testApp, teacher, 3, { question: 'optional' });
    expectDone(await book(student, await firstSlot(teacher, series), { question: SECRET }));
    test = await makeTest(teacher, { title: 'Столицы' }, [CAPITAL]);
    const attempt = /tests\/.*$/.exec(await begin(student, test))![0];
    await student.json('POST', `${attempt}/finish`, { q1: ['1'], r1: 0 });
    studentId = await idOf('101');
    await testApp.app.jobs.stop();
    await testApp.app.jobs.drain();
    await model('Grade').create(gradeOf(studentId, '101', 'https://lms.example/1'));
    kept = await snapshotOf(testApp);
  });
  beforeEach(async () => {
    await renew(testApp, kept);
    // Sessions end with what is done to a person.
    await comeIn();
    await testApp.app.jobs.drain();
  });
  after(() => testApp.close());

  async function comeIn(): Promise<void> {
    admin = await testApp.enter();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
  }

  const model = (name: string) => testApp.storage.connection.model(name);
  const idOf = async (sub: string): Promise<string> => {
    const person = await model('Person').findOne({ sub }).lean<{ _id: unknown }>();
    return String(person?._id);
  };
  const gradeOf = (personId: string, sub: string, lineItem: string) => ({
    ...{ registrationId: testApp.registration.id, courseId: 'x', personId, sub, lineItem, title: 'Столицы' },
    ...{
      content: { kind: 'test', id: '1' },
      scoreGiven: 1,
      scoreMaximum: 1,
      version: 1,
      tries: 3,
      state: 'sent',
    },
    ...{ submittedAt: new Date(), asOf: new Date(), queuedAt: new Date(), dueAt: new Date() },
  });
  const setCourse = async (): Promise<void> => {
    const course = await model('Course').findOne({ contextId: '2' }).lean<{ _id: unknown }>();
    await model('Grade').updateMany({ courseId: 'x' }, { $set: { courseId: String(course!._id) } });
  };
  /** Decides, and has the decision carried out. */
  const decide = async (path: string, fields: Record<string, string> = { sure: 'on' }) => {
    const answer = await admin.post(`/admin/people/${path}`, fields, { page: '/admin' });
    await testApp.app.jobs.drain();
    return answer;
  };
  const erase = (id: string, fields?: Record<string, string>) => decide(`${id}/erase`, fields);
  const merge = (from: string, to: string, fields?: Record<string, string>) =>
    decide(`${from}/merge/${to}`, fields);
  const actions = async (): Promise<string[]> =>
    (await admin.data<{ entries: { action: string }[] }>('/admin/audit')).entries.map(({ action }) => action);
  /** Everything that is stored, but for sessions and the log of launches. */
  const everything = async (): Promise<string> => JSON.stringify([...(await snapshotOf(testApp)).values()]);
  const named = async (id: string): Promise<{ name: { surname: string }; email: string }> =>
    (await model('Person').findById(id).lean<{ name: { surname: string }; email: string }>())!;

  it('is exported: what every feature keeps of them, and nothing of others', async () => {
    await setCourse();
    const other = await testApp.launch({ person: '103', course: '2' });
    expectDone(await book(other, (await slotsOf(teacher, series))[1]!.slotId, { question: 'Чужой вопрос' }));
    const file = await admin.post(`/admin/people/${studentId}/export`, {}, { page: '/admin' });
    expect(file.headers.get('content-disposition')).to.contain('attachment');
    const data = JSON.parse(file.text) as Record<string, { question?: string; email?: string }[]>;
    for (const part of ['person', 'courses', 'consultationBookings', 'testAttempts', 'grades']) {
      expect(data[part], part).to.have.length(1);
    }
    expect(data.consultationBookings![0]!.question).to.equal(SECRET);
    expect(data.person![0]!.email).to.equal((await named(studentId)).email);
    expect(file.text).not.to.contain('Чужой вопрос');
    expect((await actions())[0]).to.equal('person-exported');
  });

  it('is erased: no trace is left, seats are free, and a new launch starts empty', async () => {
    await setCourse();
    const { name, email } = await named(studentId);
    expect(await everything())
      .to.contain(SECRET)
      .and.contain(email);
    const page = await admin.get(`/admin/people/${studentId}/erase?lang=ru`);
    expect(page.text).to.contain('Я понимаю');
    const erased = await erase(studentId);
    expect(erased.url).to.contain('personErased');
    const left = await everything();
    for (const trace of [SECRET, email, '"sub":"101"']) expect(left, trace).not.to.contain(trace);
    const tombstone = await named(studentId);
    expect(tombstone).to.deep.include({ email: '' });
    expect(tombstone.name.surname).to.equal('');
    expect(await model('TestAttempt').countDocuments({ personId: studentId })).to.equal(0);
    expect(await model('ConsultationBooking').countDocuments({ state: 'booked' })).to.equal(0);
    expect((await admin.get(`/admin/people/${studentId}`)).status).to.equal(404);
    expect((await admin.get(`/admin/people?q=${encodeURIComponent(name.surname)}`)).text).not.to.contain(
      studentId,
    );

    testApp.clock.advance(3_000);
    expect((await student.get('')).status, 'the session is over').to.equal(401);
    const again = await testApp.launch({ person: '101', course: '2' });
    expect(await idOf('101')).not.to.equal(studentId);
    expectDone(await book(again, await firstSlot(teacher, series), {}));
    expect((await actions())[0]).to.equal('person-erased');
    const { entries } = await admin.data<{ entries: { subject: { name: string } }[] }>('/admin/audit');
    expect(entries[0]!.subject.name).to.equal(`#${studentId.slice(-6)}`);
  });

  it('is not erased without a yes, nor while they are to hold consultations', async () => {
    const before = await snapshotOf(testApp);
    expect((await erase(studentId, {})).status).to.equal(400);
    const teacherId = await idOf('11');
    const page = await admin.get(`/admin/people/${teacherId}/erase?lang=ru`);
    expect(page.text).to.contain('ведёт будущие консультации').and.not.contain('name="sure"');
    expect((await erase(teacherId)).status).to.equal(409);
    expect((await erase('0'.repeat(24))).status).to.equal(404);
    const changed = differences(before, await snapshotOf(testApp)).filter(
      (name) => name !== 'admin_sessions',
    );
    expect(changed).to.deep.equal([]);
  });

  it('becomes part of another: all that was theirs is the other’s, and both come in as one', async () => {
    await setCourse();
    const other = await testApp.launch({ person: '103', course: '2' });
    const otherId = await idOf('103');
    const page = await admin.get(`/admin/people/${studentId}/merge/${otherId}?lang=ru`);
    expect(page.text).to.contain('name="sure"');
    testApp.lms.control.faults.fail('token', { status: 503 });
    expect((await merge(studentId, otherId)).url).to.contain('peopleMerged');
    for (const name of ['TestAttempt', 'ConsultationBooking', 'Grade', 'Membership']) {
      expect(await model(name).countDocuments({ personId: studentId }), name).to.equal(0);
      expect(await model(name).countDocuments({ personId: otherId }), name).to.equal(1);
    }
    const grade = await model('Grade').findOne().lean<{ sub: string; state: string; tries: number }>();
    // It is sent as if never tried, and the LMS is down.
    expect(grade).to.include({ sub: '103', state: 'pending', tries: 1 });
    expect((await bookingOf(other, await firstSlot(teacher, series))).id).to.be.a('string');
    // Nobody is in two places: the moved booking holds the time of whom it belongs to now.
    const [slot] = await slotsOf(teacher, series);
    expect((await book(other, slot!.slotId)).status).to.equal(409);
    await testApp.launch({ person: '101', course: '2' });
    expect(await model('Membership').countDocuments({ personId: studentId })).to.equal(0);
    expect((await actions())[0]).to.equal('people-merged');

    // A merged person is erased with the target of the merge.
    await erase(otherId);
    const subs = (await model('Person').find().lean<{ sub: string }[]>()).map(({ sub }) => sub);
    expect(subs).not.to.include('101').and.not.include('103');
  });

  it('stays apart where something would be lost, and the page says what', async () => {
    const other = await testApp.launch({ person: '103', course: '2' });
    await begin(other, test);
    const otherId = await idOf('103');
    const before = await snapshotOf(testApp);
    const page = await admin.get(`/admin/people/${studentId}/merge/${otherId}?lang=ru`);
    expect(page.text)
      .to.contain('попытки одного и того же теста')
      .and.contain('Столицы')
      .and.not.contain('name="sure"');
    expect((await merge(studentId, otherId)).status).to.equal(409);
    expect((await merge(studentId, await idOf('11'))).status, 'a teacher').to.equal(409);
    expect((await merge(studentId, studentId)).status, 'themselves').to.equal(409);
    expect((await merge(studentId, otherId, {})).status, 'without a yes').to.equal(400);
    const changed = differences(before, await snapshotOf(testApp)).filter(
      (name) => name !== 'admin_sessions',
    );
    expect(changed).to.deep.equal([]);
  });

  it('two who sit at the same time in two places stay apart', async () => {
    const other = await testApp.launch({ person: '103', course: '2' });
    const second = await testApp.launch({ person: '12', course: '2' });
    const parallel = await offer(testApp, second, 3, {});
    expectDone(await book(other, await firstSlot(second, parallel)));
    const page = await admin.get(`/admin/people/${studentId}/merge/${await idOf('103')}?lang=ru`);
    expect(page.text).to.contain('в одно и то же время');
  });

  describe('a process killed between any two steps', () => {
    const personalDataSources = (): PersonalData[] => {
      const { consultations, assessments, grades, directory, membership } = testApp.app.features;
      return [consultations, assessments, grades, directory, membership].map(
        ({ personalData }) => personalData,
      );
    };

    for (const kind of ['erase', 'move'] as const) {
      for (const at of [0, 1, 2, 3, 4]) {
        it(`${kind} ends with the same when cut short after step ${at + 1}`, async () => {
          await setCourse();
          await testApp.launch({ person: '103', course: '2' });
          const otherId = await idOf('103');
          const personalData = personalDataSources()[at]!;
          const whole = personalData[kind].bind(personalData) as (...args: unknown[]) => Promise<void>;
          let cuts = 0;
          personalData[kind] = async (...args: unknown[]) => {
            await whole(...args);
            cuts += 1;
            if (cuts === 1) throw new Error('killed');
          };
          const cut = await (kind === 'erase' ? erase(studentId) : merge(studentId, otherId));
          expect(cut.status).to.equal(200);
          expect(cuts).to.equal(1);
          expect((await erase(otherId)).status, 'meanwhile nothing else').to.equal(
            kind === 'erase' ? 200 : 409,
          );
          expect(await model('PersonDecision').countDocuments({}), 'it is tried again later').to.equal(1);
          testApp.clock.advance(60_000);
          await testApp.app.jobs.drain();
          expect(await model('PersonDecision').countDocuments({})).to.equal(0);
          for (const name of ['TestAttempt', 'Grade', 'Membership']) {
            expect(await model(name).countDocuments({ personId: studentId }), name).to.equal(0);
          }
          if (kind === 'erase') expect(await everything()).not.to.contain(SECRET);
          else expect(await model('TestAttempt').countDocuments({ personId: otherId })).to.equal(1);
          expect((await admin.get(`/admin/people/${studentId}`)).status).to.equal(404);
        });
      }
    }
  });
});
