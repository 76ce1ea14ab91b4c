import { expect } from 'chai';
import {
  attemptsLeft,
  deadlineOf,
  isOver,
  standingOf,
} from '../../../src/features/assessments/assessments.policy.js';
import { MINUTE } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  answerAll,
  ask,
  begin,
  comeAsAssistant,
  EIGHT,
  makeTest,
  studentActor,
  take,
  TSAR,
} from './fixtures.js';

describe('results of a test', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  it('list all of the course’s students by name', async () => {
    const [third, odd, nameless] = [
      await testApp.launch({ person: '103', course: '2' }),
      await testApp.launch({ person: '130', course: '2' }),
      await testApp.launch({ person: '129', course: '2' }),
    ];
    const test = await makeTest(teacher, { attemptsAllowed: '2', grading: 'highest' });
    await take(student, test, {});
    testApp.clock.advance(12 * MINUTE);
    const best = await take(student, test);
    const running = await begin(third, test);
    await answerAll(third, running, { [TSAR.text]: ['Иван'] });
    await take(odd, test, { [TSAR.text]: ['Пётр'] });

    const { data } = await ask(teacher, 'GET', `tests/${test}/results`);
    const names = data.students.map(({ name }) => name);
    expect(names).to.deep.equal([...names].sort(new Intl.Collator('ru').compare));
    expect(names).to.include('Абрамов Артём Денисович');
    const abramov = data.students.find(({ name }) => name.startsWith('Абрамов'))!;
    expect(abramov.attempts.map(({ score, counts }) => [score, counts])).to.deep.equal([
      [0, false],
      [8, true],
    ]);
    expect(data).to.include({ finished: 2, running: 1, mean: 45 });
    expect(data.students.filter(({ attempts }) => attempts.length === 0)).to.have.length(
      data.students.length - 3,
    );
    expect(nameless.landing?.status).to.equal(200);

    const page = (await teacher.get(`tests/${test}/results`)).body;
    expect(page).to.include('&lt;b&gt;Ю&lt;/b&gt; 🎈').and.not.include('<b>Ю');
    expect(page)
      .to.include('Без имени')
      .and.include('Не приступал')
      .and.include('засчитана')
      .and.include('8 / 10');
    expect(page).to.include('Прошли: 2 из');
    expect((await teacher.get(best)).body)
      .to.include('петр первый')
      .and.include('Частично');
    const own = await teacher.get(`tests/${test}/people/${abramov.personId}`);
    expect(own.body).to.include('Абрамов Артём Денисович').and.include('Лучшая попытка');
  });

  it('are not given to students, nor of people who are not in the course', async () => {
    const test = await makeTest(teacher);
    const { students } = (await ask(teacher, 'GET', `tests/${test}/results`)).data;
    const me = students.find(({ name }) => name.startsWith('Абрамов'))!.personId;
    expect((await ask(student, 'GET', `tests/${test}/people/${me}`)).status).to.equal(403);
    const foreign = await testApp.launch({ person: '15', course: '3' });
    expect((await ask(foreign, 'GET', `tests/${test}/people/${me}`)).status).to.equal(404);
    const foreignTest = await makeTest(foreign, {}, [TSAR]);
    expect((await ask(foreign, 'GET', `tests/${foreignTest}/people/${me}`)).status).to.equal(404);
    expect((await ask(teacher, 'GET', `tests/${test}/people/${'0'.repeat(24)}`)).status).to.equal(404);
  });

  describe('waiting work', () => {
    const todo = async () => {
      const actor = await studentActor(testApp);
      const { assessments } = testApp.app.features;
      return {
        student: await assessments.todoFor(actor),
        teacher: await assessments.todoFor({ ...actor, personId: '0'.repeat(24), role: 'teacher' }),
      };
    };

    it('show a student what can be started, continued and repeated', async () => {
      const inAnHour = new Date(testApp.clock.now().getTime() + 60 * MINUTE).toISOString();
      const ids = {
        later: await makeTest(teacher, { title: 'Когда угодно' }),
        soon: await makeTest(teacher, { title: 'Скоро закроется', closesAt: inAnHour }),
        closed: await makeTest(teacher, { title: 'Не открыт', opensAt: inAnHour }),
        done: await makeTest(teacher, { title: 'Сдан', attemptsAllowed: '1' }),
        again: await makeTest(teacher, { title: 'Ещё раз', attemptsAllowed: '' }),
        running: await makeTest(teacher, { title: 'Идёт', timeLimitMinutes: '30' }),
      };
      await take(student, ids.done);
      await take(student, ids.again);
      await begin(student, ids.running);
      const mine = new Set(Object.values(ids));
      const shown = (await todo()).student.filter(({ testId }) => mine.has(testId));
      expect(shown.map(({ kind, title }) => [kind, title])).to.deep.equal([
        ['resume', 'Идёт'],
        ['take', 'Скоро закроется'],
        ['take', 'Когда угодно'],
        ['retake', 'Ещё раз'],
      ]);
      expect(shown[0]?.dueAt?.getTime()).to.be.closeTo(testApp.clock.now().getTime() + 30 * MINUTE, MINUTE);
      expect(shown[1]?.path).to.equal(`tests/${ids.soon}`);
    });

    it('show teachers the results that they have not seen', async () => {
      const assistant = await comeAsAssistant(testApp, '4', '2');
      const test = await makeTest(teacher, { title: 'Свежий', attemptsAllowed: '' });
      await take(student, test);
      const told = (await todo()).teacher.find(({ testId }) => testId === test);
      expect(told).to.include({ kind: 'results', count: 1, path: `tests/${test}/results` });
      expect((await teacher.get('tests')).body).to.include('1 новый результат');
      await teacher.get(`tests/${test}/results`);
      const seen = async (visitor: Visitor): Promise<number | undefined> =>
        (await ask(visitor, 'GET', 'tests')).data.tests.find(({ id }) => id === test)?.newResults;
      expect(await seen(teacher)).to.equal(0);
      expect(await seen(assistant), 'who looked is one, who did not another').to.equal(1);
      testApp.clock.advance(MINUTE);
      await take(student, test, EIGHT);
      expect(await seen(teacher)).to.equal(1);
    });
  });
});

