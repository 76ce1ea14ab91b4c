import { expect } from 'chai';
import { HOUR } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ask, CAPITAL, makeTest, take } from './fixtures.js';

const RIGHT = { [CAPITAL.text]: ['Москва'] };
const WRONG = { [CAPITAL.text]: ['Минск'] };

describe('attempts that do not count', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let test: string;
  let link: string;

  beforeEach(async () => {
    testApp = await startTestApp();
    await testApp.app.jobs.stop();
    teacher = await testApp.launch({ person: '11', course: '2' });
    test = await makeTest(teacher, { title: 'Пробный', attemptsAllowed: '2' }, [CAPITAL]);
    link = testApp.lms.control.addActivity('2', testApp.lms.control.tools()[0]!.id, {
      title: 'Пробный',
      custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
      column: { scoreMaximum: 100 },
    }).id;
  });
  afterEach(() => testApp.close());

  const grades = () =>
    testApp.lms.control.columnsOfActivity(link).flatMap(({ id }) => testApp.lms.control.grades(id));
  const results = async () => (await ask(teacher, 'GET', `tests/${test}/results`)).data;
  const readRoster = async (): Promise<void> => {
    testApp.clock.advance(HOUR);
    await teacher.submit('people/refresh');
    await testApp.app.jobs.drain();
  };
  const switched = async (person: string): Promise<Visitor> => {
    testApp.lms.control.enrol('2', person, 'student');
    return testApp.launch({ person, course: '2', link });
  };

  describe('of a teacher who launches as a student', () => {
    for (const roster of [true, false]) {
      it(`stand outside statistics and gradebook ${roster ? 'by the roster' : 'by the launch before'}`, async () => {
        if (roster) await readRoster();
        else await testApp.launch({ person: '12', course: '2' });
        const trial = await switched('12');
        const attempt = await take(trial, test, RIGHT);
        await testApp.app.jobs.drain();
        expect(grades()).to.deep.equal([]);
        const { finished, students } = await results();
        expect(finished).to.equal(0);
        expect(students.flatMap((student) => student.attempts)).to.deep.equal([]);
        expect((await teacher.get(attempt)).body).to.contain('пробная попытка');
        expect((await trial.get(attempt)).status).to.equal(200);
      });
    }

    it('are none of a student whom the roster lists as one', async () => {
      await testApp.launch({ person: '12', course: '2' });
      testApp.lms.control.enrol('2', '12', 'student');
      const demoted = await testApp.launch({ person: '12', course: '2', link });
      await readRoster();
      await take(demoted, test, RIGHT);
      await testApp.app.jobs.drain();
      expect(grades()).to.have.length(1);
      expect((await results()).finished).to.equal(1);
    });
  });

  describe('that a teacher removes', () => {
    it('make no grade any more; the reason is kept, and another may be made', async () => {
      const student = await testApp.launch({ person: '101', course: '2', link });
      await take(student, test, WRONG);
      const better = await take(student, test, RIGHT);
      await testApp.app.jobs.drain();
      expect(grades().map(({ score }) => score)).to.deep.equal([100]);
      expect((await ask(student, 'POST', `tests/${test}/attempts`)).status).to.equal(409);
      expect((await student.submit(`${better}/remove`, { why: 'x' })).status).to.equal(403);
      const empty = await teacher.submit(`${better}/remove`, { why: ' ' });
      expect(empty.status).to.equal(400);
      expect(empty.body).to.contain('why-error');
      const done = await teacher.submit(`${better}/remove`, { why: 'Списано <b>' });
      expect(done.status).to.equal(200);
      expect(done.body).to.contain('Списано &lt;b&gt;').and.contain('удалена');
      expect((await ask(teacher, 'POST', `${better}/remove`, { why: 'ещё' })).status).to.equal(409);
      // The LMS takes one score of a person a second; the job tries again.
      for (let tries = 0; tries < 3; tries += 1) {
        testApp.clock.advance(10_000);
        await testApp.app.jobs.drain();
      }
      expect(grades().map(({ score }) => score)).to.deep.equal([0]);
      expect((await ask(student, 'POST', `tests/${test}/attempts`)).status).to.equal(303);
    });

    it('may be open: it can be gone on with no more', async () => {
      const student = await testApp.launch({ person: '101', course: '2', link });
      const begun = await ask(student, 'POST', `tests/${test}/attempts`);
      const path = /tests\/.*$/.exec(begun.headers.get('location') ?? '')![0];
      expect((await teacher.submit(`${path}/remove`, { why: 'Не тот тест' })).status).to.equal(200);
      expect((await ask(student, 'POST', `${path}/finish`)).status).to.be.oneOf([303, 409]);
      await testApp.app.jobs.drain();
      expect(grades()).to.deep.equal([]);
      const again = await ask(student, 'POST', `tests/${test}/attempts`);
      expect(again.headers.get('location')).not.to.contain(path);
    });
  });
});
