import { expect } from 'chai';
import { Types, type Connection } from 'mongoose';
import { createAssessmentsStores } from '../../../src/features/assessments/assessments.stores.js';
import { createRegrader } from '../../../src/features/assessments/regrading/regrader.js';
import { createRegradesStore } from '../../../src/features/assessments/regrading/regrades.store.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { answer, ask, begin, CAPITAL, carryOut, makeTest, paperOf, planned, regradeOf } from './fixtures.js';

const QUIZ = { type: 'truefalse', text: 'Дважды два четыре?', right: 'true', mark: '1' };

describe('a regrade', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  const keyOf = async (test: string, place: number): Promise<string> =>
    (await ask(teacher, 'GET', `tests/${test}`)).data.questions[place]?.key ?? '';
  const plan = async (test: string) => (await planned(testApp, teacher, test)).changes;
  const commit = (test: string): Promise<void> => carryOut(testApp, teacher, test);

  /** Answers Омск, which is wrong by the first key, and the other question right. */
  async function taken(): Promise<{ test: string; attempt: string }> {
    const test = await makeTest(teacher, { shuffleAnswers: '' }, [CAPITAL, QUIZ]);
    const attempt = await begin(student, test);
    const options = (await paperOf(student, attempt)).questions[0]?.options ?? [];
    await answer(student, attempt, 1, options.find(({ text }) => text === 'Омск')?.value ?? '');
    await answer(student, attempt, 2, 'true');
    await ask(student, 'POST', `${attempt}/finish`);
    return { test, attempt };
  }

  it('shows first what a corrected key would change, and changes it when told to', async () => {
    const { test, attempt } = await taken();
    expect(await plan(test)).to.deep.equal([]);
    const corrected = { ...CAPITAL, option: ['Омск', 'Минск', 'Москва'], right: '0', version: '1' };
    expect(
      (await ask(teacher, 'POST', `tests/${test}/questions/${await keyOf(test, 0)}`, corrected)).status,
    ).to.equal(303);
    const [change] = await plan(test);
    expect(change).to.include({ from: 1, to: 3, maximum: 3 });
    expect((await paperOf(student, attempt)).attempt.score, 'nothing is written yet').to.equal(1);
    await commit(test);
    expect((await paperOf(student, attempt)).attempt.score).to.equal(3);
    expect(await plan(test), 'once is enough').to.deep.equal([]);
    const deliveries = (await ask(student, 'GET', attempt)).data;
    expect(deliveries.grade).to.include({ scoreGiven: 3 });
  });

  it('takes a faulty question out of the count, or gives everybody its points, and back', async () => {
    const { test, attempt } = await taken();
    const treat = async (treatment: string): Promise<void> => {
      const key = await keyOf(test, 0);
      await ask(teacher, 'POST', `tests/${test}/questions/${key}/treatment`, { treatment });
      await commit(test);
    };
    await treat('dropped');
    expect((await paperOf(student, attempt)).attempt).to.include({ score: 1, maximum: 1 });
    expect((await student.get(attempt)).body).to.include('исключён из подсчёта');
    await treat('full');
    expect((await paperOf(student, attempt)).attempt).to.include({ score: 3, maximum: 3 });
    await treat('');
    expect((await paperOf(student, attempt)).attempt).to.include({ score: 1, maximum: 3 });
  });

  it('keeps marks that a person gave', async () => {
    const { test, attempt } = await taken();
    const id = attempt.split('/').at(-1);
    const given = await ask(teacher, 'POST', `tests/${test}/marking/${id}/1`, {
      points: '1',
      comment: 'Зачёл',
      version: '1',
    });
    expect(given.status).to.equal(303);
    const corrected = { ...CAPITAL, option: ['Омск', 'Минск', 'Москва'], right: '0', version: '1' };
    await ask(teacher, 'POST', `tests/${test}/questions/${await keyOf(test, 0)}`, corrected);
    expect(await plan(test)).to.deep.equal([]);
    expect((await paperOf(student, attempt)).attempt.score).to.equal(2);
  });

  it('is shown with statistics that speak of the marks as they are', async () => {
    const { test } = await taken();
    const page = await teacher.get(`tests/${test}/statistics`);
    expect(page.body).to.include('<svg').and.include('Лёгкость').and.include('Омск');
    const csv = await teacher.get(`tests/${test}/statistics/export?format=csv`);
    expect(csv.body).to.include('Столица России?');
  });

  const corrected = { ...CAPITAL, option: ['Омск', 'Минск', 'Москва'], right: '0', version: '1' };
  const correct = async (test: string): Promise<void> => {
    const changed = await ask(teacher, 'POST', `tests/${test}/questions/${await keyOf(test, 0)}`, corrected);
    expect(changed.status).to.equal(303);
  };
  const commitOnly = (test: string) => ask(teacher, 'POST', `tests/${test}/regrade`, { why: 'Ошибка' });

  it('is refused without a plan, and with one that is older than the test', async () => {
    const { test, attempt } = await taken();
    expect((await commitOnly(test)).data.code, 'no plan').to.equal('regrade-outdated');
    await planned(testApp, teacher, test);
    await correct(test);
    expect((await regradeOf(teacher, test)).state).to.equal('old');
    const refused = await commitOnly(test);
    expect([refused.status, refused.data.code]).to.deep.equal([409, 'regrade-outdated']);
    const page = (await teacher.submit(`tests/${test}/regrade`, { why: 'Опечатка в ключе' })).body;
    expect(page).to.include('Посчитайте заново').and.include('value="Опечатка в ключе"');
    await testApp.app.jobs.drain();
    expect((await paperOf(student, attempt)).attempt.score, 'nothing is written').to.equal(1);
    await teacher.submit(`tests/${test}/regrade/plan`, { why: 'Опечатка в ключе' });
    await testApp.app.jobs.drain();
    expect((await teacher.get(`tests/${test}/regrade`)).body, 'is kept').to.include(
      'value="Опечатка в ключе"',
    );
  });

  describe('of many attempts', () => {
    const ATTEMPTS = 120;
    let test: string;
    let courseId: string;
    const rows = () => testApp.storage.connection.model('TestAttempt').collection;
    const countOf = async (markVersion: number): Promise<number> => {
      const found = await rows()
        .find({ courseId, testId: test }, { projection: { markVersion: 1 } })
        .toArray();
      return found.filter((row) => row.markVersion === markVersion).length;
    };

    before(async () => {
      // Here work is done when a test says so.
      await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
      const made = await taken();
      test = made.test;
      await testApp.app.jobs.drain();
      const pattern = (await rows().findOne({ _id: new Types.ObjectId(made.attempt.split('/').at(-1)) }))!;
      courseId = String(pattern.courseId);
      await rows().insertMany(
        Array.from({ length: ATTEMPTS - 1 }, (_, n) => ({
          ...pattern,
          ...{ _id: new Types.ObjectId(), personId: new Types.ObjectId().toString(), number: n + 2 },
        })),
      );
      await correct(test);
    });

    it('is planned in the background, and its page moves on by itself until the list is there', async () => {
      expect((await ask(teacher, 'POST', `tests/${test}/regrade/plan`)).status).to.equal(303);
      const waiting = await teacher.get(`tests/${test}/regrade`);
      expect(waiting.body).to.include('data-live-waits').and.include('http-equiv="refresh"');
      expect(waiting.body).to.include('<progress').and.include('Просмотрено попыток');
      await testApp.app.jobs.drain();
      const listed = await teacher.get(`tests/${test}/regrade`);
      expect(listed.body).not.to.match(/data-live-waits|http-equiv="refresh"/);
      expect(listed.body).to.include(`Изменится: ${ATTEMPTS} из ${ATTEMPTS}`);
      expect(await countOf(0), 'written').to.equal(ATTEMPTS);
    });

    it('goes on where its process was killed, and changes every attempt once', async () => {
      expect((await commitOnly(test)).status).to.equal(303);
      const { connection } = testApp.storage;
      const { id } = (await createRegradesStore(connection).findOptional(courseId, test))!;
      await expectEnd(killedAfterBatch(connection), id);
      const changed = await countOf(1);
      expect(changed).to.be.within(1, ATTEMPTS - 1);
      const halfway = await teacher.get(`tests/${test}/regrade`);
      expect(halfway.body).to.include('Баллы пересчитываются').and.not.include('Посчитать заново');
      await testApp.app.jobs.drain();
      expect(await regradeOf(teacher, test)).to.include({ state: 'done', done: ATTEMPTS, total: ATTEMPTS });
      expect(await countOf(1)).to.equal(ATTEMPTS);
    });

    it('is not planned again while it changes marks', async () => {
      await planned(testApp, teacher, test);
      expect((await commitOnly(test)).status).to.equal(303);
      await ask(teacher, 'POST', `tests/${test}/regrade/plan`);
      expect((await regradeOf(teacher, test)).state).to.equal('changing');
      expect((await commitOnly(test)).data.code, 'twice').to.equal('regrade-outdated');
      await testApp.app.jobs.drain();
      expect((await regradeOf(teacher, test)).state).to.equal('done');
    });

    /** Works as a process does that ends after the first attempts that it has changed. */
    function killedAfterBatch(connection: Connection) {
      const stores = createAssessmentsStores(connection);
      const markMany: typeof stores.attempts.markMany = async (many, now) => {
        await stores.attempts.markMany(many, now);
        throw new Error('killed');
      };
      return createRegrader({
        ...stores,
        attempts: { ...stores.attempts, markMany },
        regrades: createRegradesStore(connection),
        clock: testApp.clock,
      });
    }
    async function expectEnd(regrader: ReturnType<typeof createRegrader>, id: string): Promise<void> {
      const end = await regrader.run(id, new AbortController().signal).catch((error: unknown) => error);
      expect(end).to.have.property('message', 'killed');
    }
  });
});
