import { expect } from 'chai';
import { CLAIM } from '../../../src/lti/index.js';
import { HOUR } from '../../../src/shared/clock.js';
import type { Browser } from '../../support/lms.js';
import { launchLink } from '../../support/lms.js';
import { mapMethodist, METHODIST } from '../../support/roles.js';
import { startTestApp, Visitor, type TestApp } from '../../support/test-app.js';

const V = 'http://purl.imsglobal.org/vocab/lis/v2/';

describe('rights in a course', () => {
  let testApp: TestApp;
  beforeEach(async () => {
    testApp = await startTestApp();
    await testApp.app.jobs.stop();
  });
  afterEach(() => testApp.close());

  const launchWith = async (
    person: string,
    roles: readonly string[],
    browser?: Browser,
  ): Promise<Visitor> => {
    const { browser: used, response } = await launchLink(testApp.lms, {
      ...{ person, course: '2' },
      ...(browser && { browser }),
      forge: ({ claims }) => ({
        ...claims,
        [CLAIM.roles]: roles.map((role) => (role.includes(':') ? role : V + role)),
      }),
    });
    const key = /^\/c\/([a-z0-9]+)\//.exec(new URL(response.url).pathname)?.[1] ?? '';
    return new Visitor(testApp.origin, used, key, response);
  };
  const readRoster = async (teacher: Visitor): Promise<void> => {
    testApp.clock.advance(HOUR);
    expect((await teacher.submit('people/refresh')).status).to.equal(200);
    await testApp.app.jobs.drain();
  };

  it('follow the latest launch in all sessions of the person', async () => {
    const computer = await testApp.launch({ person: '11', course: '2' });
    expect((await computer.get('tests/new')).status).to.equal(200);
    testApp.lms.control.enrol('2', '11', 'student');
    const telephone = await testApp.launch({ person: '11', course: '2' });
    expect((await telephone.get('tests/new')).status).to.equal(403);
    expect((await computer.get('tests/new')).status).to.equal(403);
    expect((await computer.get('')).status).to.equal(200);
  });

  it('end with the absence from a whole roster, and come back with a launch', async () => {
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const student = await testApp.launch({ person: '101', course: '2' });
    await readRoster(teacher);
    expect((await student.get('')).status).to.equal(200);
    testApp.lms.control.unenrol('2', '101');
    await readRoster(teacher);
    expect((await student.get('')).status).to.equal(401);
    expect((await student.submit('grades/again')).status).to.equal(401);
    testApp.lms.control.enrol('2', '101', 'student');
    await testApp.launch({ person: '101', course: '2', browser: student.browser });
    expect((await student.get('')).status).to.equal(200);
  });

  it('are not lowered by the role of a roster alone', async () => {
    const assistant = testApp.lms.control.membersOf('2').find(({ role }) => role === 'teacher')!.person.id;
    const visitor = await testApp.launch({ person: assistant, course: '2' });
    await readRoster(visitor);
    expect((await visitor.get('tests/new')).status).to.equal(200);
  });

  it('stay with staff whom the LMS lets in and never lists', async () => {
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const administrator = await testApp.launch({ person: '2', course: '2' });
    testApp.lms.control.unenrol('2', '2');
    await readRoster(teacher);
    expect((await administrator.get('')).status).to.equal(200);
  });

  it('of an administrator of a part of Canvas who learns are those of a student', async () => {
    const visitor = await launchWith('101', ['institution/person#Administrator', 'membership#Learner']);
    expect((await visitor.get('tests/new')).status).to.equal(403);
    expect((await visitor.get('directory/new-teacher')).status).to.equal(403);
  });

  it('over the centre’s cards are none of a manager of a course', async () => {
    const manager = await launchWith('3', ['membership#Manager', 'membership#Administrator']);
    for (const page of ['directory/new-teacher', 'directory/new-association']) {
      expect((await manager.get(page)).status, page).to.equal(403);
    }
    expect((await manager.submit('directory/teachers', { surname: 'Новая' })).status).to.equal(403);
    expect((await manager.get('directory')).body).not.to.contain('new-teacher');
    await mapMethodist(testApp);
    const methodist = await launchWith('3', ['membership#Instructor', METHODIST]);
    expect((await methodist.get('directory/new-teacher')).status).to.equal(200);
    // The latest launch decides here too.
    await launchWith('3', ['membership#Instructor']);
    expect((await methodist.get('directory/new-teacher')).status).to.equal(403);
  });

  it('of short and old forms of a role are those of the full form, at launch and in the roster', async () => {
    for (const role of ['urn:lti:role:ims/lis/Instructor', 'urn:lti:role:ims/lis/Instructor/Lecturer']) {
      expect((await (await launchWith('12', [role])).get('tests/new')).status, role).to.equal(200);
    }
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const members = ['Instructor', 'urn:lti:role:ims/lis/Instructor', `${V}membership#Instructor`].map(
      (role, at) => ({ user_id: `new-${at}`, roles: [role] }),
    );
    testApp.lms.control.faults.fail('nrps', { status: 200, body: JSON.stringify({ members }) });
    await readRoster(teacher);
    const people = await teacher.json('GET', 'people/');
    const listed = (people.data as { participants: { launched: boolean; role: string }[] }).participants;
    expect(listed.filter(({ launched }) => !launched).map(({ role }) => role)).to.deep.equal([
      'teacher',
      'teacher',
      'teacher',
    ]);
  });
});
