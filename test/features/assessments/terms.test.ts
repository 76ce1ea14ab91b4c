import { expect } from 'chai';
import { ALL_SCOPES, SCOPE } from '../../../scripts/demo-lms/index.js';
import { scaled, passed } from '../../../src/features/assessments/results/scale.js';
import { effectiveTest } from '../../../src/features/assessments/overrides/effective.js';
import type { OverrideTerms } from '../../../src/features/assessments/overrides/overrides.store.js';
import type { Test } from '../../../src/features/assessments/tests/tests.store.js';
import { MINUTE } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  answer,
  ask,
  begin,
  idIn,
  makeTest,
  paperOf,
  studentActor,
  take,
  TSAR,
  type Answered,
} from './fixtures.js';

const RIGHT = { [TSAR.text]: ['Пётр'] };
const WRONG = { [TSAR.text]: ['Иван'] };

describe('the terms of a test', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let other: Visitor;

  before(async () => {
    testApp = await startTestApp({ env: { TRUST_PROXY: '1' } });
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    other = await testApp.launch({ person: '102', course: '2' });
  });
  after(() => testApp.close());

  const start = (test: string, fields: object = {}, as = student) =>
    ask(as, 'POST', `tests/${test}/attempts`, fields);

  it('ask for an access code, whatever its case and spaces', async () => {
    const test = await makeTest(teacher, { accessCode: 'Весна 2026' }, [TSAR]);
    expect((await student.get(`tests/${test}`)).body).to.include('Код доступа');
    const refused = await start(test, { code: 'осень' });
    expect([refused.status, refused.data.code]).to.deep.equal([403, 'wrong-access-code']);
    expect((await start(test)).status).to.equal(403);
    expect((await student.submit(`tests/${test}/attempts`, { code: 'нет' })).body).to.include(
      'Код не подошёл',
    );
    expect((await start(test, { code: ' весна  2026' })).status).to.equal(303);
  });

  describe('bind a test to networks', () => {
    const ROOM = { 'x-forwarded-for': '10.9.9.9, 192.0.2.77' };
    const ROOM_6 = { 'x-forwarded-for': '2001:db8:0:1::5' };
    // What a visitor makes up stands before what the proxy adds.
    const HOME = { 'x-forwarded-for': '192.0.2.77, 198.51.100.4' };
    const NETWORKS = '192.0.2.0/24, 2001:db8:0:1::/64';
    const from = async (
      headers: Readonly<Record<string, string>>,
      method: string,
      path: string,
      body?: object,
    ): Promise<Answered> => await student.json(method, path, body, headers);
    let test: string;
    let attempt: string;

    before(async () => {
      test = await makeTest(teacher, { networks: NETWORKS }, [TSAR]);
      const path = `tests/${test}/attempts`;
      const refused = await from(HOME, 'POST', path, {});
      expect([refused.status, refused.data.code]).to.deep.equal([403, 'network-refused']);
      expect(refused.data.detail).to.include('198.51.100.4');
      const started = await from(ROOM, 'POST', path, {});
      expect(started.status).to.equal(303);
      attempt = `${path}/${idIn(started, 'attempts')}`;
    });

    it('at the start, by the address that the configured proxy tells', async () => {
      const page = await student.get(`tests/${test}`, { headers: HOME });
      expect(page.body).to.include('198.51.100.4').and.not.include('Продолжить');
      expect((await student.get(`tests/${test}`, { headers: ROOM_6 })).body).to.include('Продолжить');
      const again = await from(HOME, 'POST', `tests/${test}/attempts`, {});
      expect(again.data.code, 'an open attempt is no way in').to.equal('network-refused');
    });

    it('at every write of an attempt; what was saved before stays', async () => {
      const save = (headers: Readonly<Record<string, string>>, response: string, revision: number) =>
        from(headers, 'PUT', `${attempt}/answers/1`, {
          response,
          revision,
          save: `network-${response}-${revision}`.replace(/[^\w-]/gu, 'x'),
        });
      expect((await save(ROOM, 'Пётр', 0)).status).to.equal(200);
      expect((await save(ROOM_6, 'Пётр I', 1)).status).to.equal(200);
      const writes: [string, string, object?][] = [
        ['PUT', `${attempt}/answers/1`, { response: 'Иван', revision: 2, save: 'network-elsewhere' }],
        ['POST', `${attempt}/answers`, { q1: 'Иван', r1: 2 }],
        ['POST', `${attempt}/turn?to=1`, {}],
        ['POST', `${attempt}/hints/1`, {}],
        ['POST', `${attempt}/finish`, {}],
        ['GET', attempt],
      ];
      for (const [method, path, body] of writes) {
        const refused = await from(HOME, method, path, body);
        expect([refused.status, refused.data.code], `${method} ${path}`).to.deep.equal([
          403,
          'network-refused',
        ]);
      }
      const paper = await from(ROOM, 'GET', attempt);
      expect(paper.data.questions[0]?.given).to.equal('Пётр I');
      expect((await from(ROOM, 'POST', `${attempt}/finish`, {})).status).to.equal(303);
      expect((await from(HOME, 'GET', attempt)).status, 'the result is seen from everywhere').to.equal(200);
    });

    it('which are read as CIDR of both kinds, and shown as they count', async () => {
      const form = async (networks: string) => ask(teacher, 'POST', 'tests', { title: 'Сети', networks });
      const made = await form('192.0.2.5/24\n2001:DB8::1/32; 203.0.113.9 ::1');
      const page = await teacher.json('GET', `tests/${idIn(made, 'tests')}/settings`);
      const { networks } = (page.data as { values: { networks: string } }).values;
      expect(networks.split('\n')).to.deep.equal([
        '192.0.2.0/24',
        '2001:db8::/32',
        '203.0.113.9/32',
        '::1/128',
      ]);
      for (const wrong of ['192.0.2.0/33', '192.0.2', '0300.1.1.1', '2001:db8::/129', 'школа', '1.2.3.4/a']) {
        const refused = await form(wrong);
        expect(refused.status, wrong).to.equal(400);
        expect(refused.data.fields, wrong).to.have.keys('networks');
      }
      const again = await teacher.submit('tests', { title: 'Сети', networks: '192.0.2.0/33' });
      expect(again.body).to.include('Одна из сетей не читается').and.include('>192.0.2.0/33<');
    });
  });

  it('ask for a pledge', async () => {
    const test = await makeTest(teacher, { pledge: 'on' }, [TSAR]);
    expect((await start(test)).data.fields).to.have.keys('pledge');
    expect((await start(test, { pledge: 'on' })).status).to.equal(303);
  });

  it('hold a pause between attempts', async () => {
    const test = await makeTest(teacher, { attemptsAllowed: '2', delayMinutes: '30' }, [TSAR]);
    await take(student, test, RIGHT);
    expect((await start(test)).data.code).to.equal('attempt-delayed');
    expect((await student.get(`tests/${test}`)).body).to.include('Следующую попытку можно начать');
    testApp.clock.advance(30 * MINUTE);
    expect((await start(test)).status).to.equal(303);
  });

  it('let an overdue attempt be handed in as it stands, and abandon it after that', async () => {
    const terms = { timeLimitMinutes: '5', whenOverdue: 'grace', overdueMinutes: '10', attemptsAllowed: '2' };
    const test = await makeTest(teacher, terms, [TSAR]);
    const attempt = await begin(student, test);
    await answer(student, attempt, 1, 'Пётр');
    testApp.clock.advance(7 * MINUTE);
    expect((await paperOf(student, attempt)).attempt.state).to.equal('overdue');
    expect((await answer(student, attempt, 1, 'Иван', 1)).data.code).to.equal('attempt-overdue');
    expect((await ask(student, 'POST', `${attempt}/finish`)).status).to.equal(303);
    expect((await paperOf(student, attempt)).attempt).to.include({ state: 'marked', score: 1 });

    const second = await begin(student, test);
    testApp.clock.advance(20 * MINUTE);
    await testApp.app.jobs.drain();
    expect((await paperOf(student, second)).attempt).to.include({ state: 'abandoned', score: null });
    expect((await ask(student, 'GET', attempt)).data.grade, 'the first one counts').to.include({
      scoreGiven: 1,
    });
  });

  it('date what arrives within the grace by the deadline', async () => {
    const test = await makeTest(teacher, { timeLimitMinutes: '5' }, [TSAR]);
    const attempt = await begin(student, test);
    testApp.clock.advance(5 * MINUTE + 30_000);
    expect((await ask(student, 'POST', `${attempt}/finish`)).status).to.equal(303);
    const { startedAt, finishedAt } = (await paperOf(student, attempt)).attempt;
    expect(new Date(finishedAt ?? '').getTime() - new Date(startedAt).getTime()).to.equal(5 * MINUTE);
  });

  it('say passed only of a pass mark that was reached', async () => {
    const test = await makeTest(teacher, { passPercent: '60', scale: 'five' }, [TSAR]);
    await take(student, test, RIGHT);
    await take(other, test, WRONG);
    expect((await student.get(`tests/${test}`)).body)
      .to.include('Сдан')
      .and.include('5 (отлично)');
    expect((await other.get(`tests/${test}`)).body).to.match(/Не сдан|Not passed/);
    const plain = await makeTest(teacher, { attemptsAllowed: '1' }, [TSAR]);
    await take(student, plain, RIGHT);
    expect((await student.get(`tests/${plain}`)).body)
      .to.include('Завершён')
      .and.not.match(/>\s*Сдан/);
  });

  it('word the grade in the gradebook by the scale, and hold it until it is released', async () => {
    const test = await makeTest(teacher, { scale: 'pass', passPercent: '50', holdGrades: 'on' }, [TSAR]);
    await take(student, test, RIGHT);
    const { personId, courseId } = await studentActor(testApp);
    const held = () => testApp.app.features.assessments.gradesFor(courseId, test);
    expect(await held()).to.deep.equal([]);
    expect((await teacher.get(`tests/${test}/results`)).body).to.include('пока вы их не откроете');
    expect((await ask(teacher, 'POST', `tests/${test}/release`)).status).to.equal(303);
    expect(await held()).to.have.length(1);
    expect((await held())[0]).to.include({ personId, comment: 'зачтено', scoreGiven: 1 });
  });

  it('take thresholds that rise, and refuse others', async () => {
    const wrong = await ask(teacher, 'POST', 'tests', { title: 'Т', thresholds: ['70', '50', '90'] });
    expect(wrong.data.fields).to.have.keys('thresholds');
    const bands = await ask(teacher, 'POST', 'tests', { title: 'Т', bands: 'без процента' });
    expect(bands.data.fields).to.have.keys('bands');
    expect(
      (await ask(teacher, 'POST', 'tests', { title: 'Т', thresholds: ['40', '60', '80'] })).status,
    ).to.equal(303);
  });

  it('lead from what went wrong to a consultation', async () => {
    const test = await makeTest(teacher, {}, [TSAR]);
    const wrong = await student.get(await take(student, test, WRONG));
    expect(wrong.body)
      .to.include('Не всё удалось: вопросы 1')
      .and.match(/href="[^"]*\/attempts\/[0-9a-f]{24}\/consultation"/);
    expect((await student.get(await take(student, test, RIGHT))).body).not.to.include('Не всё удалось');
  });

  it('say of the whole result what its band says', async () => {
    const test = await makeTest(teacher, { bands: '0 % Повторите тему\n90 % Отлично' }, [TSAR]);
    expect((await student.get(await take(student, test, RIGHT))).body)
      .to.include('Отлично')
      .and.not.include('Повторите');
  });

  it('are other for a student, at once and for an attempt under way', async () => {
    const test = await makeTest(teacher, { timeLimitMinutes: '40', attemptsAllowed: '1' }, [TSAR]);
    const attempt = await begin(student, test);
    const { personId } = await studentActor(testApp);
    const set = await ask(teacher, 'POST', `tests/${test}/overrides`, {
      subject: `p:${personId}`,
      extraPercent: '25',
      attemptsAllowed: '3',
    });
    expect(set.status, JSON.stringify(set.data)).to.equal(303);
    expect((await paperOf(student, attempt)).attempt.left).to.be.within(49 * 60, 50 * 60);
    expect((await ask(student, 'GET', `tests/${test}`)).data.attemptsLeft).to.equal(2);
    expect((await ask(other, 'GET', `tests/${test}`)).data.attemptsLeft, 'others have one').to.equal(1);
    const page = await teacher.get(`tests/${test}/overrides`);
    expect(page.body).to.include('время +25 %');
    const id = /overrides\/([0-9a-f]{24})\/remove/.exec(page.body)?.[1] ?? '';
    expect((await ask(teacher, 'POST', `tests/${test}/overrides/${id}/remove`)).status).to.equal(303);
    expect((await paperOf(student, attempt)).attempt.left).to.be.within(39 * 60, 40 * 60);
  });

  it('are other for a group of the LMS, at once and for attempts under way', async () => {
    const { control } = testApp.lms;
    control.changeTool(control.tools()[0]!.id, { scopes: [...ALL_SCOPES, SCOPE.groups] });
    await testApp.launch({ person: '11', course: '2' });
    await teacher.submit('people/refresh');
    await testApp.app.jobs.drain();
    const test = await makeTest(teacher, { timeLimitMinutes: '40', attemptsAllowed: '1' }, [TSAR]);
    const [own, others] = [await begin(student, test), await begin(other, test)];
    // Of the two, one is in this group.
    const set = { subject: 'g:3', extraPercent: '50', attemptsAllowed: '2' };
    expect((await ask(teacher, 'POST', `tests/${test}/overrides`, set)).status).to.equal(303);
    expect((await teacher.get(`tests/${test}/overrides`)).body).to.include('Подготовка к олимпиаде');
    expect((await paperOf(student, own)).attempt.left).to.be.within(59 * 60, 60 * 60);
    expect((await paperOf(other, others)).attempt.left).to.be.within(39 * 60, 40 * 60);
    testApp.clock.advance(50 * MINUTE);
    expect((await answer(student, own, 1, 'Пётр')).status).to.equal(200);
    expect((await answer(other, others, 1, 'Пётр')).data.code).to.equal('attempt-over');
  });

  it('are set by teachers, for people of the course', async () => {
    const test = await makeTest(teacher, {}, [TSAR]);
    const set = (as: Visitor, subject: string) => ask(as, 'POST', `tests/${test}/overrides`, { subject });
    expect((await set(student, 'p:x')).status).to.equal(403);
    expect((await set(teacher, 'p:ffffffffffffffffffffffff')).data.fields).to.have.keys('subject');
  });
});

