import { expect } from 'chai';
import {
  checksAnswers,
  gridOf,
  JUST_AFTER_MS,
  phaseOf,
  rightsAt,
  USUAL_GRID,
} from '../../../src/features/assessments/review/review.js';
import { triesBefore } from '../../../src/features/assessments/attempts/tries.js';
import { HOUR } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  answer,
  answerAll,
  ask,
  begin,
  CAPITAL,
  KEYS,
  makeTest,
  take,
  TSAR,
  valuesOf,
  paperOf,
} from './fixtures.js';

const at = new Date('2026-12-01T10:00:00Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);
const SUBMITTED = { state: 'marked', finishedAt: at };

describe('what a student sees of an attempt', () => {
  describe('by the phase', () => {
    const closesAt = later(24 * HOUR);

    for (const [name, attempt, now, phase] of [
      ['is "during" while it is open', { state: 'inProgress', finishedAt: null }, at, 'during'],
      ['is "after" for two minutes after the end', SUBMITTED, later(JUST_AFTER_MS - 1), 'after'],
      ['is "open" from then on', SUBMITTED, later(JUST_AFTER_MS), 'open'],
      ['is "closed" from the closing on', SUBMITTED, closesAt, 'closed'],
    ] as const) {
      it(name, () => expect(phaseOf({ closesAt }, attempt, now)).to.equal(phase));
    }

    it('is never "closed" for a test that does not close', () => {
      expect(phaseOf({ closesAt: null }, SUBMITTED, later(10_000 * HOUR))).to.equal('open');
    });
  });

  describe('by the rule', () => {
    const of = (review: 'score' | 'marks' | 'answers' | 'later' | 'custom', grid = null, closed = null) =>
      gridOf({ review, reviewClosed: closed, reviewGrid: grid });

    it('is nothing before the closing, and all after it, with "later"', () => {
      expect(of('later')).to.deep.equal({ during: [], after: [], open: [], closed: USUAL_GRID.closed });
    });
    it('is another after closing where the test says so', () => {
      const grid = gridOf({ review: 'score', reviewClosed: 'answers', reviewGrid: null });
      expect(grid.open).to.deep.equal(['maximum', 'marks', 'overall']);
      expect(grid.closed).to.include('answer');
    });
    it('shows each of eight things alone where the grid says so', () => {
      for (const thing of USUAL_GRID.after) {
        const reviewGrid = { during: [], after: [thing], open: [], closed: [] };
        const rights = rightsAt(
          { review: 'custom', reviewClosed: null, reviewGrid, closesAt: null },
          SUBMITTED,
          at,
        );
        expect(Object.entries(rights).flatMap(([name, yes]) => (yes ? [name] : []))).to.deep.equal([thing]);
      }
    });
    it('offers to check single answers only where something is shown meanwhile', () => {
      const custom = { review: 'custom', reviewClosed: null } as const;
      expect(checksAnswers({ ...custom, reviewGrid: { ...USUAL_GRID, during: ['correct'] } })).to.equal(true);
      expect(checksAnswers({ ...custom, reviewGrid: USUAL_GRID })).to.equal(false);
    });
  });

  describe('on its pages', () => {
    let testApp: TestApp;
    let teacher: Visitor;
    let student: Visitor;

    before(async () => {
      testApp = await startTestApp();
      teacher = await testApp.launch({ person: '11', course: '2' });
      student = await testApp.launch({ person: '101', course: '2' });
    });
    after(() => testApp.close());

    const custom = (...grid: string[]) => ({ review: 'custom', grid });

    it('leaves out what no cell of the phase ticks', async () => {
      const test = await makeTest(teacher, custom('after-attempt', 'after-correct'), [CAPITAL, TSAR]);
      const attempt = await take(student, test, { [CAPITAL.text]: ['Минск'], [TSAR.text]: ['петр'] });
      const { questions, attempt: shown, grade } = await paperOf(student, attempt);
      expect(shown.score).to.equal(null);
      expect(grade).to.equal(null);
      expect(questions.map(({ answerResult, score, mark }) => [answerResult, score, mark])).to.deep.equal([
        ['wrong', null, null],
        ['right', null, null],
      ]);
      const page = (await student.get(attempt)).body;
      for (const key of KEYS) expect(page).to.not.match(key);
      const start = (await ask(student, 'GET', `tests/${test}`)).data;
      expect([start.grade, start.attempts[0]?.score]).to.deep.equal([null, null]);
    });

    it('says when more can be seen, and shows it then', async () => {
      const closesAt = new Date(testApp.clock.now().getTime() + HOUR).toISOString();
      const test = await makeTest(teacher, { review: 'later', closesAt }, [CAPITAL]);
      const attempt = await take(student, test, { [CAPITAL.text]: ['Москва'] });
      const before = await student.get(attempt);
      expect(before.body).to.include('Ответы приняты').and.include('когда тест закроется');
      expect((await ask(student, 'GET', `tests/${test}`)).data.grade).to.equal(null);
      testApp.clock.advance(HOUR);
      const { attempt: shown, questions } = await paperOf(student, attempt);
      expect(shown.score).to.equal(2);
      expect(questions).to.have.length(1);
    });

    it('refuses "later" for a test without an end, and keeps what was typed', async () => {
      const refused = await ask(teacher, 'POST', 'tests', { title: 'Без срока', review: 'later' });
      expect(refused.status).to.equal(400);
      expect(refused.data.fields).to.have.property('review');
      const page = await teacher.submit('tests', { title: 'Без срока', review: 'later' });
      expect(page.body)
        .to.include('value="Без срока"')
        .and.match(/value="later"\s+selected/);
    });

    it('keeps the grid of the settings form as it was ticked', async () => {
      const test = await makeTest(teacher, custom('after-marks', 'closed-answer', 'during-correct'), [
        CAPITAL,
      ]);
      const page = (await teacher.get(`tests/${test}/settings`)).body;
      const ticked = [...page.matchAll(/name="grid"\s+value="([a-z-]+)"[^>]*\schecked/g)].map(
        ([, name]) => name,
      );
      expect(ticked.sort()).to.deep.equal(['after-marks', 'closed-answer', 'during-correct']);
    });

    it('checks one answer for good while the attempt goes on, and shows what the rule says', async () => {
      const test = await makeTest(teacher, custom('during-correct', 'during-general'), [CAPITAL, TSAR]);
      const attempt = await begin(student, test);
      const form = { q1: valuesOf(await paperOf(student, attempt), CAPITAL.text, ['Минск']).values, r1: '0' };
      expect((await ask(student, 'POST', `${attempt}/checks/1`, form)).status).to.equal(303);
      const { questions } = await paperOf(student, attempt);
      expect(questions[0]).to.deep.include({ checkable: false });
      expect((questions[0] as unknown as { checked: object }).checked).to.include({
        answerResult: 'wrong',
        score: null,
        feedback: CAPITAL.feedback,
      });
      const again = await answer(student, attempt, 1, [], 1);
      expect([again.status, again.data.code]).to.deep.equal([409, 'answer-checked']);
      expect((await ask(student, 'POST', `${attempt}/checks/2`, { q2: '', r2: '0' })).status).to.equal(400);
      await answerAll(student, attempt, { [TSAR.text]: ['Пётр'] });
      expect((await ask(student, 'POST', `${attempt}/finish`)).status).to.equal(303);
    });

    it('lets a wrong answer be given again at the price of a try, and shows no key until it is right', async () => {
      const test = await makeTest(teacher, custom('during-correct', 'during-answer'), [
        { ...TSAR, tryPenalty: '25' },
      ]);
      const attempt = await begin(student, test);
      const check = (q1: string, r1: number) => ask(student, 'POST', `${attempt}/checks/1`, { q1, r1 });
      const asked = async () =>
        (await paperOf(student, attempt)).questions[0] as unknown as Record<
          'tried' | 'checked',
          object | null
        >;
      // Pressed twice, it is one try.
      for (const revision of [0, 1]) expect((await check('Иван', revision)).status).to.equal(303);
      expect(await asked()).to.deep.include({
        checked: null,
        tried: { answerResult: 'wrong', remarks: [], cost: 25 },
      });
      const page = (await student.get(attempt)).body;
      expect(page).to.include('−25 % балла').and.not.include('Пётр');
      expect((await check('Пётр', 1)).status).to.equal(303);
      const { checked, tried } = await asked();
      expect(tried).to.equal(null);
      expect(checked).to.include({ answerResult: 'partly' });
      expect((await answer(student, attempt, 1, 'Иван', 2)).data.code).to.equal('answer-checked');
      await ask(student, 'POST', `${attempt}/finish`);
      expect((await paperOf(teacher, attempt)).attempt.score).to.equal(0.75);
    });

    it('takes no points for a try after which nothing else was answered', () => {
      const tried = { revision: 3, tries: 2, triedRevision: 3 };
      expect(triesBefore(tried)).to.equal(1);
      expect(triesBefore({ ...tried, revision: 4 })).to.equal(2);
      expect(triesBefore(undefined)).to.equal(0);
    });

    it('shows no key of a question that is not checked', async () => {
      const test = await makeTest(teacher, custom('during-answer', 'during-general'), [CAPITAL, TSAR]);
      const attempt = await begin(student, test);
      const page = (await student.get(attempt)).body;
      for (const key of KEYS) expect(page).to.not.match(key);
      expect(page).to.include('data-check');
    });
  });
});
