import { expect } from 'chai';
import { ODD_ANSWERS, type Activity, type Column, type Fault } from '../../../scripts/demo-lms/index.js';
import { HOUR, MINUTE, SECOND } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';

const TEST = '5f0000000000000000000001';
const content = { kind: 'test', id: TEST } as const;

/** Grades through the real outbox, sender and protocol to the demo LMS, which fails as it is told. */
describe('sending grades', () => {
  let testApp: TestApp;
  let student: Visitor;
  let personId: string;
  let courseId: string;
  let activity: Activity;
  let column: Column;

  before(async () => {
    testApp = await startTestApp();
    // Driven by hand: each test says when the outbox is looked at.
    await testApp.app.jobs.stop();
    const [tool] = testApp.lms.control.tools();
    activity = testApp.lms.control.addActivity('2', tool!.id, {
      title: 'Тест',
      custom: `nastavnik_kind=test\nnastavnik_id=${TEST}`,
      column: { scoreMaximum: 8, resourceId: `test-${TEST}` },
    });
    column = testApp.lms.control.columnsOfActivity(activity.id)[0]!;
    // The link leads to a test that is not there; the launch itself is what counts: it tells the line item.
    student = await testApp.launch({ person: '101', course: '2', link: activity.id });
    const person = await testApp.storage.connection
      .model('Person')
      .findOne({ sub: '101' })
      .lean<{ _id: unknown }>();
    personId = String(person?._id);
    const course = await testApp.storage.connection
      .model('Course')
      .findOne({ contextId: '2' })
      .lean<{ _id: unknown }>();
    courseId = String(course?._id);
  });
  after(() => testApp.close());

  let serial = 0;
  async function queue(scoreGiven: number, more: { asOf?: Date; comment?: string } = {}): Promise<void> {
    // A second later each: Moodle's own columns take one score a second.
    testApp.clock.advance(2 * SECOND);
    serial += 1;
    await testApp.app.features.grades.queue({
      courseId,
      personId,
      content,
      title: 'Тест',
      scoreGiven,
      scoreMaximum: 8,
      comment: more.comment ?? `попытка ${serial}`,
      submittedAt: testApp.clock.now(),
      asOf: more.asOf ?? testApp.clock.now(),
    });
  }
  const drain = () => testApp.app.jobs.drain();
  const row = async () => (await testApp.app.features.grades.deliveries(courseId, personId, content))[0]!;
  const inGradebook = () => testApp.lms.control.grade(column.id, '101');

  beforeEach(() => {
    testApp.lms.control.faults.clear();
    testApp.lms.control.faults.resetCalls();
    testApp.lms.control.forgetScores();
  });

  it('delivers score, maximum and comment, and says when', async () => {
    await queue(7, { comment: 'Пять из шести' });
    await drain();
    expect(inGradebook()).to.include({ score: 7, comment: 'Пять из шести' });
    const sent = await row();
    expect(sent.state).to.equal('sent');
    expect(sent.deliveredAt?.getTime()).to.be.closeTo(testApp.clock.now().getTime(), MINUTE);
    const page = await student.get('grades');
    expect(page.body).to.contain('Передано').and.to.contain('7 / 8');
  });

  it('sends compact JSON with everything a final score needs', async () => {
    await queue(6.5);
    await drain();
    const [score] = testApp.lms.control.scores;
    expect(score?.raw).not.to.match(/\n|: /);
    expect(score?.body).to.include({
      userId: '101',
      scoreGiven: 6.5,
      scoreMaximum: 8,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
    });
    // ISO 8601 with parts of a second and a zone (AGS 2.0, 3.4.9 and 3.4.10.2).
    const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
    expect(score?.body).to.have.nested.property('submission.submittedAt').that.matches(moment);
    expect(score?.body).to.have.property('timestamp').that.matches(moment);
  });

  it('sends only the newest of several, in any order of arrival', async () => {
    const early = testApp.clock.now();
    await queue(5);
    await queue(8);
    await queue(3, { asOf: early });
    await drain();
    expect(testApp.lms.control.scores).to.have.length(1);
    expect(inGradebook()).to.include({ score: 8 });
  });

  const failures: [string, Fault][] = [
    ['500', { status: 500 }],
    ['503 with a page', { status: 503, body: '<h1>Обслуживание</h1>', contentType: 'text/html' }],
    ['408', { status: 408 }],
    ['a cut connection', { connection: 'cut' }],
    ['a cut connection after it took the score', { connection: 'cut', when: 'after' }],
    ['a redirect to a page of maintenance', ODD_ANSWERS.maintenance],
    ['200 with the body [] of a refused score', { status: 200, body: '[]', contentType: 'application/json' }],
  ];
  for (const [what, fault] of failures) {
    it(`tries again after ${what}`, async () => {
      testApp.lms.control.faults.fail('scores', { ...fault, times: 1 });
      await queue(4);
      await drain();
      expect((await row()).state).to.equal('pending');
      expect((await row()).reason).not.to.equal('');
      // Not at once: the pause has to pass.
      await drain();
      expect(testApp.lms.control.faults.calls.scores).to.equal(1);
      testApp.clock.advance(10 * SECOND);
      await drain();
      expect((await row()).state).to.equal('sent');
      expect(inGradebook()).to.include({ score: 4 });
    });
  }

  it('asks for a new token after 401', async () => {
    await queue(2);
    await drain();
    testApp.lms.control.revokeTokens();
    const before = testApp.lms.control.faults.calls.token;
    await queue(3);
    await drain();
    testApp.clock.advance(10 * SECOND);
    await drain();
    expect((await row()).state).to.equal('sent');
    expect(testApp.lms.control.faults.calls.token).to.equal(before + 1);
  });

  it('waits as long as the LMS asks', async () => {
    testApp.lms.control.faults.fail('scores', { status: 429, retryAfter: 120, times: 1 });
    await queue(5);
    await drain();
    testApp.clock.advance(110 * SECOND);
    await drain();
    expect((await row()).state).to.equal('pending');
    testApp.clock.advance(20 * SECOND);
    await drain();
    expect((await row()).state).to.equal('sent');
  });

  it('a conflict of times is retried with a later time', async () => {
    await queue(6);
    await drain();
    // In the same second: the LMS refuses the second one with 409.
    await testApp.app.features.grades.queue({
      courseId,
      personId,
      content,
      title: 'Тест',
      scoreGiven: 7,
      scoreMaximum: 8,
      comment: '',
      submittedAt: testApp.clock.now(),
      asOf: testApp.clock.now(),
    });
    await drain();
    testApp.clock.advance(3 * SECOND);
    await drain();
    testApp.clock.advance(10 * SECOND);
    await drain();
    expect((await row()).state).to.equal('sent');
    expect(inGradebook()).to.include({ score: 7 });
  });

  it("a refusal that cannot heal is kept in the LMS's words, and can be sent again", async () => {
    testApp.lms.control.faults.fail('scores', {
      status: 403,
      body: '{"reason":"Журнал закрыт"}',
      contentType: 'application/json',
      times: 1,
    });
    await queue(1);
    await drain();
    expect(await row()).to.include({ state: 'failed', reason: '403 Журнал закрыт' });
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const page = await teacher.get('grades');
    expect(page.body).to.contain('403 Журнал закрыт').and.to.contain('Не принято');
    expect((await student.get('grades')).body).not.to.contain('Журнал закрыт');

    const refused = await student.submit('grades/again');
    expect(refused.status).to.equal(403);
    await teacher.submit(`grades/${(await row()).id}/again`);
    await drain();
    expect((await row()).state).to.equal('sent');
    expect(inGradebook()).to.include({ score: 1 });
  });

  it('a grade of a student who is out of the course goes when they come back', async () => {
    testApp.lms.control.unenrol('2', '101');
    await queue(5);
    await drain();
    expect(await row()).to.include({ state: 'failed', problem: 'not-member' });
    const teacher = await testApp.launch({ person: '11', course: '2' });
    expect((await teacher.get('grades')).body).to.contain('нет среди участников курса');
    testApp.lms.control.enrol('2', '101', 'student');
    student = await testApp.launch({ person: '101', course: '2', link: activity.id });
    await drain();
    expect((await row()).state).to.equal('sent');
    expect(inGradebook()).to.include({ score: 5 });
    // Nothing is left to be sent at the next one.
    testApp.lms.control.faults.resetCalls();
    student = await testApp.launch({ person: '101', course: '2', link: activity.id });
    await drain();
    expect(testApp.lms.control.faults.calls.scores).to.equal(0);
  });

  it('gives up after three days', async () => {
    testApp.lms.control.faults.fail('scores', { status: 500 });
    await queue(2);
    for (let hour = 0; hour < 80; hour += 2) {
      await drain();
      testApp.clock.advance(2 * HOUR);
    }
    expect((await row()).state).to.equal('failed');
    expect((await row()).tries).to.be.greaterThan(20);
  });

  it('a dead token endpoint holds a grade no longer than itself', async () => {
    testApp.lms.control.revokeTokens();
    testApp.clock.advance(2 * HOUR);
    testApp.lms.control.faults.fail('token', { status: 502, times: 1 });
    await queue(5);
    await drain();
    expect((await row()).state).to.equal('pending');
    testApp.clock.advance(MINUTE);
    await drain();
    expect((await row()).state).to.equal('sent');
  });

  it('two senders send one row once', async () => {
    testApp.lms.control.faults.fail('scores', { delayMs: 100 });
    await queue(4);
    await Promise.all([drain(), drain(), drain()]);
    expect(testApp.lms.control.scores).to.have.length(1);
  });

  it('a row whose sender was killed is sent by the next one', async () => {
    await queue(3);
    const held = await testApp.app.events.overview();
    expect(held.find(({ name }) => name === 'grades.sendAt')).to.include({ waiting: 1 });
    const { jobs } = testApp.app;
    testApp.lms.control.faults.fail('scores', { status: 503, times: 1 });
    await drain();
    const until = new Date(testApp.clock.now().getTime() + MINUTE);
    await testApp.storage.connection
      .model('Job')
      .updateOne(
        { name: 'send-score', key: (await row()).id },
        { $set: { lease: 'dead', leasedUntil: until, runAt: until } },
      );
    testApp.clock.advance(MINUTE - SECOND);
    await jobs.drain();
    expect((await row()).state).to.equal('pending');
    testApp.clock.advance(SECOND);
    await jobs.drain();
    expect((await row()).state).to.equal('sent');
  });

  it('a grade put in while an older one travels goes after it', async () => {
    testApp.lms.control.faults.fail('scores', { delayMs: 150, times: 1 });
    await queue(1);
    const sending = drain();
    while (testApp.lms.control.faults.calls.scores === 0)
      await new Promise((resolve) => setImmediate(resolve));
    await queue(8);
    await sending;
    testApp.clock.advance(10 * SECOND);
    await drain();
    expect(inGradebook()).to.include({ score: 8 });
    expect((await row()).state).to.equal('sent');
  });

  it('a disabled platform gets nothing', async () => {
    await testApp.app.lti.registrations.setState(testApp.registration.id, 'disabled');
    await queue(6);
    await drain();
    expect(testApp.lms.control.scores).to.have.length(0);
    expect((await row()).state).to.equal('failed');
    await testApp.app.lti.registrations.setState(testApp.registration.id, 'active');
  });

  describe('once delivered', () => {
    const look = async (): Promise<string> => {
      testApp.clock.advance(11 * MINUTE);
      student = await testApp.launch({ person: '101', course: '2', link: activity.id });
      await student.get('grades');
      await drain();
      return (await student.get('grades')).body.replace(/\s+/g, ' ');
    };

    it('is shown to the student as the gradebook has it', async () => {
      Object.assign(inGradebook() ?? {}, { overridden: false });
      await queue(6);
      await drain();
      expect(await look())
        .to.contain('6 / 8')
        .and.not.contain('Сейчас в журнале оценок');
      testApp.lms.control.overrideGrade(column.id, '101', 3, 'Списано');
      expect(await look()).to.match(/6 \/ 8.*Сейчас в журнале оценок: <strong> 3 \/ 8/);
      // Looked at once in ten minutes.
      testApp.lms.control.faults.resetCalls();
      await student.get('grades');
      await drain();
      expect(testApp.lms.control.faults.calls.results).to.equal(0);
    });

    it('says where the gradebook shows nothing', async () => {
      const ungraded = testApp.lms.control.addActivity('2', testApp.lms.control.tools()[0]!.id, {
        title: 'Без оценки',
        custom: `nastavnik_kind=test\nnastavnik_id=${TEST}`,
        column: { scoreMaximum: 8, resourceId: `test-${TEST}` },
      });
      const [silent] = testApp.lms.control.columnsOfActivity(ungraded.id);
      testApp.lms.control.changeColumn(silent!.id, { ungraded: true });
      await testApp.launch({ person: '101', course: '2', link: ungraded.id });
      await queue(7);
      await drain();
      const page = await look();
      expect(page).to.contain('в журнале оценок её нет');
      // Two places of one test are told apart by their names in the LMS.
      expect(page).to.contain('Задание «Без оценки»').and.contain('Задание «Тест»');
      const teacher = await testApp.launch({ person: '11', course: '2' });
      await teacher.get('grades');
      await drain();
      expect((await teacher.get('grades')).body).to.contain('в журнале оценок её нет');
      testApp.lms.control.removeActivity(ungraded.id);
    });

    it('marks what is under way, so that the page follows', async () => {
      await queue(8);
      expect((await student.get('grades')).body).to.match(/data-live="grade-[0-9a-f]{24}"\s+data-live-waits/);
      await drain();
      await student.get('grades');
      await drain();
      expect((await student.get('grades')).body).not.to.contain('data-live-waits');
    });
  });

  it('what the gradebook holds is read when a teacher asks, and only then', async () => {
    await queue(6, { comment: 'Наше' });
    await drain();
    const { id } = await row();
    const teacher = await testApp.launch({ person: '11', course: '2' });
    testApp.lms.control.faults.resetCalls();
    const page = await teacher.get(`grades/${id}`);
    expect(page.body).to.contain('6 / 8').and.to.contain('Наше').and.to.contain('передана');
    expect(testApp.lms.control.faults.calls.results).to.equal(0);
    const look = async (): Promise<unknown> => {
      const reply = await teacher.json('POST', `grades/${id}/held`);
      return (reply.data as { held: unknown }).held;
    };
    expect(await look()).to.deep.equal({ kind: 'read', result: { score: 6, maximum: 8, comment: 'Наше' } });

    // A teacher has written over it in the LMS.
    testApp.lms.control.overrideGrade(column.id, '101', 3, 'Списано');
    expect((await teacher.submit(`grades/${id}/held`)).body.replace(/\s+/g, ' '))
      .to.contain('3 / 8')
      .and.to.contain('Списано');

    testApp.lms.control.faults.fail('results', { status: 403, body: '{"reason":"Закрыто"}', times: 1 });
    expect(await look()).to.deep.equal({ kind: 'failed', reason: '403 Закрыто' });
    const tool = testApp.lms.control.tools()[0]!;
    const { scopes } = tool;
    testApp.lms.control.changeTool(tool.id, { scopes: [] });
    testApp.lms.control.revokeTokens();
    expect((await teacher.submit(`grades/${id}/held`)).body).to.contain('не дала права читать оценки');
    testApp.lms.control.changeTool(tool.id, { scopes });
    // The earlier session is days old by now.
    const again = await testApp.launch({ person: '101', course: '2', link: activity.id });
    expect((await again.submit(`grades/${id}/held`)).status).to.equal(403);
    expect((await again.get(`grades/${id}`)).status).to.equal(403);
  });
});
