import { expect } from 'chai';
import { ALL_SCOPES, SCOPE } from '../../../scripts/demo-lms/index.js';
import { HOUR } from '../../../src/shared/clock.js';
import type { CourseGroup } from '../../../src/features/membership/index.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';

interface Page {
  readonly participants: readonly { readonly name: string; readonly groups: readonly string[] }[];
  readonly groups: readonly Omit<CourseGroup, 'courseId'>[];
  readonly group: string | null;
  readonly roster: { readonly groupsReason: string } | null;
}

/** Groups as platforms tell of them: by the service, with the roster, or by a custom parameter of each launch. */
describe('the groups of a course', () => {
  let testApp: TestApp;
  let teacher: Visitor;

  beforeEach(async () => {
    testApp = await startTestApp({ env: { ROSTER_HOURS: '6' } });
    // Driven by hand: each test says when rosters are read.
    await testApp.app.jobs.stop();
  });
  afterEach(() => testApp.close());

  /** The service, as a plugin adds it to the recorded platform. */
  const offer = (): void => {
    testApp.lms.control.changeTool(testApp.lms.control.tools()[0]!.id, {
      scopes: [...ALL_SCOPES, SCOPE.groups],
    });
  };
  const comeIn = async (): Promise<void> => {
    teacher = await testApp.launch({ person: '11', course: '2' });
  };
  const readRosters = (): Promise<void> => testApp.app.jobs.drain();
  async function again(): Promise<void> {
    testApp.clock.advance(7 * HOUR);
    await teacher.submit('people/refresh');
    await readRosters();
  }
  const page = async (query = ''): Promise<Page> =>
    (await teacher.json('GET', `people/${query}`)).data as Page;
  const courseId = async (contextId = '2'): Promise<string> => {
    const course = await testApp.storage.connection
      .model('Course')
      .findOne({ contextId })
      .lean<{ _id: unknown }>();
    return String(course?._id);
  };
  const groupsOf = async () => testApp.app.features.membership.groupsOf(await courseId());
  /** The platform's ids of a group's members. */
  async function subsOf(id: string): Promise<string[]> {
    const ids = await testApp.app.features.membership.membersOf({ courseId: await courseId(), id });
    return (await testApp.app.features.membership.people.findMany(ids)).map(({ sub }) => sub).sort();
  }
  const inLms = (id: string): string[] => {
    const listed = new Set(testApp.lms.control.membersOf('2').map(({ person }) => person.id));
    const group = testApp.lms.control.groupsIn('2').find((item) => item.id === id);
    return (group?.memberIds ?? []).filter((memberId) => listed.has(memberId)).sort();
  };

  describe('from the service', () => {
    beforeEach(async () => {
      offer();
      await comeIn();
      await readRosters();
    });

    it('come with the roster: names, sets, and who is in them, before anybody has come', async () => {
      const groups = await groupsOf();
      expect(groups.map(({ id, name, set }) => [id, name, set])).to.deep.equal([
        ['3', 'Подготовка к олимпиаде', ''],
        ['1', 'Группа 9-А', 'Классы'],
        ['2', 'Группа 9-Б', 'Классы'],
      ]);
      for (const { id, size } of groups) {
        expect(await subsOf(id)).to.deep.equal(inLms(id));
        expect(size).to.equal(inLms(id).length).and.above(2);
      }
    });

    it('stand on the page of people, which can be narrowed to one', async () => {
      const all = await page();
      expect(all.group).to.equal(null);
      const olympiad = await page('?group=3');
      expect(olympiad.group).to.equal('3');
      expect(olympiad.participants).to.have.length(inLms('3').length);
      for (const { groups } of olympiad.participants) expect(groups).to.include('3');
      const html = (await teacher.get('people/?group=3')).body;
      expect(html)
        .to.contain('<optgroup label="Классы">')
        .and.match(/value="3"\s+selected/);
      expect(html).to.contain('Подготовка к олимпиаде, Группа 9-А');
      for (const query of [
        '?group=nonsense',
        '?group=',
        '?group[$ne]=1',
        '?group=1&group=2',
        `?group=${'1'.repeat(300)}`,
      ]) {
        const answer = await teacher.json('GET', `people/${query}`);
        expect(answer.status, query).to.be.oneOf([200, 400]);
        if (answer.status === 200)
          expect((answer.data as Page).participants).to.have.length(all.participants.length);
      }
    });

    it('follow the platform: renamed, joined, left, and gone', async () => {
      const { control } = testApp.lms;
      control.changeGroup('3', { title: 'Олимпиада &amp; турнир', memberIds: ['101', '102'] });
      control.removeGroup('2');
      control.addGroup('2', { title: 'Отстающие', memberIds: ['103'] });
      await again();
      const groups = await groupsOf();
      expect(groups.map(({ name, size }) => [name, size])).to.deep.equal([
        ['Олимпиада & турнир', 2],
        ['Отстающие', 1],
        ['Группа 9-А', inLms('1').length],
      ]);
      expect(await subsOf('2')).to.deep.equal([]);
      expect((await page()).participants.some((participant) => participant.groups.includes('2'))).to.equal(
        false,
      );
      control.unenrol('2', '101');
      await again();
      expect(await subsOf('3'), 'who has left the course is in none of its groups').to.deep.equal(['102']);
    });

    it('keep their state while the service fails, with the reason on the page; the roster is still read', async () => {
      const before = await groupsOf();
      testApp.lms.control.faults.fail('groups', { status: 503, body: 'Перерыв' });
      testApp.lms.control.enrol('2', '140', 'student');
      await again();
      expect(await groupsOf()).to.deep.equal(before);
      const shown = await page();
      expect(shown.roster?.groupsReason).to.equal('503 Перерыв');
      expect(shown.participants).to.have.length(testApp.lms.control.membersOf('2').length);
      expect((await teacher.get('people/')).body).to.contain('СДО не передала группы');
      testApp.lms.control.faults.clear();
      await again();
      expect((await page()).roster?.groupsReason).to.equal('');
    });

    it('come by what the launch says where the roster says nothing of groups', async () => {
      const members = testApp.lms.control
        .membersOf('2')
        .map(({ person }) => ({ user_id: person.id, roles: ['Learner'] }));
      testApp.lms.control.faults.fail('nrps', { status: 200, body: JSON.stringify({ members }) });
      await testApp.launch({ person: '101', course: '2' });
      testApp.lms.control.removeGroup('3');
      await again();
      expect(await subsOf('1')).to.deep.equal(inLms('1'));
      expect(await subsOf('3'), 'the service lists it no more').to.deep.equal([]);
      expect((await groupsOf()).map(({ id }) => id)).to.deep.equal(['1', '2']);
    });

    it('are not asked for where the right to them is not offered', async () => {
      testApp.lms.control.changeTool(testApp.lms.control.tools()[0]!.id, { scopes: [...ALL_SCOPES] });
      testApp.lms.control.faults.resetCalls();
      testApp.clock.advance(HOUR);
      await comeIn();
      await again();
      expect(testApp.lms.control.faults.calls).to.include({ groups: 0, nrps: 1 });
      // Ids remain, as launches and the last roster told.
      expect((await groupsOf()).map(({ name }) => name)).to.deep.equal(['', '', '']);
    });
  });

  describe('from a custom parameter', () => {
    beforeEach(() => comeIn());

    it('come with each launch, by their ids alone', async () => {
      expect(await groupsOf()).to.deep.equal([]);
      expect((await teacher.get('people/')).body).to.not.contain('<select name="group">');
      await testApp.launch({ person: '101', course: '2' });
      await testApp.launch({ person: '116', course: '2' });
      expect((await groupsOf()).map(({ id, name, size }) => [id, name, size])).to.deep.equal([
        ['1', '', 1],
        ['2', '', 1],
        ['3', '', 2],
      ]);
      expect(await subsOf('3')).to.deep.equal(['101', '116']);
      expect((await teacher.get('people/?group=3')).body)
        .to.contain('Группа 3 (2)')
        .and.contain('Группа 1, Группа 3');
      await readRosters();
      expect(await subsOf('3'), 'a roster that knows no groups changes none').to.deep.equal(['101', '116']);
    });

    it('end with a launch that names none; a launch that says nothing changes none', async () => {
      await testApp.launch({ person: '101', course: '2' });
      const { id } = testApp.lms.control.tools()[0]!;
      for (const custom of ['groups=$Unknown.variable', 'tz=Europe/Moscow', 'groups=,, $x']) {
        testApp.lms.control.changeTool(id, { custom });
        await testApp.launch({ person: '101', course: '2' });
        expect(await subsOf('1'), custom).to.deep.equal(['101']);
      }
      testApp.lms.control.changeTool(id, { custom: 'groups=$Moodle.Person.userGroupIds' });
      for (const group of testApp.lms.control.groupsIn('2')) {
        testApp.lms.control.changeGroup(group.id, { memberIds: [] });
      }
      await testApp.launch({ person: '101', course: '2' });
      expect(await groupsOf()).to.deep.equal([]);
    });

    it('cause no write at a launch when they are unchanged, in any order', async () => {
      const { id } = testApp.lms.control.tools()[0]!;
      testApp.lms.control.changeTool(id, { custom: 'groups=b,a,,a, c' });
      await testApp.launch({ person: '101', course: '2' });
      const rows = testApp.storage.connection.model('Membership');
      const read = () => rows.find({ groups: 'a' }).lean<{ groups: string[]; updatedAt: Date }[]>();
      const before = await read();
      expect(before.map(({ groups }) => groups)).to.deep.equal([['a', 'b', 'c']]);
      testApp.clock.advance(1000);
      testApp.lms.control.changeTool(id, { custom: 'groups=c,b,a' });
      await testApp.launch({ person: '101', course: '2' });
      expect(await read()).to.deep.equal(before);
    });

    it('that are very many, or very long, are cut off', async () => {
      const { id } = testApp.lms.control.tools()[0]!;
      const many = Array.from({ length: 500 }, (_, at) => `g${at}`).join(',');
      testApp.lms.control.changeTool(id, { custom: `groups=${'x'.repeat(300)},${many}` });
      await testApp.launch({ person: '101', course: '2' });
      expect(await groupsOf()).to.have.length(100);
    });
  });

  it('are shown to no student: not on a page, not in data, not in names of filters', async () => {
    offer();
    testApp.lms.control.changeGroup('3', { title: 'Тайное общество' });
    await comeIn();
    await readRosters();
    const student = await testApp.launch({ person: '101', course: '2' });
    expect((await student.get('people/?group=3')).status).to.equal(403);
    for (const path of ['', 'consultations/', 'tests/', 'grades', 'directory']) {
      expect((await student.get(path)).body, path).to.not.contain('Тайное общество');
      expect(JSON.stringify((await student.json('GET', path)).data), path).to.not.match(/Тайное|"groups"/);
    }
  });

  it('of one course are not those of another', async () => {
    offer();
    await comeIn();
    await readRosters();
    await testApp.launch({ person: '15', course: '3' });
    await readRosters();
    const other = await testApp.app.features.membership.groupsOf(await courseId('3'));
    expect(other.map(({ id }) => id)).to.have.members(['4', '5']);
    expect(
      await testApp.app.features.membership.membersOf({ courseId: await courseId('3'), id: '1' }),
    ).to.deep.equal([]);
  });
});
