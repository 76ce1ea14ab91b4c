import { expect } from 'chai';
import { MINUTE, SECOND } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { answer, answerAll, ask, begin, EIGHT, makeTest, paperOf, studentActor, TSAR } from './fixtures.js';

describe('time of a test', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  const sweep = (): Promise<void> => testApp.app.jobs.drain();
  const inMinutes = (minutes: number): string =>
    new Date(testApp.clock.now().getTime() + minutes * MINUTE).toISOString();
  const attemptOf = async (path: string) => (await ask(student, 'GET', path)).data.attempt;

  describe('limited', () => {
    it('is counted by the server and told to the page', async () => {
      const attempt = await begin(student, await makeTest(teacher, { timeLimitMinutes: '20' }));
      expect((await paperOf(student, attempt)).attempt.left).to.be.within(1170, 1200);
      testApp.clock.advance(5 * MINUTE);
      expect((await paperOf(student, attempt)).attempt.left).to.be.within(870, 900);
      expect((await answer(student, attempt, 1, [])).data.left).to.be.within(870, 900);
      expect((await student.get(attempt)).body).to.match(/data-left="(8[7-9]\d|900)"/);
    });

    it('has a minute of grace for what was sent in time', async () => {
      const test = await makeTest(teacher, { timeLimitMinutes: '20' }, [TSAR]);
      const attempt = await begin(student, test);
      testApp.clock.advance(20 * MINUTE + 30 * SECOND);
      await sweep();
      expect((await answer(student, attempt, 1, 'Пётр')).status).to.equal(200);
      expect((await student.submit(`${attempt}/finish`)).url).to.include('done=assessments.finished');
      expect(await attemptOf(attempt)).to.include({ score: 1, finishedBy: 'student' });
    });

    it('refuses an answer after the grace, and closes the attempt with what came in time', async () => {
      const test = await makeTest(teacher, { timeLimitMinutes: '20' }, [TSAR]);
      const attempt = await begin(student, test);
      await answer(student, attempt, 1, 'Пётр');
      testApp.clock.advance(21 * MINUTE + SECOND);
      const late = await answer(student, attempt, 1, 'Иван', 1);
      expect(late.status).to.equal(409);
      expect(late.data.code).to.equal('attempt-over');
      expect(late.data.detail).to.include('закрыта');
      expect(await attemptOf(attempt)).to.include({ state: 'marked', score: 1, finishedBy: 'time' });
      // The same words for those who come after it was closed.
      expect((await answer(student, attempt, 1, 'Иван', 1)).data.code).to.equal('attempt-over');
    });

    it('refuses a form after the grace in words, on the page of the result', async () => {
      const test = await makeTest(teacher, { timeLimitMinutes: '20' }, [TSAR]);
      const attempt = await begin(student, test);
      testApp.clock.advance(22 * MINUTE);
      const page = await student.submit(`${attempt}/finish`, { q1: 'Пётр', r1: '0' });
      expect(page.body).to.include('Время вышло').and.include('Завершена по времени');
      const { data } = await ask(student, 'GET', attempt);
      expect(data.attempt).to.include({ score: 0, finishedBy: 'time' });
      expect((await ask(student, 'POST', `${attempt}/finish`)).data.code).to.equal('attempt-over');
    });

    it('ends at its deadline, not at the next request', async () => {
      const test = await makeTest(teacher, { timeLimitMinutes: '20' });
      const attempt = await begin(student, test);
      testApp.clock.advance(300 * MINUTE);
      const { startedAt, finishedAt } = await attemptOf(attempt);
      expect(Date.parse(finishedAt!) - Date.parse(startedAt)).to.equal(20 * MINUTE);
    });

    it('follows when the teacher changes the limit', async () => {
      const test = await makeTest(teacher, { timeLimitMinutes: '20' }, [TSAR]);
      const attempt = await begin(student, test);
      testApp.clock.advance(15 * MINUTE);
      const settings = { title: 'Контрольная', timeLimitMinutes: '60', edition: 1 };
      expect((await ask(teacher, 'POST', `tests/${test}/settings`, settings)).status).to.equal(303);
      testApp.clock.advance(20 * MINUTE);
      await sweep();
      expect((await answer(student, attempt, 1, 'Пётр')).data.left).to.be.within(24 * 60, 25 * 60);
      await ask(teacher, 'POST', `tests/${test}/settings`, {
        ...settings,
        timeLimitMinutes: '30',
        edition: 2,
      });
      expect((await answer(student, attempt, 1, 'Иван', 1)).data.code).to.equal('attempt-over');
    });
  });

  describe('unattended', () => {
    it('is closed when the grace is over, with a grade', async () => {
      const test = await makeTest(teacher, { timeLimitMinutes: '20' });
      const attempt = await begin(student, test);
      await answerAll(student, attempt, EIGHT);
      testApp.clock.advance(20 * MINUTE + 30 * SECOND);
      await sweep();
      const { data: running } = await ask(teacher, 'GET', attempt);
      expect(running.attempt.state).to.equal('inProgress');
      testApp.clock.advance(31 * SECOND);
      await sweep();
      const [grade] = await testApp.app.features.assessments.gradesFor(
        (await studentActor(testApp)).courseId,
        test,
      );
      expect(grade).to.include({ scoreGiven: 8, scoreMaximum: 10 });
    });

    it('ends a hundred attempts of a test that closes', async () => {
      const test = await makeTest(teacher, { closesAt: inMinutes(30) }, [TSAR]);
      const { assessments, membership } = testApp.app.features;
      const actor = await studentActor(testApp);
      for (let index = 0; index < 100; index += 1) {
        const person = await membership.people.upsertFromLaunch({
          registrationId: actor.registrationId,
          sub: `many-${index}`,
          name: actor.name,
          email: '',
        });
        await assessments.attempts.start({ ...actor, personId: person.id }, test);
      }
      testApp.clock.advance(32 * MINUTE);
      await sweep();
      expect(await assessments.gradesFor(actor.courseId, test)).to.have.length(100);
    });
  });

  describe('bounded', () => {
    it('starts nothing before it opens', async () => {
      const test = await makeTest(teacher, { opensAt: inMinutes(60) });
      const page = await student.get(`tests/${test}`);
      expect(page.body)
        .to.include('Тест ещё не открыт')
        .and.not.match(/Начать\s*</);
      expect((await ask(student, 'POST', `tests/${test}/attempts`)).data.code).to.equal('test-not-open');
      testApp.clock.advance(61 * MINUTE);
      expect((await ask(student, 'POST', `tests/${test}/attempts`)).status).to.equal(303);
    });

    it('starts nothing after it closes, and ends what is open', async () => {
      const test = await makeTest(teacher, {
        closesAt: inMinutes(60),
        timeLimitMinutes: '90',
        attemptsAllowed: '2',
      });
      const attempt = await begin(student, test);
      expect((await paperOf(student, attempt)).attempt.left, 'the end comes before the limit').to.be.within(
        3570,
        3600,
      );
      testApp.clock.advance(60 * MINUTE + 30 * SECOND);
      expect((await answer(student, attempt, 1, [])).status, 'grace').to.equal(200);
      testApp.clock.advance(MINUTE);
      expect(await attemptOf(attempt)).to.include({ state: 'marked', finishedBy: 'time' });
      const refused = await ask(student, 'POST', `tests/${test}/attempts`);
      expect(refused.data.code).to.equal('test-closed');
    });

    it('closes an attempt that was left and starts the next one', async () => {
      const test = await makeTest(teacher, { timeLimitMinutes: '10', attemptsAllowed: '2' });
      const first = await begin(student, test);
      testApp.clock.advance(30 * MINUTE);
      const second = await begin(student, test);
      expect(second).not.to.equal(first);
      expect(await attemptOf(first)).to.include({ finishedBy: 'time' });
    });
  });
});