describe('overrides of several groups', () => {
  const none: OverrideTerms = {
    opensAt: null,
    closesAt: null,
    extraPercent: null,
    attemptsAllowed: null,
    accessCode: null,
  };
  const test = {
    opensAt: null,
    closesAt: new Date(10),
    attemptsAllowed: 1,
    timeLimitMinutes: 40,
    accessCode: '',
  } as Test;

  it('give what is best of each', () => {
    const groups = [
      { ...none, closesAt: new Date(20), extraPercent: 10 },
      { ...none, closesAt: new Date(30), attemptsAllowed: 0 },
    ];
    expect(effectiveTest(test, [], groups)).to.deep.include({
      closesAt: new Date(30),
      timeLimitMinutes: 44,
      attemptsAllowed: 0,
    });
  });

  it('give way to the student’s own', () => {
    const own = [{ ...none, closesAt: new Date(5) }];
    expect(effectiveTest(test, own, [{ ...none, closesAt: new Date(30) }]).closesAt).to.deep.equal(
      new Date(5),
    );
  });
});

describe('a scale', () => {
  const five = { scale: 'five' as const, thresholds: [50, 70, 85], passPercent: 0 };

  for (const [given, value] of [
    [4.9, 2],
    [5, 3],
    [6.99, 3],
    [7, 4],
    [8.5, 5],
    [10, 5],
  ] as const) {
    it(`gives ${value} for ${given} of 10`, () => {
      expect(scaled(five, given, 10)).to.deep.equal({ kind: 'five', value });
    });
  }

  it('is not fooled by binary fractions at a threshold', () => {
    expect(scaled(five, 0.1 * 3 + 0.4, 1)).to.include({ value: 4 });
  });

  it('passes from its own mark, or from the grade 3, and from none without a mark', () => {
    expect(scaled({ ...five, scale: 'pass' }, 5, 10)).to.deep.equal({ kind: 'pass', passed: true });
    expect(scaled({ ...five, scale: 'pass', passPercent: 60 }, 5, 10)).to.deep.equal({
      kind: 'pass',
      passed: false,
    });
    expect(passed(five, 10, 10)).to.equal(null);
  });
});
