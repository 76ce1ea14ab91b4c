import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import type { Activity } from '../../../scripts/demo-lms/index.js';
import { buildApp, type App } from '../../../src/app.js';
import { loadConfig } from '../../../src/config.js';
import { DAY, HOUR, SECOND } from '../../../src/shared/clock.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';
import { launchLink } from '../../support/lms.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ask, CAPITAL, makeTest, PRIMES, take } from '../assessments/fixtures.js';

const SCOPE = 'https://purl.imsglobal.org/spec/lti-ags/scope';
const RIGHT = { [CAPITAL.text]: ['Москва'], [PRIMES.text]: ['2', '3'] };

/** Gradebook columns that launches do not name, found or made in the demo LMS. */
describe('line items of tests', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let folder: string;
  let databaseUrl: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-line-items-'));
    databaseUrl = `file:${path.join(folder, 'testApp.db')}`;
    testApp = await startTestApp({ databaseUrl, env: { LMS_TIMEOUT: '1' } });
    // Driven by hand: each test says when they are looked at.
    await testApp.app.jobs.stop();
    testApp.lms.control.changeTool(toolId(), { acceptGrades: 'delegate' });
    teacher = await testApp.launch({ person: '11', course: '2' });
  });
  after(async () => {
    await testApp.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    testApp.lms.control.faults.clear();
    testApp.lms.control.faults.resetCalls();
  });

  const toolId = (): string => testApp.lms.control.tools()[0]!.id;
  const calls = () => testApp.lms.control.faults.calls.lineitems;
  const rows = () => testApp.storage.connection.model('LineItem');

  /** A test, and a link to it that has no column. */
  async function ungraded(title: string): Promise<{ test: string; link: Activity }> {
    const test = await makeTest(teacher, { title, attemptsAllowed: '0' }, [CAPITAL, PRIMES]);
    return { test, link: linkTo(test, title) };
  }
  const linkTo = (test: string, title: string): Activity =>
    testApp.lms.control.addActivity('2', toolId(), {
      title,
      custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
    });
  const columnsOf = (link: Activity) => testApp.lms.control.columnsOfActivity(link.id);
  const open = (link: Activity, person = '101') => testApp.launch({ person, course: '2', link: link.id });
  /** Sends what is due. Each column takes one score a second. */
  async function deliver(): Promise<void> {
    testApp.clock.advance(3 * SECOND);
    await testApp.app.jobs.drain();
  }
  const gradeOf = (column: string | undefined, person = '101') =>
    testApp.lms.control.grade(column ?? '', person)?.score ?? null;
  /** With the scopes of the tool changed, as an administrator of the LMS does. */
  async function granted(scopes: readonly string[], work: () => Promise<void>): Promise<void> {
    const { scopes: before } = testApp.lms.control.tool(toolId());
    testApp.lms.control.changeTool(toolId(), { scopes: [...scopes] });
    testApp.lms.control.revokeTokens();
    try {
      await work();
    } finally {
      testApp.lms.control.changeTool(toolId(), { scopes: [...before] });
      testApp.lms.control.revokeTokens();
    }
  }
  async function changeTest(test: string, title: string): Promise<void> {
    const found = await testApp.storage.connection.model('Test').findById(test).lean<{ edition: number }>();
    const changed = await ask(teacher, 'POST', `tests/${test}/settings`, {
      title,
      attemptsAllowed: '0',
      edition: found?.edition ?? 0,
    });
    expect(changed.status, JSON.stringify(changed.data)).to.equal(303);
    await settle();
  }
  /** The worker hears of changed tests, and does what is due. */
  async function settle(): Promise<void> {
    await testApp.app.jobs.drain();
  }

  it('are made where the launch names none, after it, and take the grades of before', async () => {
    const { test, link } = await ungraded('Без столбца');
    const student = await open(link);
    // The launch has asked nobody.
    expect(calls()).to.equal(0);
    await take(student, test, RIGHT);
    expect(columnsOf(link)).to.deep.equal([]);

    await testApp.app.jobs.drain();
    const [column, ...more] = columnsOf(link);
    expect(more).to.deep.equal([]);
    expect(column).to.deep.include({
      label: 'Без столбца',
      scoreMaximum: 6,
      resourceId: `test-${test}`,
      tag: 'test',
      own: false,
      submissionReview: {
        url: `${testApp.origin}/lti/launch`,
        custom: { nastavnik_kind: 'test', nastavnik_id: test },
      },
    });
    await deliver();
    expect(gradeOf(column?.id)).to.equal(6);
    // The next launch names it: nothing is to be done, and nothing is sent twice.
    const sent = testApp.lms.control.scores.length;
    await open(link);
    await testApp.app.jobs.drain();
    await take(student, test, {});
    await deliver();
    expect(columnsOf(link)).to.have.length(1);
    expect(testApp.lms.control.scores.length).to.be.at.most(sent + 2);
    expect(gradeOf(column?.id)).to.equal(6);
    expect((await teacher.get('grades')).body).not.to.contain('нет для них столбца');
  });

  it('are found among several by their key, and never made then', async () => {
    const { test, link } = await ungraded('Несколько');
    const [ours] = [
      testApp.lms.control.addColumn('2', toolId(), {
        activityId: link.id,
        own: true,
        resourceId: `test-${test}`,
        tag: 'test',
      }),
      testApp.lms.control.addColumn('2', toolId(), { activityId: link.id, resourceId: 'of somebody else' }),
    ];
    const student = await open(link);
    await take(student, test, RIGHT);
    await testApp.app.jobs.drain();
    await deliver();
    expect(columnsOf(link)).to.have.length(2);
    // Out of 100: the LMS brings scores to the scale of its column.
    expect(gradeOf(ours.id)).to.equal(100);
  });

  it('of a link added by hand are the only ones without a key', async () => {
    const { link } = await ungraded('От руки');
    const own = testApp.lms.control.addColumn('2', toolId(), { activityId: link.id, own: true });
    testApp.lms.control.addColumn('2', toolId(), { activityId: link.id, resourceId: 'exam' });
    await open(link);
    await testApp.app.jobs.drain();
    expect(columnsOf(link)).to.have.length(2);
    const row = await rows()
      .findOne({ lineItem: { $regex: `/${own.id}/lineitem` } })
      .lean();
    expect(row).to.include({ made: false });
  });

  it('are made once by two processes at once', async () => {
    const { app, storage } = await twin();
    try {
      for (let n = 0; n < 5; n += 1) {
        const { link } = await ungraded(`Вдвоём ${n}`);
        await open(link);
        testApp.lms.control.faults.fail('lineitems', { delayMs: 20 });
        await Promise.all([testApp.app.jobs.drain(), app.jobs.drain(), testApp.app.jobs.drain()]);
        testApp.lms.control.faults.clear();
        expect(columnsOf(link), `round ${n}`).to.have.length(1);
      }
    } finally {
      await app.lti.close();
      await storage.close();
    }
  });

  it('are made once though the process is killed just after the LMS has made it', async () => {
    const { test, link } = await ungraded('Убитый процесс');
    await take(await open(link), test, RIGHT);
    await testApp.app.jobs.drain();
    const [column] = columnsOf(link);
    // As the kill left it: the column stands, and nobody has its address.
    const id = await linkId(link);
    await rows().updateOne({ linkId: id }, { $set: { lineItem: '', made: true } });
    const until = new Date(testApp.clock.now().getTime() + 12 * SECOND);
    await testApp.storage.connection.model('Job').updateOne(
      { name: 'seek-line-item', key: id },
      {
        $set: { state: 'waiting', lease: 'dead', leasedUntil: until, runAt: until },
        $unset: { doneAt: 1 },
      },
    );
    const { app, storage } = await twin();
    try {
      await app.jobs.drain();
      expect((await rows().findOne({ linkId: id }).lean<{ lineItem: string }>())?.lineItem).to.equal('');
      testApp.clock.advance(12 * SECOND);
      await app.jobs.drain();
    } finally {
      await app.lti.close();
      await storage.close();
    }
    expect(columnsOf(link)).to.deep.equal([column]);
    await deliver();
    expect(gradeOf(column?.id)).to.equal(6);
    // It is still known to be ours.
    await changeTest(test, 'Убитый процесс, часть 2');
    expect(columnsOf(link)[0]?.label).to.equal('Убитый процесс, часть 2');
  });

  it('are made once though the answer is lost after the LMS has made it', async () => {
    const { test, link } = await ungraded('Потерянный ответ');
    await take(await open(link), test, RIGHT);
    // Two searches go well; the LMS makes the column, and its answer is lost.
    testApp.lms.control.faults.fail('lineitems', { delayMs: 1, times: 2 });
    testApp.lms.control.faults.fail('lineitems', { connection: 'cut', when: 'after', times: 1 });
    await testApp.app.jobs.drain();
    expect(columnsOf(link)).to.have.length(1);
    expect((await teacher.get('grades')).body)
      .to.contain('Потерянный ответ')
      .and.contain('Пробуем снова');
    testApp.clock.advance(10 * SECOND);
    await testApp.app.jobs.drain();
    await deliver();
    const [column, ...more] = columnsOf(link);
    expect(more).to.deep.equal([]);
    expect(gradeOf(column?.id)).to.equal(6);
    expect((await teacher.get('grades')).body).not.to.contain('Пробуем снова');
  });

  it('where only looking is granted, are found, and otherwise asked for in words', async () => {
    const readonly = [`${SCOPE}/lineitem.readonly`, `${SCOPE}/score`, `${SCOPE}/result.readonly`];
    const item = await ungraded('Только смотреть');
    const two = await ungraded('Есть что найти');
    testApp.lms.control.addColumn('2', toolId(), { resourceId: `test-${two.test}`, tag: 'test' });
    await granted(readonly, async () => {
      const student = await open(item.link);
      await take(student, item.test, RIGHT);
      await take(await open(two.link), two.test, RIGHT);
      await testApp.app.jobs.drain();
      const page = (await teacher.get('grades')).body;
      expect(page)
        .to.contain('Оценки за «Только смотреть» пока не попадают')
        .and.contain('только смотреть на столбцы')
        .and.not.contain('«Есть что найти»');
      expect((await student.get('grades')).body).not.to.contain('смотреть на столбцы');
      expect(columnsOf(item.link)).to.deep.equal([]);
      await deliver();
      const found = testApp.lms.control
        .columns('2')
        .find(({ resourceId }) => resourceId === `test-${two.test}`);
      expect(gradeOf(found?.id)).to.equal(100);
    });
    // A launch that brings the right does the rest.
    await open(item.link);
    await testApp.app.jobs.drain();
    await deliver();
    expect(gradeOf(columnsOf(item.link)[0]?.id)).to.equal(6);
    expect((await teacher.get('grades')).body).not.to.contain('Только смотреть» пока');
  });

  it('are not made where no score may be sent to them', async () => {
    const { link } = await ungraded('Без права на оценки');
    await granted([`${SCOPE}/lineitem`], async () => {
      await open(link);
      await testApp.app.jobs.drain();
      expect(calls()).to.equal(0);
      expect((await teacher.get('grades')).body).to.contain('не дала права ставить оценки');
    });
    // The teacher turns grading on in the LMS: the launch names the column, and there is nothing to say.
    testApp.lms.control.addColumn('2', toolId(), { activityId: link.id, own: true });
    await open(link);
    expect((await teacher.get('grades')).body).not.to.contain('«Без права на оценки»');
  });

  it('are tried for again while it can heal, and given up after three days', async () => {
    const { link } = await ungraded('Больная LMS');
    await open(link);
    testApp.lms.control.faults.fail('lineitems', { status: 503, body: '{"reason":"Обслуживание"}' });
    await testApp.app.jobs.drain();
    expect((await teacher.get('grades')).body)
      .to.contain('503 Обслуживание')
      .and.contain('Пробуем снова');
    await testApp.app.jobs.drain();
    // Not at once.
    expect(calls()).to.equal(1);
    for (let hours = 0; hours < 80; hours += 5) {
      testApp.clock.advance(5 * HOUR);
      await testApp.app.jobs.drain();
    }
    const asked = calls();
    testApp.clock.advance(DAY);
    await testApp.app.jobs.drain();
    expect(calls()).to.equal(asked);
    teacher = await testApp.launch({ person: '11', course: '2' });
    const row = await rows()
      .findOne({ linkId: await linkId(link) })
      .lean<{ _id: unknown }>();
    const again = `grades/columns/${String(row?._id)}/again`;
    expect((await teacher.get('grades')).body).to.contain(again);
    testApp.lms.control.faults.clear();
    const student = await open(link);
    expect((await student.submit(again)).status).to.equal(403);
    const elsewhere = await testApp.launch({ person: '17', course: '3' });
    expect((await elsewhere.submit(again)).status).to.equal(404);
    expect((await teacher.submit(again)).body).not.to.contain(again);
    await testApp.app.jobs.drain();
    expect(columnsOf(link)).to.have.length(1);
  });

  it('wait as long as the LMS asks', async () => {
    const { link } = await ungraded('Занятая LMS');
    await open(link);
    testApp.lms.control.faults.fail('lineitems', { status: 429, retryAfter: 120, times: 1 });
    await testApp.app.jobs.drain();
    testApp.clock.advance(110 * SECOND);
    await testApp.app.jobs.drain();
    expect(columnsOf(link)).to.have.length(0);
    testApp.clock.advance(20 * SECOND);
    await testApp.app.jobs.drain();
    expect(columnsOf(link)).to.have.length(1);
  });

  it('that the LMS refuses for their form are made in a plainer one', async () => {
    testApp.lms.control.setOddity('strict-columns');
    try {
      const title = `Дроби ${'ё'.repeat(120)}`;
      const test = await makeTest(teacher, { title, attemptsAllowed: '0' }, [{ ...CAPITAL, mark: '2.5' }]);
      const link = linkTo(test, title);
      await take(await open(link), test, { [CAPITAL.text]: ['Москва'] });
      await deliver();
      const [column] = columnsOf(link);
      expect(column).to.include({ scoreMaximum: 3, label: `Дроби ${'ё'.repeat(93)}…` });
      await deliver();
      // 2.5 of 2.5, on the column's scale.
      expect(gradeOf(column?.id)).to.equal(3);
      await changeTest(test, `Новое ${'ё'.repeat(120)}`);
      expect(columnsOf(link)[0]).to.include({ scoreMaximum: 3, label: `Новое ${'ё'.repeat(93)}…` });
    } finally {
      testApp.lms.control.setOddity('strict-columns', false);
    }
  });

  it('that the LMS refuses show its words and are not tried again', async () => {
    const { link } = await ungraded('Отказ');
    await open(link);
    testApp.lms.control.faults.fail('lineitems', { delayMs: 1, times: 2 });
    testApp.lms.control.faults.fail('lineitems', {
      status: 403,
      body: '{"reason":"Журнал закрыт"}',
      times: 1,
    });
    await testApp.app.jobs.drain();
    expect((await teacher.get('grades')).body)
      .to.contain('403 Журнал закрыт')
      .and.contain('Попробовать снова');
    testApp.clock.advance(DAY);
    await testApp.app.jobs.drain();
    expect(calls()).to.equal(3);
    teacher = await testApp.launch({ person: '11', course: '2' });
  });

  it('follow the title if the tool made them, and keep their maximum and other fields of the LMS', async () => {
    const { test, link } = await ungraded('Старое имя');
    await take(await open(link), test, RIGHT);
    await testApp.app.jobs.drain();
    await deliver();
    const [made] = columnsOf(link);
    const review = made?.submissionReview;
    await changeTest(test, 'Новое имя');
    const extra = { type: 'short', text: 'Ещё?', accepted: 'да', mark: '4' };
    expect((await ask(teacher, 'POST', `tests/${test}/questions`, extra)).status).to.equal(303);
    await settle();
    expect(columnsOf(link)).to.have.length(1);
    expect(columnsOf(link)[0]).to.deep.include({
      label: 'Новое имя',
      scoreMaximum: 6,
      resourceId: `test-${test}`,
      submissionReview: review,
    });
    // Nothing has changed since: nobody is asked.
    testApp.lms.control.faults.resetCalls();
    await settle();
    expect(calls()).to.equal(0);
  });

  it('keep the grades of students who have none when the maximum of the test changes', async () => {
    const test = await makeTest(teacher, { title: 'Растущий', attemptsAllowed: '0' }, [CAPITAL]);
    const link = linkTo(test, 'Растущий');
    await take(await open(link), test, { [CAPITAL.text]: ['Москва'] });
    await testApp.app.jobs.drain();
    await deliver();
    expect((await ask(teacher, 'POST', `tests/${test}/questions`, PRIMES)).status).to.equal(303);
    await settle();
    const [column] = columnsOf(link);
    expect(column).to.include({ scoreMaximum: 2 });
    expect(gradeOf(column?.id)).to.equal(2);
    expect(testApp.lms.control.grade(column?.id ?? '', '102')).to.equal(null);
    // A score bears its own maximum: 4 of 6 are 1.33333 of the column's 2.
    await take(await open(link), test, { [PRIMES.text]: ['2', '3'] });
    await ask(teacher, 'POST', `tests/${test}/settings`, {
      title: 'Растущий',
      attemptsAllowed: '0',
      grading: 'last',
      edition: (await testApp.storage.connection.model('Test').findById(test).lean<{ edition: number }>())!
        .edition,
    });
    await settle();
    await deliver();
    expect(gradeOf(column?.id)).to.be.closeTo(4 / 3, 1e-5);
  });

  it('that the LMS has made itself are left as they are', async () => {
    const { test, link } = await ungraded('Хозяйский');
    testApp.lms.control.addColumn('2', toolId(), {
      ...{ activityId: link.id, own: true, label: 'Как назвал учитель' },
      ...{ resourceId: `test-${test}`, tag: 'test' },
    });
    testApp.lms.control.addColumn('2', toolId(), { activityId: link.id, resourceId: 'another' });
    await open(link);
    await testApp.app.jobs.drain();
    testApp.lms.control.faults.resetCalls();
    await changeTest(test, 'Хозяйский, новый');
    expect(calls()).to.equal(0);
    expect(columnsOf(link)[0]?.label).to.equal('Как назвал учитель');
  });

  it('that were removed in the LMS are made again only on request', async () => {
    const { test, link } = await ungraded('Удалённый');
    const student = await open(link);
    await take(student, test, RIGHT);
    await testApp.app.jobs.drain();
    await open(link);
    await take(student, test, RIGHT);
    await deliver();
    testApp.lms.control.removeColumn(columnsOf(link)[0]!.id);
    // The next launch names none; what was changed in between does not matter.
    await open(link);
    await changeTest(test, 'Удалённый, новый');
    await settle();
    expect(columnsOf(link)).to.deep.equal([]);
    const page = (await teacher.get('grades')).body;
    const notice = page.slice(page.indexOf('«Удалённый'));
    expect(notice).to.contain('Столбец удалили из журнала');
    // Nothing is said to have failed for each student.
    expect(page).not.to.match(/Удалённый\s*<\/a>/);
    await teacher.submit(/grades\/columns\/[0-9a-f]{24}\/again/.exec(notice)?.[0] ?? '');
    await testApp.app.jobs.drain();
    await deliver();
    expect(gradeOf(columnsOf(link)[0]?.id)).to.equal(6);
  });

  describe('that a teacher deletes in the gradebook', () => {
    let test: string;
    let link: Activity;
    let student: Visitor;

    /** An activity with a column of its own, which launches name before and after it was deleted. */
    beforeEach(async () => {
      testApp.lms.control.setOddity('names-removed-columns');
      test = await makeTest(teacher, { title: 'Свой столбец', attemptsAllowed: '0' }, [CAPITAL, PRIMES]);
      link = testApp.lms.control.addActivity('2', toolId(), {
        title: 'Свой столбец',
        custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
        column: { scoreMaximum: 6, resourceId: `test-${test}`, tag: 'test' },
      });
      student = await open(link);
      await takeAgain();
      expect(gradeOf(columnsOf(link)[0]?.id)).to.equal(6);
    });
    afterEach(async () => {
      testApp.lms.control.setOddity('names-removed-columns', false);
      await rows().deleteMany({ linkId: await linkId(link) });
      await testApp.storage.connection.model('Grade').deleteMany({ 'content.id': test });
    });

    const grades = () =>
      testApp.storage.connection
        .model('Grade')
        .find({ 'content.id': test })
        .lean<{ state: string; lineItem: string; reason: string }[]>();
    const removeColumn = (): void => {
      testApp.lms.control.removeColumn(columnsOf(link)[0]!.id);
    };
    async function takeAgain(): Promise<void> {
      await take(student, test, RIGHT);
      await deliver();
      await deliver();
    }

    it('are made again once, take all grades, and the teacher is told', async () => {
      removeColumn();
      await takeAgain();
      const [made, ...more] = columnsOf(link);
      expect(more).to.deep.equal([]);
      expect(gradeOf(made?.id)).to.equal(6);
      expect((await grades()).map(({ state }) => state)).to.deep.equal(['sent']);
      expect((await teacher.get('grades')).body).to.contain('«Свой столбец» удалили из журнала');
      // The launch that follows is the same as before, and changes nothing.
      student = await open(link);
      await takeAgain();
      expect(columnsOf(link)).to.deep.equal([made]);
      // Deleted once more: the teacher means it.
      removeColumn();
      await takeAgain();
      expect(columnsOf(link)).to.deep.equal([]);
      expect(await grades()).to.deep.equal([]);
      const page = (await teacher.get('grades')).body;
      const notice = page.slice(page.indexOf('«Свой столбец'));
      expect(notice).to.contain('Столбец удалили из журнала');
      await teacher.submit(/grades\/columns\/[0-9a-f]{24}\/again/.exec(notice)?.[0] ?? '');
      await deliver();
      await deliver();
      expect(gradeOf(columnsOf(link)[0]?.id)).to.equal(6);
    });

    it('are found where the teacher has turned grading on again', async () => {
      removeColumn();
      const again = testApp.lms.control.addColumn('2', toolId(), { activityId: link.id, own: true });
      await takeAgain();
      expect(columnsOf(link)).to.deep.equal([again]);
      expect(gradeOf(again.id)).to.equal(100);
    });

    it('together with the activity fall silent, and refused grades close', async () => {
      testApp.lms.control.removeActivity(link.id);
      await takeAgain();
      expect(await grades()).to.deep.equal([]);
      expect((await teacher.get('grades')).body).not.to.contain('Свой столбец');
      testApp.lms.control.faults.resetCalls();
      await takeAgain();
      expect(testApp.lms.control.faults.calls).to.include({ scores: 0, lineitems: 0 });
    });

    it('are not made again for an activity that takes no grades any more', async () => {
      testApp.lms.control.setOddity('names-removed-columns', false);
      removeColumn();
      student = await open(link);
      await takeAgain();
      expect(columnsOf(link)).to.deep.equal([]);
      expect(await grades()).to.deep.equal([]);
      // Turned on again: found, though launches name none until the LMS has cleaned up.
      const again = testApp.lms.control.addColumn('2', toolId(), { activityId: link.id, own: true });
      student = await open(link);
      await takeAgain();
      expect(gradeOf(again.id)).to.equal(100);
    });

    it('are told of in the LMS’s words where the column is there after all', async () => {
      testApp.lms.control.faults.fail('scores', { status: 404, body: '{"reason":"No such user"}', times: 1 });
      await takeAgain();
      const [column] = columnsOf(link);
      expect(await grades()).to.have.nested.property('[0].reason', '404 No such user');
      expect((await teacher.get('grades')).body).to.contain('404 No such user');
      await teacher.submit('grades/again');
      await deliver();
      expect(columnsOf(link)).to.deep.equal([column]);
      expect((await grades()).map(({ state }) => state)).to.deep.equal(['sent']);
    });

    it('are asked for in words where the tool may not look for another', async () => {
      const readonly = [`${SCOPE}/score`];
      await granted(readonly, async () => {
        student = await open(link);
        removeColumn();
        await takeAgain();
        expect((await teacher.get('grades')).body).to.contain('не дала права находить и создавать столбцы');
      });
    });
  });

  it('that are gone fail the grades of their own course only', async () => {
    const { test, link } = await ungraded('Чужой адрес');
    await open(link);
    await testApp.app.jobs.drain();
    await take(await open(link), test, RIGHT);
    await testApp.app.jobs.drain();
    const grades = testApp.storage.connection.model('Grade');
    const mine = await rows()
      .findOne({ content: `test:${test}` })
      .lean<{ lineItem: string }>();
    const own = await grades.findOne({ lineItem: mine!.lineItem }).lean<Record<string, unknown>>();
    expect(own).to.not.equal(null);
    const { _id: _, ...copy } = own!;
    // Another LMS's row: its own answers have put this very address there.
    const foreign = { ...copy, registrationId: 'f'.repeat(24), personId: 'e'.repeat(24) };
    const elsewhere = { ...copy, courseId: 'd'.repeat(24), personId: 'c'.repeat(24) };
    await grades.create([foreign, elsewhere]);
    testApp.lms.control.removeColumn(columnsOf(link)[0]!.id);
    await testApp.launch({ person: '11', course: '2', link: link.id });
    await testApp.app.jobs.drain();
    expect(await rows().countDocuments({ content: `test:${test}`, problem: 'gone' })).to.equal(1);
    const left = await grades.find({ lineItem: mine!.lineItem }).lean<{ personId: string }[]>();
    expect(left.map(({ personId }) => personId)).to.have.members([foreign.personId, elsewhere.personId]);
    await grades.deleteMany({ lineItem: mine!.lineItem });
  });

  it('go on taking grades when a further column makes the launch name none', async () => {
    const { test, link } = await ungraded('Ещё столбец');
    const student = await open(link);
    await testApp.app.jobs.drain();
    await open(link);
    testApp.lms.control.addColumn('2', toolId(), { activityId: link.id, resourceId: 'exam' });
    await open(link);
    await take(student, test, RIGHT);
    await testApp.app.jobs.drain();
    await deliver();
    expect(gradeOf(columnsOf(link)[0]?.id)).to.equal(6);
    expect(columnsOf(link)).to.have.length(2);
  });

  it('of a test without points wait for its first question', async () => {
    const test = await makeTest(teacher, { title: 'Пустой', state: 'draft' }, []);
    const link = linkTo(test, 'Пустой');
    await open(link, '11');
    await testApp.app.jobs.drain();
    expect(calls()).to.equal(0);
    expect((await ask(teacher, 'POST', `tests/${test}/questions`, CAPITAL)).status).to.equal(303);
    await settle();
    expect(columnsOf(link)[0]).to.include({ label: 'Пустой', scoreMaximum: 2 });
  });

  it('are another column when the link is turned to another test, and the old one keeps its grades', async () => {
    const { test, link } = await ungraded('Первый тест');
    await take(await open(link), test, RIGHT);
    await testApp.app.jobs.drain();
    await deliver();
    const [first] = columnsOf(link);
    const { test: second } = await ungraded('Второй тест');
    const student = await testApp.launch({ person: '101', course: '2' });
    await take(student, second, { [CAPITAL.text]: ['Москва'] });
    await teacher.submit(`links/${await linkId(link)}/content`, { content: second });
    await testApp.app.jobs.drain();
    await deliver();
    // The launch of before had named none: this one is looked for.
    const columns = columnsOf(link);
    expect(columns).to.have.length(2);
    expect(gradeOf(first?.id)).to.equal(6);
    expect(gradeOf(columns[1]?.id)).to.equal(2);
  });

  it('of a copied course are found by the key of what was copied', async () => {
    const { test, link } = await ungraded('Скопированный');
    for (const more of [{ own: true, resourceId: `test-${test}`, tag: 'test' }, { resourceId: 'exam' }]) {
      testApp.lms.control.addColumn('2', toolId(), { activityId: link.id, ...more });
    }
    await open(link);
    const course = testApp.lms.control.copyCourse('2', { withStudents: true, title: 'Новый год' });
    const copied = testApp.lms.control.activities(course.id).find(({ title }) => title === 'Скопированный')!;
    const student = await testApp.launch({ person: '101', course: course.id, link: copied.id });
    const [, clone = ''] = /tests\/([0-9a-f]{24})/.exec(student.landing!.url) ?? [];
    expect(clone).not.to.equal(test);
    await take(student, clone, RIGHT);
    await testApp.app.jobs.drain();
    await deliver();
    const columns = columnsOf(copied);
    expect(columns).to.have.length(2);
    expect(gradeOf(columns.find(({ own }) => own)?.id)).to.equal(100);
    expect(columnsOf(link).map(({ id }) => gradeOf(id))).to.deep.equal([null, null]);
  });

  it('of one dead LMS hold up no other', async () => {
    const other = await testApp.app.lti.registrations.add({
      name: 'Мёртвая',
      issuer: 'https://dead.example',
      clientId: 'dead',
      authUrl: 'https://dead.example/auth',
      tokenUrl: 'http://127.0.0.1:9/token',
      jwksUrl: 'https://dead.example/jwks',
      deployments: ['1'],
    });
    const dead = await ungraded('Мёртвая LMS');
    await open(dead.link);
    await testApp.app.jobs.drain();
    // To be sought again, in another LMS.
    const seekAt = testApp.clock.now();
    await rows().updateOne(
      { linkId: await linkId(dead.link) },
      { $set: { registrationId: other.id, lineItem: '', made: false, tries: 0, dueAt: seekAt, seekAt } },
    );
    const { link } = await ungraded('Живая LMS');
    await open(link);
    await testApp.app.jobs.drain();
    expect(columnsOf(link)).to.have.length(1);
    expect(
      await rows()
        .findOne({ linkId: await linkId(dead.link) })
        .lean(),
    ).to.include({
      problem: 'unreachable',
      tries: 1,
    });
  });

  it('a launch waits for none of it', async () => {
    const { link } = await ungraded('Медленная LMS');
    testApp.lms.control.faults.fail('lineitems', { connection: 'silence' });
    testApp.app.jobs.start();
    try {
      const { response } = await launchLink(testApp.lms, { person: '102', course: '2', link: link.id });
      expect(response.status).to.equal(200);
    } finally {
      testApp.lms.control.faults.clear();
    }
  });

  async function linkId(link: Activity): Promise<string> {
    const { connection } = testApp.storage;
    const course = await connection.model('Course').findOne({ contextId: '2' }).lean<{ _id: unknown }>();
    const row = await connection
      .model('ResourceLink')
      .findOne({ courseId: String(course?._id), resourceLinkId: link.id })
      .lean<{ _id: unknown }>();
    return String(row?._id);
  }

  /** A second process on the same database. */
  async function twin(): Promise<{ app: App; storage: Storage }> {
    const storage = await openStorage({ url: databaseUrl, clock: testApp.clock });
    const app = buildApp({
      config: loadConfig({
        PUBLIC_URL: testApp.origin,
        DATABASE_URL: databaseUrl,
        ALLOW_PRIVATE_NETWORK: '1',
        LOG_LEVEL: 'silent',
        RATE_LIMITS: '0',
      }),
      secret: 'a secret for tests, long enough',
      storage,
      clock: testApp.clock,
      log: pino({ level: 'silent' }),
    });
    return { app, storage };
  }
});
