import { expect } from 'chai';
import { startLms } from '../support/lms.js';
import { openLab, STUDENT, type Lab } from './lab.js';
import { accessToken } from './tool.js';

const SCORE = 'application/vnd.ims.lis.v1.score+json';
const ITEMS = 'application/vnd.ims.lis.v2.lineitemcontainer+json';

describe('demo LMS: faults', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
    lab.lms.control.faults.resetCalls();
  });
  afterEach(() => lab.close());

  const list = () => lab.call('/2/lineitems', { accept: ITEMS });
  const send = () =>
    lab.call(`/2/lineitems/${lab.column.id}/lineitem/scores`, {
      method: 'POST',
      type: SCORE,
      body: {
        userId: STUDENT,
        scoreGiven: 7,
        scoreMaximum: 100,
        activityProgress: 'Completed',
        gradingProgress: 'FullyGraded',
        timestamp: lab.clock.now().toISOString(),
      },
    });
  const score = () => lab.lms.control.grade(lab.column.id, STUDENT)?.score;

  it('answers with a status so many times, then is well again', async () => {
    lab.lms.control.faults.fail('lineitems', { status: 500, times: 2 });
    const statuses = [await list(), await list(), await list()].map(({ status }) => status);
    expect(statuses).to.deep.equal([500, 500, 200]);
    expect(lab.lms.control.faults.calls).to.include({ lineitems: 3, scores: 0 });
  });

  it('says when to try again, with other set headers', async () => {
    lab.lms.control.faults.fail('scores', { status: 429, retryAfter: 7, times: 1 });
    lab.lms.control.faults.fail('scores', { status: 422, body: 'Оценка не принята', times: 1 });
    const first = await send();
    expect(first.status).to.equal(429);
    expect(first.headers.get('retry-after')).to.equal('7');
    expect(await send()).to.include({ status: 422, text: 'Оценка не принята' });
    expect(score()).to.equal(undefined);
    expect((await send()).status).to.equal(200);
  });

  it('cuts the connection before the work', async () => {
    lab.lms.control.faults.fail('scores', { connection: 'cut', times: 1 });
    const error = await send().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(TypeError);
    expect(score()).to.equal(undefined);
  });

  it('cuts the connection after the work, so that the caller cannot know', async () => {
    lab.lms.control.faults.fail('scores', { connection: 'cut', when: 'after', times: 1 });
    const error = await send().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(TypeError);
    expect(score()).to.equal(7);
    expect(lab.lms.control.scores).to.have.length(1);
  });

  it('replaces the answer after the work', async () => {
    lab.lms.control.faults.fail('scores', { status: 503, when: 'after', times: 1 });
    expect((await send()).status).to.equal(503);
    expect(score()).to.equal(7);
  });

  it('keeps silent until the caller gives up', async () => {
    lab.lms.control.faults.fail('nrps', { connection: 'silence', times: 1 });
    const controller = new AbortController();
    const url = `${lab.lms.origin}/mod/lti/services.php/CourseSection/2/bindings/1/memberships`;
    const call = fetch(url, { signal: controller.signal }).then(
      () => 'answered',
      () => 'given up',
    );
    while (lab.lms.control.faults.calls.nrps === 0) await new Promise(setImmediate);
    controller.abort();
    expect(await call).to.equal('given up');
  });

  it('closes even while a caller waits for a silent service', async () => {
    const lms = await startLms();
    lms.control.faults.fail('jwks', { connection: 'silence' });
    const call = fetch(`${lms.origin}/mod/lti/certs.php`).then(
      () => 'answered',
      () => 'cut off',
    );
    while (lms.control.faults.calls.jwks === 0) await new Promise(setImmediate);
    await lms.close();
    expect(await call).to.equal('cut off');
  });

  it('waits, and then does its work', async () => {
    lab.lms.control.faults.fail('token', { delayMs: 60, times: 1 });
    const before = performance.now();
    expect(await accessToken(lab.lms, lab.tool, 'tool-1')).to.match(/^[0-9a-f]{32}$/);
    // Timers may fire a millisecond early.
    expect(performance.now() - before).to.be.greaterThan(58);
  });

  it('strikes at random, the same way for the same seed', async () => {
    const run = async (seed: number) => {
      lab.lms.control.faults.clear();
      lab.lms.control.faults.fail('lineitems', { status: 500, probability: 0.5, seed });
      const statuses: number[] = [];
      for (let call = 0; call < 20; call += 1) statuses.push((await list()).status);
      return statuses;
    };
    const first = await run(7);
    expect(first).to.include(500).and.include(200);
    expect(await run(7)).to.deep.equal(first);
    expect(await run(8)).to.not.deep.equal(first);
  });

  it('forgets its faults when told to', async () => {
    lab.lms.control.faults.fail('lineitems', { status: 500 });
    lab.lms.control.faults.fail('token', { status: 401 });
    lab.lms.control.faults.clear('token');
    expect(await accessToken(lab.lms, lab.tool, 'tool-1')).to.be.a('string');
    expect((await list()).status).to.equal(500);
    lab.lms.control.faults.clear();
    expect((await list()).status).to.equal(200);
  });

  it('is driven over HTTP only where that was asked for, and only with JSON', async () => {
    const closed = await fetch(`${lab.lms.origin}/control/faults`);
    expect(closed.status).to.equal(404);
    await closed.text();
    const open = await startLms({ httpControl: true });
    const call = async (path: string, method = 'GET', body?: object, type = 'application/json') => {
      const response = await fetch(`${open.origin}/control/${path}`, {
        method,
        headers: { 'content-type': type },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    try {
      expect((await call('faults', 'POST', { service: 'jwks', status: 503, times: 1 })).status).to.equal(200);
      expect((await fetch(`${open.origin}/mod/lti/certs.php`)).status).to.equal(503);
      expect((await call('faults')).body.calls).to.include({ jwks: 1 });
      expect((await call('faults', 'POST', { service: 'mail' })).status).to.equal(400);
      expect((await call('faults', 'POST', { service: 'jwks' }, 'text/plain')).status).to.equal(415);
      const { body } = await call('clock', 'POST', { freeze: '2026-01-01T00:00:00Z', advanceMs: 1000 });
      expect(body.now).to.equal('2026-01-01T00:00:01.000Z');
      expect((await call('tools', 'POST', { url: 'http://localhost:3000' })).body.state).to.equal('active');
      expect((await call('tools', 'POST', {})).status).to.equal(400);
      expect((await call('courses/2')).body.activities).to.have.length(1);
    } finally {
      await open.close();
    }
  });
});
