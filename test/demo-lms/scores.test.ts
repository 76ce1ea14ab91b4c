import { expect } from 'chai';
import { openLab, START, STUDENT, TEACHER, type Answer, type Lab } from './lab.js';

const SCORE = 'application/vnd.ims.lis.v1.score+json';
const RESULTS = 'application/vnd.ims.lis.v2.resultcontainer+json';
const COMMENT = 'Отлично & <b>так</b>\nдальше';

describe('demo LMS: scores and results', () => {
  let lab: Lab;
  let own: string;
  let standalone: string;

  beforeEach(async () => {
    lab = await openLab();
    lab.lms.control.clock.freeze(START);
    own = lab.column.id;
    const made = await lab.call('/2/lineitems', {
      method: 'POST',
      type: 'application/vnd.ims.lis.v2.lineitem+json',
      body: { label: 'Отдельная', scoreMaximum: 80 },
    });
    standalone = /lineitems\/(\d+)\//.exec((made.json as { id: string }).id)![1]!;
  });
  afterEach(() => lab.close());

  const score = (changes: Readonly<Record<string, unknown>> = {}) => ({
    userId: STUDENT,
    scoreGiven: 83,
    scoreMaximum: 100,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp: lab.lms.control.clock.now().toISOString(),
    comment: COMMENT,
    ...changes,
  });
  const send = (body: object | string, { column = own, type = SCORE } = {}): Promise<Answer> =>
    lab.call(`/2/lineitems/${column}/lineitem/scores?type_id=${lab.registered.id}`, {
      method: 'POST',
      type,
      body,
    });
  const results = (query = `?type_id=${lab.registered.id}`, column = own) =>
    lab.call(`/2/lineitems/${column}/lineitem/results${query}`, { accept: RESULTS });
  const stored = (column = own, person = STUDENT) => lab.lms.control.grade(column, person);
  const later = (milliseconds: number) => lab.lms.control.clock.advance(milliseconds);

  it('takes a score with an empty answer', async () => {
    const answer = await send(score());
    expect(answer.status).to.equal(200);
    expect(answer.text).to.equal('');
    expect(answer.headers.get('content-type')).to.equal(`${SCORE}; charset=utf-8`);
    expect(stored()).to.include({ score: 83, comment: COMMENT });
  });

  it('refuses what is not later, in whole seconds, with 409', async () => {
    await send(score());
    const old = [
      score(),
      score({ timestamp: '2026-11-23T04:32:14.540Z' }),
      score({ timestamp: '2026-11-23T05:32:14.999Z', scoreGiven: 84 }),
    ];
    for (const body of old) {
      const answer = await send(body);
      expect(answer.status).to.equal(409);
      expect(answer.text).to.equal('[]');
      expect(answer.statusText).to.equal(
        `Refusing score with an earlier timestamp for item ${own} and user ${STUDENT}`,
      );
    }
    later(2_000);
    expect((await send(score({ scoreGiven: 90 }))).status).to.equal(200);
    expect(stored()?.score).to.equal(90);
  });

  it('records the server’s time for an activity’s own column, not the score’s', async () => {
    expect((await send(score({ timestamp: '2025-11-23T10:00:00Z' }))).status).to.equal(200);
    expect((await send(score({ timestamp: '2026-05-23T10:00:00Z' }))).status).to.equal(409);
    const future = score({ userId: '102', timestamp: '2026-11-23T06:32:16Z' });
    expect((await send(future)).status).to.equal(200);
    expect((await send(score({ userId: '102' }))).status).to.equal(409);
    later(1_000);
    expect((await send(score({ userId: '102' }))).status).to.equal(200);
  });

  it('remembers the score’s own time for any other column', async () => {
    const post = (timestamp: string) => send(score({ timestamp }), { column: standalone });
    expect((await post('2025-11-23T10:00:00Z')).status).to.equal(200);
    expect((await post('2026-05-23T10:00:00Z')).status).to.equal(200);
    expect((await post('2026-05-23T10:00:00.900Z')).status).to.equal(409);
    expect((await post('2026-05-23T10:00:01Z')).status).to.equal(200);
  });

  it('caps, floors and rescales with 200', async () => {
    await send(score({ userId: '102', scoreGiven: 120 }));
    await send(score({ userId: '103', scoreGiven: -5 }));
    await send(score({ userId: '104', scoreGiven: 3, scoreMaximum: 4 }));
    await send(score({ userId: '105', scoreGiven: 1, scoreMaximum: 3 }));
    await send(score({ userId: '102', scoreGiven: 150 }), { column: standalone });
    await send(score({ userId: '103', scoreGiven: 50 }), { column: standalone });
    const grades = ['102', '103', '104', '105'].map((person) => stored(own, person)?.score);
    expect(grades).to.deep.equal([100, 0, 75, 33.33333]);
    expect(stored(standalone, '102')?.score).to.equal(80);
    expect(stored(standalone, '103')?.score).to.equal(40);
  });

  it('erases a grade with anything but FullyGraded', async () => {
    await send(score());
    later(1_000);
    const { comment: _comment, ...quiet } = score({ gradingProgress: 'Pending' });
    expect((await send(quiet)).status).to.equal(200);
    expect(stored()).to.equal(null);
    expect((await results()).json).to.deep.equal([]);

    await send(score(), { column: standalone });
    later(1_000);
    const reset = { userId: STUDENT, activityProgress: 'Initialized', gradingProgress: 'NotReady' };
    await send({ ...reset, timestamp: lab.lms.control.clock.now().toISOString() }, { column: standalone });
    const [row] = (await results(undefined, standalone)).json as object[];
    expect(row).to.have.all.keys('id', 'userId');
  });

  it('keeps an empty row when there is a comment and no final score', async () => {
    await send(score({ gradingProgress: 'Pending' }));
    const { scoreGiven: _given, scoreMaximum: _maximum, ...without } = score({ userId: '102' });
    await send(without);
    const rows = (await results()).json as Record<string, unknown>[];
    expect(rows.map((row) => Object.keys(row))).to.deep.equal([
      ['id', 'userId'],
      ['id', 'userId'],
    ]);
  });

  const incorrect: readonly [string, Readonly<Record<string, unknown>>][] = [
    ['no scoreMaximum', { scoreMaximum: undefined }],
    ['no activityProgress', { activityProgress: undefined }],
    ['no timestamp', { timestamp: undefined }],
    ['a number for a timestamp', { timestamp: '1795411792' }],
    ['an unknown user', { userId: '99999' }],
    ['a teacher', { userId: TEACHER }],
    ['a suspended student', { userId: '128' }],
    ['a student of another course', { userId: '140' }],
    ['no user', { userId: undefined }],
  ];
  for (const [name, changes] of incorrect) {
    it(`refuses with 400 and what was sent in the status line: ${name}`, async () => {
      const body = JSON.stringify(score({ comment: 'мир', ...changes }));
      const answer = await send(body);
      expect(answer.status).to.equal(400);
      expect(answer.statusText).to.equal(`Incorrect score received${body}`);
      expect(answer.text).to.equal('[]');
    });
  }

  it('answers 200 with [] when the refused score had line breaks', async () => {
    const answer = await send(JSON.stringify(score({ userId: '99999' }), null, 2));
    expect(answer.status).to.equal(200);
    expect(answer.text).to.equal('[]');
    expect((await send('nonsense')).status).to.equal(400);
    expect(lab.lms.control.scores.map(({ applied }) => applied)).to.deep.equal([false, false]);
  });

  it('takes good scores with line breaks all the same', async () => {
    expect((await send(JSON.stringify(score(), null, 2))).text).to.equal('');
    expect(stored()?.score).to.equal(83);
  });

  it('breaks down over a user id that is no number', async () => {
    const answer = await send(score({ userId: 'abc' }));
    expect(answer.status).to.equal(502);
    expect(answer.headers.get('content-type')).to.equal('text/html');
  });

  it('takes a numeric user id, invented progress and several ways to write the time', async () => {
    expect((await send(score({ userId: 101 }))).status).to.equal(200);
    const times = [
      '2026-11-23T10:00:00+03:00',
      '2026-11-23T10:00:00.123456+00:00',
      '2026-11-23 10:00:00',
      '2026-11-23T10:00:00',
      '2026-11-23T10:00Z',
    ];
    for (const [index, timestamp] of times.entries()) {
      const body = score({ userId: String(110 + index), timestamp, activityProgress: 'Whatever' });
      expect((await send(body)).status, timestamp).to.equal(200);
    }
  });

  it('wants its media type, and its own path before the query', async () => {
    const wrongType = await send(score(), { type: 'application/json' });
    expect(wrongType.status).to.equal(400);
    expect(wrongType.statusText).to.equal(
      `No handler found for /2/lineitems/${own}/lineitem/scores  application/json`,
    );
    expect((await send(score(), { type: `${SCORE}; charset=UTF-8` })).status).to.equal(200);
    const appended = await lab.call(`/2/lineitems/${own}/lineitem?type_id=1/scores`, {
      method: 'POST',
      type: SCORE,
      body: score(),
    });
    expect(appended.status).to.equal(400);
    expect(appended.statusText).to.equal(`No handler found for /2/lineitems/${own}/lineitem  ${SCORE}`);
  });

  it('answers 405 to reading scores and 404 for a column that is not there', async () => {
    const path = `/2/lineitems/${own}/lineitem/scores`;
    expect((await lab.call(path, { accept: SCORE })).status).to.equal(405);
    expect((await send(score(), { column: '9999' })).status).to.equal(404);
    expect(
      (await lab.call(path, { method: 'POST', type: SCORE, body: score(), token: null })).status,
    ).to.equal(401);
  });

  it('reports results in the server’s zone', async () => {
    await send(score());
    const answer = await results();
    const item = `${lab.lms.origin}/mod/lti/services.php/2/lineitems/${own}/lineitem`;
    const typed = `type_id=${lab.registered.id}`;
    expect(answer.json).to.deep.equal([
      {
        id: `${item}/results?${typed}&user_id=${STUDENT}`,
        userId: STUDENT,
        resultScore: 83,
        resultMaximum: 100,
        comment: COMMENT,
        scoreOf: `${item}?${typed}`,
        timestamp: '2026-11-23T08:32:14+03:00',
      },
    ]);
    expect((await results(`?${typed}&user_id=102`)).json).to.deep.equal([]);
    const [bare] = (await results('')).json as { id: string; scoreOf: string }[];
    expect(bare?.id).to.equal(`${item}/results?user_id=${STUDENT}`);
    expect(bare?.scoreOf).to.equal(item);
  });

  it('pages results without a type id, and breaks down with one', async () => {
    for (const userId of ['101', '102', '103', '104']) await send(score({ userId }));
    const page = await results('?limit=3');
    expect(page.json).to.have.length(3);
    expect(Buffer.from(page.headers.get('link')!, 'latin1').toString()).to.contain(
      'results?limit=3&amp;from=3>; rel=“next”',
    );
    const broken = await results(`?limit=3&type_id=${lab.registered.id}`);
    expect(broken.status).to.equal(404);
    expect(broken.headers.get('content-type')).to.contain('text/html');
  });

  it('keeps a grade a teacher set by hand', async () => {
    await send(score());
    lab.lms.control.overrideGrade(own, STUDENT, 12, 'пересдача');
    later(2_000);
    expect((await send(score({ scoreGiven: 100 }))).status).to.equal(200);
    expect(stored()).to.include({ score: 12, comment: 'пересдача', overridden: true });
  });

  it('logs every score as it came', async () => {
    await send(score());
    const [received] = lab.lms.control.scores;
    expect(received).to.include({ columnId: own, clientId: 'tool-1', status: 200, applied: true });
    expect(received?.body).to.deep.equal(score());
    expect(received?.raw).to.equal(JSON.stringify(score()));
    expect(received?.at.toISOString()).to.equal(START);
    lab.lms.control.forgetScores();
    expect(lab.lms.control.scores).to.deep.equal([]);
  });
});