describe('the state of a test for a student', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  const at = (minutes: number): Date => new Date(now.getTime() + minutes * MINUTE);
  const test = {
    state: 'published' as const,
    opensAt: null,
    closesAt: null,
    attemptsAllowed: 2,
    timeLimitMinutes: 0,
  };
  const finished = (number: number) => ({ state: 'marked' as const, number });
  const open = { state: 'inProgress' as const, number: 9 };

  for (const [what, changes, attempts, standing] of [
    ['may start', {}, [], 'ready'],
    ['may start once more', {}, [finished(1)], 'ready'],
    ['has used all attempts', {}, [finished(1), finished(2)], 'noneLeft'],
    ['may start without end', { attemptsAllowed: 0 }, [finished(1), finished(2)], 'ready'],
    ['comes too early', { opensAt: at(1) }, [], 'notYet'],
    ['comes at the very opening', { opensAt: now }, [], 'ready'],
    ['comes just in time', { closesAt: at(1) }, [], 'ready'],
    ['comes at the very closing', { closesAt: now }, [], 'closed'],
    ['finds the test taken back', { state: 'draft' }, [finished(1)], 'closed'],
    [
      'goes on in an open attempt',
      { state: 'draft', closesAt: at(-1), attemptsAllowed: 1 },
      [open],
      'running',
    ],
  ] as const) {
    it(`${what}: ${standing}`, () => {
      expect(standingOf({ ...test, ...changes }, attempts, now)).to.equal(standing);
    });
  }

  it('has so many attempts left, or no end of them', () => {
    expect(attemptsLeft({ attemptsAllowed: 3 }, [1])).to.equal(2);
    expect(attemptsLeft({ attemptsAllowed: 1 }, [1, 2])).to.equal(0);
    expect(attemptsLeft({ attemptsAllowed: 0 }, [1, 2])).to.equal(null);
  });

  it('has time until the limit or the closing, whichever comes first', () => {
    expect(deadlineOf(test, now)).to.equal(null);
    expect(deadlineOf({ ...test, timeLimitMinutes: 20 }, now)).to.deep.equal(at(20));
    expect(deadlineOf({ ...test, timeLimitMinutes: 20, closesAt: at(5) }, now)).to.deep.equal(at(5));
    expect(deadlineOf({ ...test, timeLimitMinutes: 20, closesAt: at(50) }, now)).to.deep.equal(at(20));
  });

  it('has a minute of grace, to the millisecond', () => {
    expect(isOver(at(-1), now)).to.equal(false);
    expect(isOver(new Date(at(-1).getTime() - 1), now)).to.equal(true);
    expect(isOver(null, now)).to.equal(false);
  });
});
