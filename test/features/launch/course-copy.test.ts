import { expect } from 'chai';
import { launchLink } from '../../support/lms.js';
import { startTestApp, Visitor, type TestApp } from '../../support/test-app.js';
import { ask, begin, CAPITAL, makeTest, PI, PRIMES, take } from '../assessments/fixtures.js';

const CUSTOM = 'https://purl.imsglobal.org/spec/lti/claim/custom';

const RIGHT = { [CAPITAL.text]: ['Москва'], [PRIMES.text]: ['2', '3'], [PI.text]: ['3,14'] };

describe('course copy', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let test: string;

  beforeEach(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    test = await makeTest(teacher, { title: 'Итоговый', attemptsAllowed: '3' }, [CAPITAL, PRIMES, PI]);
  });
  afterEach(() => testApp.close());

  /** Places the test into a course, as Deep Linking would. @returns the link's id */
  const place = (course: string, id = test, custom = ''): string =>
    testApp.lms.control.addActivity(course, testApp.lms.control.tools()[0]!.id, {
      title: 'Итоговый',
      custom: `nastavnik_kind=test\nnastavnik_id=${id}\n${custom}`,
      column: { scoreMaximum: 9 },
    }).id;

  const testLink = (course: string): string =>
    testApp.lms.control.activities(course).find(({ home }) => !home)!.id;

  /** Opens a link. @param history what `context_history` says instead of the LMS; undefined: nothing at all */
  async function open(person: string, course: string, link: string, history?: string | null) {
    const { browser, response } = await launchLink(testApp.lms, {
      person,
      course,
      link,
      ...(history !== undefined && {
        forge: ({ claims }) => {
          const { context_history: _, ...rest } = claims[CUSTOM] as Record<string, unknown>;
          return { ...claims, [CUSTOM]: { ...rest, ...(history !== null && { context_history: history }) } };
        },
      }),
    });
    const [, key = '', path = ''] = /\/c\/(\w+)\/(.*)$/.exec(response.url) ?? [];
    return { visitor: new Visitor(testApp.origin, browser, key, response), path, response };
  }

  const idIn = (path: string): string => /^tests\/([0-9a-f]{24})$/.exec(path)?.[1] ?? '';
  const countTests = () => testApp.storage.connection.model('Test').countDocuments();

  /** Copies course 2 with its students; course 2's title is what its launches said. */
  const copied = (of = '2') => testApp.lms.control.copyCourse(of, { withStudents: true, title: 'Новый год' });

  it('clones settings and questions at the first launch, never attempts, and opens the clone from then on', async () => {
    const link = place('2');
    const student = await testApp.launch({ person: '101', course: '2', link });
    await take(student, test, RIGHT);
    const course = copied();
    const { visitor, path } = await open('11', course.id, testLink(course.id));
    const clone = idIn(path);
    expect(clone)
      .to.match(/^[0-9a-f]{24}$/)
      .and.not.equal(test);
    const [before, after] = [
      (await ask(teacher, 'GET', `tests/${test}`)).data,
      (await ask(visitor, 'GET', `tests/${clone}`)).data,
    ];
    const { id: _a, ...old } = before.test;
    const { id: _b, ...now } = after.test;
    expect(now).to.deep.equal(old);
    const content = ({ text, mark }: { text: string; mark: number }) => ({ text, mark });
    expect(after.questions.map(content)).to.deep.equal(before.questions.map(content));
    const results = await ask(visitor, 'GET', `tests/${clone}/results`);
    expect(results.data.students.flatMap((student) => student.attempts)).to.deep.equal([]);

    const again = await open('11', course.id, testLink(course.id));
    expect(idIn(again.path)).to.equal(clone);
    const pupil = await open('101', course.id, testLink(course.id));
    expect(idIn(pupil.path)).to.equal(clone);
    expect(await countTests()).to.equal(2);
    // And can be taken, with a grade in the new course's gradebook.
    await take(pupil.visitor, clone, RIGHT);
    await testApp.app.jobs.drain();
    const [column] = testApp.lms.control.columnsOfActivity(testLink(course.id));
    expect(testApp.lms.control.grade(column!.id, '101')?.score).to.be.a('number');
  });

  it("tells the teacher on the test's page, where another test can take its place", async () => {
    place('2');
    const course = copied();
    const { visitor, path } = await open('11', course.id, testLink(course.id));
    const page = await visitor.get(path);
    expect(page.body).to.contain('Скопировано из курса «');
    const linkPath = /href="\/c\/\w+\/(links\/[0-9a-f]{24})"/.exec(page.body)?.[1] ?? '';
    expect(linkPath).not.to.equal('');
    const other = await makeTest(visitor, { title: 'Свой' }, [CAPITAL]);
    const form = await visitor.get(linkPath);
    expect(form.body).to.contain('Свой').and.contain('попытки общие');
    const done = await visitor.submit(`${linkPath}/content`, { content: other });
    expect(done.status).to.equal(200);
    expect(idIn((await open('11', course.id, testLink(course.id))).path)).to.equal(other);
    expect(idIn((await open('103', course.id, testLink(course.id))).path)).to.equal(other);
    const foreign = await visitor.submit(`${linkPath}/content`, { content: test });
    expect(foreign.status).to.equal(400);
    expect((await visitor.submit(`${linkPath}/content`, {})).status).to.equal(400);
  });

  it('a student may be the first to open it', async () => {
    place('2');
    await testApp.launch({ person: '101', course: '2' });
    const course = copied();
    const { response, path } = await open('101', course.id, testLink(course.id));
    expect(response.status).to.equal(200);
    expect(idIn(path)).not.to.equal('').and.not.equal(test);
  });

  it('two first launches at the same moment make one copy', async () => {
    place('2');
    const course = copied();
    const people = ['11', '3', '11', '12'];
    const opened = await Promise.all(
      people.map((person) => {
        testApp.lms.control.enrol(course.id, person, 'editingteacher');
        return open(person, course.id, testLink(course.id));
      }),
    );
    expect(new Set(opened.map(({ path }) => idIn(path))).size).to.equal(1);
    expect(await countTests()).to.equal(2);
    const keys = await testApp.storage.connection.model('TestQuestion').countDocuments();
    expect(keys).to.equal(6);
  });

  it('goes on where a killed process stopped', async () => {
    place('2');
    const course = copied();
    const tests = testApp.storage.connection.model('Test');
    // The questions are written, the test is not.
    Object.assign(tests, { create: () => Promise.reject(new Error('killed')) });
    const failed = await open('11', course.id, testLink(course.id));
    Reflect.deleteProperty(tests, 'create');
    expect(failed.response.status).to.equal(500);
    const { path } = await open('11', course.id, testLink(course.id));
    expect(idIn(path)).not.to.equal('');
    expect(await testApp.storage.connection.model('TestQuestion').countDocuments()).to.equal(6);
  });

  it('a copy of a copy starts from the nearest version', async () => {
    place('2');
    const second = copied();
    const { visitor, path } = await open('11', second.id, testLink(second.id));
    const renamed = await visitor.json('GET', `${path}/settings`);
    const { edition } = (renamed.data as { test: { edition: number } }).test;
    const saved = await visitor.json('POST', `${path}/settings`, { title: 'Поправленный', edition });
    expect(saved.status).to.equal(303);
    const third = copied(second.id);
    const opened = await open('11', third.id, testLink(third.id));
    const page = await ask(opened.visitor, 'GET', opened.path);
    expect(page.data.test.title).to.equal('Поправленный');
  });

  describe('where the platform does not vouch', () => {
    const UNVOUCHED = [null, '', '$Context.id.history', '3', 'x,y', '2x', '22'];

    it('gives no copy for a known id and shows nothing of it', async () => {
      const link = place('3');
      for (const history of UNVOUCHED) {
        const { visitor, path, response } = await open('15', '3', link, history);
        expect(path, String(history)).to.match(/^links\/[0-9a-f]{24}$/);
        expect(response.text).not.to.contain('Итоговый');
        expect(response.text).not.to.contain('links/');
        expect((await visitor.submit(`${path}/copy`)).status).to.equal(403);
      }
      const student = await open('135', '3', link, null);
      expect(student.response.status).to.equal(409);
      expect(student.response.text).to.contain('copy-waits');
      expect(await countTests()).to.equal(1);
    });

    it('a student of the source course who teaches here gets no copy, also with a history claim', async () => {
      await testApp.launch({ person: '101', course: '2' });
      testApp.lms.control.enrol('3', '101', 'editingteacher');
      const { visitor, path } = await open('101', '3', place('3'), '2');
      expect(path).to.match(/^links\//);
      expect((await visitor.submit(`${path}/copy`)).status).to.equal(403);
      expect(await countTests()).to.equal(1);
    });

    it('a teacher of both courses confirms by one button, once', async () => {
      const link = place('3');
      testApp.lms.control.enrol('3', '11', 'editingteacher');
      const waiting = await open('11', '3', link, null);
      expect(waiting.response.text).to.contain('/copy"');
      const done = await waiting.visitor.submit(`${waiting.path}/copy`);
      expect(done.status).to.equal(200);
      expect(done.body).to.contain('Копия готова');
      expect((await waiting.visitor.submit(`${waiting.path}/copy`)).status).to.equal(409);
      const clone = idIn((await open('135', '3', link, null)).path);
      expect(clone).not.to.equal('').and.not.equal(test);
      expect(await countTests()).to.equal(2);
    });

    it('a teacher may choose a test of this course instead', async () => {
      const link = place('3');
      const { visitor, path } = await open('15', '3', link, null);
      const own = await makeTest(visitor, { title: 'Свой' }, [CAPITAL]);
      expect((await visitor.submit(`${path}/content`, { content: own })).status).to.equal(200);
      expect(idIn((await open('135', '3', link, null)).path)).to.equal(own);
    });

    it('another deployment vouches for nothing', async () => {
      const tool = testApp.lms.control.tools()[0]!;
      const course = copied();
      const link = place(course.id);
      await testApp.app.lti.registrations.add({ ...testApp.registration, deployments: ['other'] });
      testApp.lms.control.changeTool(tool.id, { deploymentId: 'other' });
      testApp.clock.advance(5_000);
      const { path } = await open('11', course.id, link);
      expect(path).to.match(/^links\//);
      expect(await countTests()).to.equal(1);
    });
  });

  describe('where the author of a link speaks', () => {
    const registration = async () =>
      (await testApp.app.lti.registrations.findOptionalById(testApp.registration.id))!;
    /** As for a platform that an administrator has added by hand, without the tool's own parameters. */
    const holdNothing = async (): Promise<void> => {
      await testApp.app.lti.registrations.edit(await registration(), {
        ...(await registration()),
        ownParameters: [],
      });
    };

    it('a history typed into a link copies nothing where the link’s parameters win', async () => {
      testApp.lms.control.setOddity('link-custom-wins');
      await testApp.app.lti.registrations.add({ ...testApp.registration, product: 'canvas' });
      const { path } = await open('15', '3', place('3', test, 'context_history=2'));
      expect(path).to.match(/^links\//);
      expect(await countTests()).to.equal(1);
    });

    it('nor where the registration does not hold the parameter', async () => {
      await holdNothing();
      place('2');
      const { path } = await open('15', '3', place('3', test, 'context_history=2'));
      expect(path).to.match(/^links\//);
      const course = copied();
      expect((await open('11', course.id, testLink(course.id))).path).to.match(/^links\//);
      expect(await countTests()).to.equal(1);
    });

    it('a role switch does not lead round the guard', async () => {
      await testApp.launch({ person: '101', course: '2' });
      testApp.lms.control.enrol('3', '101', 'editingteacher');
      await testApp.launch({ person: '101', course: '3' });
      testApp.lms.control.enrol('3', '101', 'student');
      const { response } = await open('101', '3', place('3'), '2');
      expect(response.status).to.equal(409);
      expect(await countTests()).to.equal(1);
    });

    it('one confirmation counts for the whole course', async () => {
      await holdNothing();
      const second = await makeTest(teacher, { title: 'Второй' }, [CAPITAL]);
      const links = [place('3'), place('3', second), place('3', second)];
      testApp.lms.control.enrol('3', '11', 'editingteacher');
      const student = await open('135', '3', links[1]!);
      expect(student.response.status).to.equal(409);
      expect(student.response.text).to.contain('ведёт оба курса');
      const waiting = await open('11', '3', links[0]!);
      expect(waiting.response.text).to.contain('Подтвердить копию курса');
      expect((await waiting.visitor.submit(`${waiting.path}/copy`)).status).to.equal(200);
      for (const link of links) {
        const { path } = await open('135', '3', link);
        expect(idIn(path)).not.to.equal('').and.not.equal(test).and.not.equal(second);
      }
      expect(await countTests()).to.equal(4);
    });

    it('a person who has left the source confirms nothing; an administrator does', async () => {
      await holdNothing();
      const link = place('3');
      testApp.lms.control.enrol('3', '11', 'editingteacher');
      await testApp.storage.connection
        .model('Membership')
        .updateMany({ role: 'teacher' }, { $set: { leftAt: new Date() } });
      const left = await open('11', '3', link);
      expect(left.response.text).not.to.contain('/copy"').and.not.contain('Итоговый');
      expect((await left.visitor.submit(`${left.path}/copy`)).status).to.equal(403);
      const administrator = await open('2', '3', link);
      expect((await administrator.visitor.submit(`${administrator.path}/copy`)).status).to.equal(200);
      expect(idIn((await open('135', '3', link)).path)).not.to.equal('');
    });

    it('a name typed into a link renames nobody, and groups typed into it enrol nobody', async () => {
      await holdNothing();
      const link = place('2', test, 'middle_name=Злобный\ngroups=1,2');
      testApp.lms.control.changeTool(testApp.lms.control.tools()[0]!.id, { custom: '' });
      await open('101', '2', link);
      const person = await testApp.storage.connection.model('Person').findOne({ sub: '101' }).lean();
      expect(JSON.stringify(person)).not.to.contain('Злобный');
      const memberships = testApp.storage.connection.model('Membership');
      expect(await memberships.countDocuments({ 'groups.0': { $exists: true } })).to.equal(0);
    });
  });

  it('a link whose test was removed asks the teacher for another', async () => {
    const draft = await makeTest(teacher, { state: 'draft', title: 'Лишний' }, [CAPITAL]);
    const link = place('2', draft);
    expect((await ask(teacher, 'POST', `tests/${draft}/remove`)).status).to.equal(303);
    const { response, path } = await open('11', '2', link);
    expect(path).to.match(/^links\//);
    expect(response.status).to.equal(200);
    expect((await open('103', '2', link)).response.status).to.equal(404);
  });

  it('a link that names another test later opens that one', async () => {
    const link = place('2');
    expect(idIn((await open('11', '2', link)).path)).to.equal(test);
    const other = await makeTest(teacher, { title: 'Второй' }, [CAPITAL]);
    const activity = testApp.lms.control.activities('2').find(({ id }) => id === link)!;
    activity.custom = `nastavnik_kind=test\nnastavnik_id=${other}`;
    expect(idIn((await open('11', '2', link)).path)).to.equal(other);
    await begin((await open('103', '2', link)).visitor, other);
  });
});
