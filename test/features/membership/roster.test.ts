import { expect } from 'chai';
import { HOUR, MINUTE } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';

interface Shown {
  readonly name: string;
  readonly role: string;
  readonly leftAt: string | null;
  readonly launched: boolean;
}

interface Page {
  readonly participants: Shown[];
  readonly present: number;
  readonly roster: { readonly reason: string; readonly waiting: boolean } | null;
}

/** The roster through the real protocol from the demo LMS, which lists people as the recorded Moodle does. */
describe('the roster of a course', () => {
  let testApp: TestApp;
  let teacher: Visitor;

  beforeEach(async () => {
    testApp = await startTestApp({ env: { ROSTER_HOURS: '6' } });
    // Driven by hand: each test says when rosters are read.
    await testApp.app.jobs.stop();
    teacher = await testApp.launch({ person: '11', course: '2' });
  });
  afterEach(() => testApp.close());

  const readRosters = (): Promise<void> => testApp.app.jobs.drain();
  const page = async (): Promise<Page> => (await teacher.json('GET', 'people/')).data as Page;
  const listed = () => testApp.lms.control.membersOf('2');
  const calls = (): number => testApp.lms.control.faults.calls.nrps;

  it('names who is in the course, before they have come', async () => {
    expect((await page()).participants).to.have.length(1);
    await readRosters();
    const { participants, present } = await page();
    expect(present).to.equal(listed().length);
    expect(participants).to.have.length(listed().length);
    const unlaunched = participants.filter(({ launched }) => !launched);
    expect(unlaunched).to.have.length(listed().length - 1);
    // One keeps the name from tools.
    expect(unlaunched.filter(({ name }) => name.includes(' ')).length).to.be.at.least(unlaunched.length - 2);
    const html = (await teacher.get('people/')).body;
    expect(html).to.contain('ещё не заходил(а)').and.contain('Список из СДО на');
  });

  it('asks for the link first, then for the context', async () => {
    testApp.lms.control.faults.fail('nrps', { status: 404, times: 1 });
    await readRosters();
    expect(calls()).to.equal(2);
    expect((await page()).present).to.equal(listed().length);
  });

  it('is read again after a launch only when it is older than the hours set', async () => {
    await readRosters();
    testApp.clock.advance(5 * HOUR);
    await testApp.launch({ person: '101', course: '2' });
    await readRosters();
    expect(calls()).to.equal(1);
    testApp.clock.advance(HOUR + MINUTE);
    await testApp.launch({ person: '101', course: '2' });
    await readRosters();
    expect(calls()).to.equal(2);
  });

  it('is read again by the button, and not twice in a minute', async () => {
    await readRosters();
    for (const minutes of [0, 2]) {
      testApp.clock.advance(minutes * MINUTE);
      const answer = await teacher.submit('people/refresh');
      expect(answer.body).to.contain('Список обновляется');
      await readRosters();
    }
    expect(calls()).to.equal(2);
  });

  it('marks people who left, restores them, and deletes no person', async () => {
    await readRosters();
    const before = (await page()).participants;
    testApp.lms.control.unenrol('2', '101');
    testApp.clock.advance(7 * HOUR);
    await teacher.submit('people/refresh');
    await readRosters();
    const after = (await page()).participants;
    expect(after).to.have.length(before.length);
    const gone = after.filter(({ leftAt }) => leftAt !== null);
    expect(gone).to.have.length(1);
    expect((await teacher.get('people/')).body).to.contain('нет в списке с');
    testApp.lms.control.enrol('2', '101', 'student');
    testApp.clock.advance(7 * HOUR);
    await teacher.submit('people/refresh');
    await readRosters();
    expect((await page()).participants.filter(({ leftAt }) => leftAt !== null)).to.deep.equal([]);
  });

  it('a link that only some may see does not make the others leave', async () => {
    await readRosters();
    testApp.lms.control.unenrol('2', '101');
    const some = testApp.lms.control.membersOf('2').slice(0, 3);
    // The recorded platform lists for a link those who meet its conditions.
    const members = some.map(({ person }) => ({ user_id: person.id, status: 'Active', roles: ['Learner'] }));
    testApp.lms.control.faults.fail('nrps', { status: 200, body: JSON.stringify({ members }), times: 1 });
    testApp.clock.advance(7 * HOUR);
    await teacher.submit('people/refresh');
    await readRosters();
    expect(calls()).to.equal(3);
    expect((await page()).participants.filter(({ leftAt }) => leftAt !== null)).to.have.length(1);
  });

  it('enrols thousands of doubled entries without roles once each, as students', async () => {
    const many = Array.from({ length: 3000 }, (_, at) => ({ user_id: `huge-${at}`, name: `Иван ${at}` }));
    const body = JSON.stringify({ members: [...many, ...many, { user_id: '11' }] });
    testApp.lms.control.faults.fail('nrps', { status: 200, body });
    await readRosters();
    const { participants, present } = await page();
    expect(present).to.equal(3001);
    expect(participants.filter(({ role }) => role === 'student')).to.have.length(3000);
    expect(participants.find(({ launched }) => launched)?.role, 'the teacher stays one').to.equal('teacher');
  });

  it('an incomplete list makes no person leave', async () => {
    await readRosters();
    const before = (await page()).present;
    const members = [{ user_id: '101', roles: ['Learner'] }];
    const link = '<https://elsewhere.example/members?page=2>; rel="next"';
    testApp.lms.control.faults.fail('nrps', {
      status: 200,
      body: JSON.stringify({ members }),
      headers: { link },
    });
    testApp.clock.advance(7 * HOUR);
    await teacher.submit('people/refresh');
    await readRosters();
    expect((await page()).present).to.equal(before);
  });

  it('changes no role or name that a launch has told', async () => {
    const assistant = testApp.lms.control.membersOf('2').find(({ role }) => role === 'teacher');
    if (!assistant) throw new Error('the course has a non-editing teacher');
    await testApp.launch({ person: assistant.person.id, course: '2' });
    const named = (await page()).participants;
    await readRosters();
    const after = (await page()).participants.filter(({ launched }) => launched);
    expect(after).to.deep.equal(named);
    expect(after.map(({ role }) => role)).to.include.members(['teacher']);
    expect(after.map(({ role }) => role)).to.not.include('student');
  });

  it('lists a non-editing teacher as no student, once a teacher has said so or a launch has', async () => {
    await readRosters();
    const { control } = testApp.lms;
    const assistant = control.membersOf('2').find(({ role }) => role === 'teacher')!;
    const rows = testApp.storage.connection.model('Person');
    const { _id } = (await rows.findOne({ sub: assistant.person.id }).lean<{ _id: unknown }>())!;
    const person = String(_id);
    const roleOf = async () =>
      (await page()).participants.find(({ name }) => name.startsWith(assistant.person.familyName))!.role;
    expect(await roleOf(), 'Moodle’s roster says so').to.equal('student');

    expect((await teacher.get('people/')).body).to.contain('помогает преподавать');
    const marked = await teacher.submit('people/assistants', { person, assists: 'yes' });
    expect(marked.body).to.contain('Отмечено: не обучающийся');
    expect(await roleOf()).to.equal('assistant');
    const students = (await teacher.json('GET', 'people/?role=student')).data as Page;
    expect(students.participants.map(({ name }) => name).join()).not.to.contain(assistant.person.familyName);

    testApp.clock.advance(7 * HOUR);
    await teacher.submit('people/refresh');
    await readRosters();
    expect(await roleOf(), 'after the next roster').to.equal('assistant');
    await teacher.submit('people/assistants', { person, assists: 'no' });
    expect(await roleOf()).to.equal('student');

    await testApp.launch({ person: assistant.person.id, course: '2' });
    expect(await roleOf(), 'the launch tells').to.equal('teacher');
    const late = await teacher.json('POST', 'people/assistants', { person, assists: 'yes' });
    expect(late.status).to.equal(409);
    expect(late.data).to.include({ code: 'roster-launched' });

    const foreign = await testApp.launch({ person: '15', course: '3' });
    const student = await testApp.launch({ person: '101', course: '2' });
    for (const [visitor, body, status] of [
      [foreign, { person, assists: 'yes' }, 404],
      [student, { person, assists: 'yes' }, 403],
      [teacher, { person: 'f'.repeat(24), assists: 'yes' }, 404],
      [teacher, { person: 'x', assists: 'yes' }, 400],
      [teacher, { person, assists: 'perhaps' }, 400],
      [teacher, {}, 400],
    ] as const)
      expect((await visitor.json('POST', 'people/assistants', body)).status).to.equal(status);
  });

  it('is tried again with growing pauses when the LMS fails, and says in its words why', async () => {
    testApp.lms.control.faults.fail('nrps', { status: 503, body: 'Перерыв на обслуживание', times: 2 });
    await readRosters();
    expect((await page()).roster).to.include({ waiting: true });
    expect((await page()).roster?.reason).to.match(/^503 Перерыв/);
    await readRosters();
    expect(calls(), 'not before its time').to.equal(1);
    // Pauses of one and two minutes, each longer by up to a half.
    testApp.clock.advance(1.5 * MINUTE);
    await readRosters();
    testApp.clock.advance(3 * MINUTE);
    await readRosters();
    expect(calls()).to.equal(3);
    expect(await page()).to.nested.include({ 'roster.reason': '', present: listed().length });
  });

  it('is given up after six attempts, and read again after a launch', async () => {
    testApp.lms.control.faults.fail('nrps', { status: 503 });
    for (let attempts = 1; attempts < 10; attempts += 1) {
      await readRosters();
      testApp.clock.advance(90 * MINUTE);
    }
    expect(calls()).to.equal(6);
    const failed = () => testApp.app.jobs.listFailed({ name: 'read-roster', limit: 2 });
    expect(await failed()).to.have.length(1);
    testApp.lms.control.faults.clear();
    teacher = await testApp.launch({ person: '11', course: '2' });
    expect((await page()).roster).to.include({ waiting: true });
    await readRosters();
    expect(await page()).to.nested.include({ 'roster.reason': '', present: listed().length });
    expect(await failed()).to.deep.equal([]);
  });

  it('changes nothing when the list is empty or unreadable', async () => {
    await readRosters();
    const before = (await page()).participants;
    for (const body of ['{"members":[]}', '{"people":[]}', '{"members":[{"id":1}]}', 'not JSON']) {
      testApp.lms.control.faults.clear();
      testApp.lms.control.faults.fail('nrps', { status: 200, body });
      testApp.clock.advance(7 * HOUR);
      teacher = await testApp.launch({ person: '11', course: '2' });
      await teacher.submit('people/refresh');
      await readRosters();
      expect((await page()).participants, body).to.deep.equal(before);
    }
  });

  it('is for those who teach', async () => {
    const student = await testApp.launch({ person: '101', course: '2' });
    expect((await student.get('people/')).status).to.equal(403);
    expect((await student.submit('people/refresh')).status).to.equal(403);
    expect((await student.get('')).body).to.not.contain('Участники');
  });

  it('says so where the LMS offers none', async () => {
    const [tool] = testApp.lms.control.tools();
    testApp.lms.control.changeTool(tool!.id, { scopes: [] });
    const other = await testApp.launch({ person: '15', course: '3' });
    const shown = (await other.json('GET', 'people/')).data as Page;
    expect(shown.roster).to.equal(null);
    expect((await other.get('people/')).body).to.contain('не передаёт список');
    expect((await other.json('POST', 'people/refresh')).status).to.equal(409);
  });
});
