import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { pino } from 'pino';
import {
  USUAL_SETTINGS,
  createAssessments,
  type AssessmentsFeature,
} from '../../../src/features/assessments/index.js';
import type { NewGrade } from '../../../src/features/gradebook/index.js';
import type { Actor } from '../../../src/shared/actor.js';
import { createEvents } from '../../../src/infra/events/index.js';
import { createExports } from '../../../src/infra/export/index.js';
import type { Files } from '../../../src/infra/files/index.js';
import { createJobs, type Jobs } from '../../../src/infra/jobs/index.js';
import { HOUR, ManualClock, MINUTE, SECOND } from '../../../src/shared/clock.js';
import { createLinksStore, type LinksStore } from '../../../src/features/launch/links.store.js';
import { createRegistry } from '../../../src/shared/registry.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';
import { launchReview, launchSelection, returnSelection } from '../../support/lms.js';
import { startTestApp, Visitor, type TestApp } from '../../support/test-app.js';
import { ask, makeTest, take, TSAR } from './fixtures.js';

/** Looks again and again until it is so. */
async function eventually<T>(look: () => T | Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  const start = Date.now();
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() - start > 50_000) throw new Error(`never so; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('grades of tests', () => {
  describe('on the way to the gradebook', () => {
    let testApp: TestApp;
    let teacher: Visitor;
    let student: Visitor;

    before(async () => {
      testApp = await startTestApp();
      teacher = await testApp.launch({ person: '11', course: '2' });
      student = await testApp.launch({ person: '101', course: '2' });
    });
    after(() => testApp.close());

    /** Places a test into the course as Deep Linking would. @returns link and column */
    const place = (test: string, maximum = 10) => {
      const { control } = testApp.lms;
      const link = control.addActivity('2', control.tools()[0]?.id ?? '', {
        title: 'Контрольная',
        custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
        column: { scoreMaximum: maximum },
      });
      return { link: link.id, column: control.columnsOfActivity(link.id)[0]?.id ?? '' };
    };
    const gradeOf = (column: string, person = '101') =>
      testApp.lms.control.grade(column, person)?.score ?? null;
    const arrives = (column: string, score: number): Promise<unknown> =>
      eventually(
        () => gradeOf(column),
        (seen) => seen === score,
      );

    it('arrive after the finish, and the student is told when', async () => {
      const test = await makeTest(teacher);
      const { link, column } = place(test);
      const visitor = await testApp.launch({ person: '101', course: '2', link });
      expect(visitor.landing?.url).to.match(new RegExp(`/tests/${test}$`));
      const attempt = await take(visitor, test);
      await arrives(column, 8);
      const page = await eventually(
        () => visitor.get(attempt),
        ({ body }) => body.includes('Передано'),
      );
      expect(page.body).to.match(/Передано<\/span>\s+<time/);
      expect((await ask(visitor, 'GET', attempt)).data.deliveries[0]).to.include({
        state: 'sent',
        scoreGiven: 8,
      });
    });

    it('arrive by the grading method', async () => {
      const test = await makeTest(teacher, { attemptsAllowed: '3', grading: 'average' });
      const { link, column } = place(test);
      const visitor = await testApp.launch({ person: '101', course: '2', link });
      await take(visitor, test);
      await arrives(column, 8);
      await take(visitor, test, {});
      await arrives(column, 4);
      await take(visitor, test, { [TSAR.text]: ['Пётр'] });
      await arrives(column, 3);
    });

    it('arrive for attempts made before the test stood in the course', async () => {
      const test = await makeTest(teacher);
      const attempt = await take(student, test);
      expect((await student.get(attempt)).body).to.include('когда тест будет добавлен в курс');
      const { link, column } = place(test);
      await testApp.launch({ person: '11', course: '2', link });
      await arrives(column, 8);
    });

    it('are sent again when the grading method changes', async () => {
      const test = await makeTest(teacher, { attemptsAllowed: '2', grading: 'first' });
      const { link, column } = place(test);
      const visitor = await testApp.launch({ person: '101', course: '2', link });
      await take(visitor, test, {});
      await take(visitor, test);
      await arrives(column, 0);
      testApp.clock.advance(2 * SECOND);
      const changed = { title: 'Контрольная', attemptsAllowed: '2', grading: 'last', edition: 1 };
      expect((await ask(teacher, 'POST', `tests/${test}/settings`, changed)).status).to.equal(303);
      await arrives(column, 8);
    });

    it('is opened from the gradebook at that student’s attempts', async () => {
      const test = await makeTest(teacher);
      const { link } = place(test);
      const visitor = await testApp.launch({ person: '101', course: '2', link });
      await take(visitor, test);
      const review = await launchReview(testApp.lms, { person: '11', course: '2', link, student: '101' });
      expect(review.response.url).to.match(/\/people\/[0-9a-f]{24}$/);
      expect(review.response.text).to.include('Абрамов').and.include('8 / 10');
    });

    it('are opened from the gradebook by the student as well, at the own attempts', async () => {
      const test = await makeTest(teacher);
      const { link } = place(test);
      const visitor = await testApp.launch({ person: '101', course: '2', link });
      await take(visitor, test);
      const own = await launchReview(testApp.lms, { person: '101', course: '2', link, student: '101' });
      expect(own.response.status, own.response.text).to.equal(200);
      expect(own.response.url).to.match(/\/tests\/[0-9a-f]{24}$/);
      expect(own.response.text).to.include('8 / 10');
    });

    it('are not asked for by links that name a test that cannot be', async () => {
      const { link } = place('no-such-test');
      const visitor = await testApp.launch({ person: '101', course: '2', link });
      expect(visitor.landing?.status).to.equal(404);
    });

    describe('with a test made from the picker', () => {
      it('comes back to the picker through all forms, and is placed with its maximum', async () => {
        const { browser, response } = await launchSelection(testApp.lms, { person: '11', course: '2' });
        const [, key = '', request = ''] =
          /\/c\/([a-z0-9]+)\/deep-linking\/([\w-]+)/.exec(response.url) ?? [];
        expect(response.text).to.include(`tests/new?for=${request}`);
        const picking = new Visitor(testApp.origin, browser, key, response);
        const form = await picking.get(`tests/new?for=${request}`);
        expect(form.body).to.include(`name="for" value="${request}"`);
        const wrong = await picking.submit('tests', { title: '', for: request });
        expect(wrong.body, 'kept when a field is wrong').to.include(`name="for" value="${request}"`);

        const created = await picking.submit('tests', { title: 'Из выбора', for: request });
        const id = /tests\/([0-9a-f]{24})\?for=/.exec(created.url)?.[1] ?? '';
        expect(created.body).to.include('Добавьте хотя бы один вопрос');
        const typed = await picking.get(`tests/${id}/questions/new?type=short&for=${request}`);
        expect(typed.body).to.include(`name="for" value="${request}"`);
        const added = await picking.submit(`tests/${id}/questions`, { ...TSAR, mark: '5', for: request });
        const back = `deep-linking/${request}?chosen=test:${id}`;
        expect(added.body).to.include(back).and.include('когда вы его опубликуете');
        const published = await picking.submit(`tests/${id}/publish`, { for: request });
        expect(published.body).to.include(back).and.include('Осталось добавить тест в курс');
        expect(published.body).not.to.include('когда вы его опубликуете');

        const picker = await picking.browser.get(picking.address(back), { from: testApp.origin });
        expect(picker.text).to.match(new RegExp(`value="test:${id}" checked`));
        const answer = picker.forms.find(({ action }) => action.endsWith(`/deep-linking/${request}`));
        const placed = await picking.browser.submit(picker, {
          ...answer!,
          fields: { ...answer!.fields, chosen: `test:${id}` },
        });
        await returnSelection(picking.browser, placed);
        const link = testApp.lms.control.activities('2').find(({ title }) => title === 'Из выбора');
        expect(testApp.lms.control.columnsOfActivity(link?.id ?? '')[0]?.scoreMaximum).to.equal(5);
        const visitor = await testApp.launch({ person: '101', course: '2', link: link?.id ?? '' });
        expect(visitor.landing?.text).to.include('Из выбора').and.include('Начать');
      });
    });
  });

  describe('between the finish and the outbox', () => {
    let folder: string;
    let storage: Storage;
    let clock: ManualClock;
    let broken: boolean;
    let queued: NewGrade[];
    let jobs: Jobs;
    let room: AssessmentsFeature;
    let links: LinksStore;
    const log = pino({ level: 'silent' });

    const name = { surname: 'Иванова', givenName: 'Мария', patronymic: '' };
    const person = (personId: string, role: Actor['role']): Actor => ({
      personId,
      registrationId: 'r',
      courseId: 'c',
      courseKey: 'k',
      courseTitle: '',
      role,
      name,
    });
    const teacher = person('teacher', 'teacher');
    const settings = {
      ...USUAL_SETTINGS,
      title: 'Тест',
      description: '',
      shuffleQuestions: false,
      shuffleAnswers: false,
      attemptsAllowed: 0,
      timeLimitMinutes: 20,
      opensAt: null,
      closesAt: null,
      grading: 'highest' as const,
      review: 'answers' as const,
    };

    const build = (): AssessmentsFeature => {
      const events = createEvents({ storage, jobs, clock, log });
      links = createLinksStore(storage.connection, clock);
      events.watch(links.model);
      const files = { defineOwner: () => undefined } as unknown as Files;
      return createAssessments({
        storage,
        jobs,
        events,
        clock,
        kinds: createRegistry(),
        membership: {
          people: { findMany: () => Promise.resolve([]), findKept: () => Promise.resolve([]) },
          courses: {
            members: () => Promise.resolve([]),
            membership: () => Promise.resolve(null),
            findMany: () => Promise.resolve([]),
          },
          groupsOf: () => Promise.resolve([]),
        },
        launch: { links },
        consultations: { freeFor: () => Promise.resolve([]), topics: createRegistry() },
        files,
        exports: createExports({ connection: storage.connection, jobs, files, clock }),
        associationsOf: () => Promise.resolve([]),
        grades: {
          queue: (grade) => {
            if (broken) return Promise.reject(new Error('the process was killed here'));
            queued.push(grade);
            return Promise.resolve();
          },
          deliveries: () => Promise.resolve([]),
          columnChanged: () => Promise.resolve(),
        },
      });
    };

    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'assessments-'));
      clock = new ManualClock('2026-11-23T12:00:00Z');
      broken = false;
      queued = [];
      await open();
    });
    afterEach(async () => {
      await storage.close();
      await rm(folder, { recursive: true });
    });
    const open = async (): Promise<void> => {
      storage = await openStorage({ url: `file:${path.join(folder, 'test.db')}` });
      jobs = createJobs({ storage, clock, log });
      room = build();
      await storage.ensureIndexes();
    };

    const newTest = async (): Promise<string> => {
      const { id } = await room.tests.create(teacher, settings);
      await room.tests.addQuestion(teacher, id, {
        text: 'Сколько?',
        mark: 2,
        feedback: '',
        definition: { type: 'short', accepted: ['два'], caseMatters: false },
      });
      await room.tests.publish(teacher, id);
      return id;
    };
    const takes = async (student: Actor, test: string, text: string): Promise<void> => {
      const { id } = await room.attempts.start(student, test);
      clock.advance(MINUTE);
      await room.attempts.finish(student, test, id, [{ index: 0, sent: [text], base: 0, saveId: '' }]);
    };
    const ivanova = person('ivanova', 'student');

    it('publishes finished attempts, and only once', async () => {
      const test = await newTest();
      await takes(ivanova, test, 'два');
      await jobs.drain();
      expect(queued).to.deep.equal([
        {
          courseId: 'c',
          personId: 'ivanova',
          content: { kind: 'test', id: test },
          title: 'Тест',
          scoreGiven: 2,
          scoreMaximum: 2,
          comment: '',
          submittedAt: new Date('2026-11-23T12:01:00Z'),
          asOf: new Date('2026-11-23T12:01:00Z'),
        },
      ]);
      clock.advance(HOUR);
      await jobs.drain();
      expect(queued, 'and only once').to.have.length(1);
    });

    it('loses no grade when the gradebook fails, nor when the process is killed meanwhile', async () => {
      const test = await newTest();
      broken = true;
      await takes(ivanova, test, 'два');
      await takes(person('petrov', 'student'), test, 'три');
      await jobs.drain();
      expect(queued).to.have.length(0);

      await storage.close();
      await open();
      clock.advance(MINUTE);
      await jobs.drain();
      expect(queued, 'the gradebook still fails').to.have.length(0);
      broken = false;
      clock.advance(MINUTE);
      await jobs.drain();
      expect(queued.map(({ personId, scoreGiven }) => [personId, scoreGiven])).to.have.deep.members([
        ['ivanova', 2],
        ['petrov', 0],
      ]);
      clock.advance(MINUTE);
      await jobs.drain();
      expect(queued).to.have.length(2);
    });

    it('loses no grade when the process is killed right after the finish', async () => {
      await takes(ivanova, await newTest(), 'два');
      await storage.close();
      await open();
      await jobs.drain();
      expect(queued).to.have.length(1);
    });

    it('publishes all scores again when a launch has named a line item, and loses none to a kill', async () => {
      const test = await newTest();
      await takes(ivanova, test, 'два');
      await jobs.drain();
      await takes(ivanova, test, 'три');
      await jobs.drain();
      expect(queued.map(({ scoreGiven }) => scoreGiven)).to.deep.equal([2, 2]);
      await links.upsertFromLaunch(
        {
          courseId: 'c',
          resourceLinkId: 'named',
          sent: { kind: 'test', id: test },
          lineItem: 'https://lms.example/lineitem',
          title: '',
          lineItems: '',
          scopes: null,
        },
        (sent) => Promise.resolve(sent),
      );
      await storage.close();
      await open();
      await jobs.drain();
      expect(queued).to.have.length(3);
      await jobs.drain();
      expect(queued).to.have.length(3);
    });

    it('works on by itself between start and stop', async () => {
      const test = await newTest();
      jobs.start();
      await takes(ivanova, test, 'два');
      await eventually(
        () => queued.length,
        (length) => length === 1,
      );
      await jobs.stop();
    });

    it('says the current grade of everybody', async () => {
      const test = await newTest();
      await takes(ivanova, test, 'три');
      await takes(ivanova, test, 'два');
      await takes(person('petrov', 'student'), test, 'три');
      await room.attempts.start(person('running', 'student'), test);
      const grades = await room.gradesFor('c', test);
      expect(grades.map(({ personId, scoreGiven }) => [personId, scoreGiven])).to.have.deep.members([
        ['ivanova', 2],
        ['petrov', 0],
      ]);
      expect(await room.gradesFor('other', test)).to.deep.equal([]);
    });
  });
});
