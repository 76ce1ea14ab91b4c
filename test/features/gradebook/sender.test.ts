import { expect } from 'chai';
import { pino } from 'pino';
import type { Scores, Registration, ScoreOutcome } from '../../../src/lti/index.js';
import { scoresLane, sendScoreJob } from '../../../src/features/gradebook/scores.jobs.js';
import { createGradesStore, type GradesStore } from '../../../src/features/gradebook/scores.store.js';
import { createEvents } from '../../../src/infra/events/index.js';
import { createJobs, type Jobs } from '../../../src/infra/jobs/index.js';
import { DAY, HOUR, ManualClock, MINUTE, SECOND } from '../../../src/shared/clock.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';

/** The outbox and its sender, with LMSs that do as each test says. */
describe('the sender', () => {
  let storage: Storage;
  let store: GradesStore;
  let clock: ManualClock;
  let sender: Jobs;
  /** Platform → what it does with a score. */
  let lmss: Record<string, (userId: string) => ScoreOutcome | Promise<ScoreOutcome>>;
  let sent: { platform: string; userId: string; timestamp: Date }[];
  let underWay: Record<string, number>;
  let most: Record<string, number>;

  beforeEach(async () => {
    clock = new ManualClock('2026-11-23T10:00:00Z');
    storage = await openStorage({ url: 'file::memory:', clock });
    store = createGradesStore(storage.connection);
    [lmss, sent, underWay, most] = [{}, [], {}, {}];
    const scores: Scores = {
      async sendScore({ registration: { id } }, _lineItem, { userId, timestamp }) {
        sent.push({ platform: id, userId, timestamp });
        underWay[id] = (underWay[id] ?? 0) + 1;
        most[id] = Math.max(most[id] ?? 0, underWay[id]);
        const outcome = await (lmss[id]?.(userId) ?? { kind: 'delivered' });
        underWay[id] -= 1;
        return outcome;
      },
    };
    const log = pino({ level: 'silent' });
    sender = createJobs({ storage, clock, log, random: () => 0 });
    const events = createEvents({ storage, jobs: sender, clock, log });
    const job = sendScoreJob({
      store,
      scores,
      clock,
      doubt: () => Promise.resolve(),
      registrations: {
        findOptionalById: (id) => Promise.resolve({ id, state: 'active' } as Registration),
      },
    });
    events.watchMark(
      store.model,
      'sendAt',
      sender.register(job),
      (scoreId, row) => ({ scoreId, registrationId: (row as { registrationId: string }).registrationId }),
      ['registrationId'],
    );
    await storage.ensureIndexes();
  });
  afterEach(async () => {
    await sender.stop();
    await storage.close();
  });

  const put = (platform: string, person: string, at = clock.now(), now = at, scoreGiven = 1) =>
    store.put(
      `https://${platform}.example.org/li`,
      {
        registrationId: platform,
        courseId: 'c',
        personId: `${platform}-${person}`,
        sub: person,
        content: { kind: 'test', id: 't' },
        title: 'Тест',
        scoreGiven,
        scoreMaximum: 2,
        comment: '',
        submittedAt: at,
        asOf: at,
        scopes: null,
      },
      now,
    );
  const down: ScoreOutcome = { kind: 'retry', reason: '503', unhealthy: true };
  const rowOf = async (platform: string, person: string) =>
    (await store.ofPerson('c', `${platform}-${person}`))[0]!;
  const to = (platform: string) => sent.filter((item) => item.platform === platform);

  it('delivers to one LMS while another, with a great backlog, never answers', async () => {
    let release = (): void => undefined;
    const silence = new Promise<ScoreOutcome>((resolve) => {
      release = () => {
        resolve(down);
      };
    });
    lmss.dead = () => silence;
    for (let n = 0; n < 40; n += 1) await put('dead', `p${n}`);
    await put('well', 'a');
    const drained = sender.drain();
    while ((await rowOf('well', 'a')).state !== 'sent' || to('dead').length < scoresLane.limit)
      await new Promise((done) => setImmediate(done));
    release();
    await drained;
    // All its places failed at once: the rest of its backlog is left alone.
    expect(to('dead')).to.have.length(scoresLane.limit);
    expect(sender.lanesDown().map(({ lane }) => lane)).to.deep.equal(['scores:dead']);
  });

  it('asks a dead LMS ever more rarely, with one score, and sends all when it is back', async () => {
    lmss.dead = () => down;
    for (let n = 0; n < 30; n += 1) await put('dead', `p${n}`);
    for (let second = 0; second < 3_600; second += 5) {
      await sender.drain();
      clock.advance(5 * SECOND);
    }
    expect(to('dead').length).to.be.within(20, 40);
    lmss.dead = () => ({ kind: 'delivered' });
    for (let minute = 0; minute < 70; minute += 1) {
      await sender.drain();
      clock.advance(MINUTE);
    }
    expect((await store.health()).waiting).to.equal(0);
    expect(most.dead).to.be.at.most(scoresLane.limit);
  });

  it('a grade that waited while its LMS was left alone still has three days of tries before it', async () => {
    lmss.dead = () => down;
    for (let n = 0; n < 40; n += 1) await put('dead', `p${n}`);
    for (let day = 0; day < 4; day += 1) {
      await sender.drain();
      clock.advance(DAY);
    }
    const before = await store.ofCourse('c');
    expect(before.filter(({ tries }) => tries === 0).length).to.be.within(
      1,
      before.length - scoresLane.limit,
    );
    const jobs = await storage.connection.model('Job').find().lean<{ key: string; failingSince?: Date }[]>();
    const over = jobs.filter(
      ({ failingSince }) => failingSince && clock.now().getTime() - failingSince.getTime() >= 3 * DAY,
    );
    const dead = over.map(({ key }) => key);
    expect(dead).not.to.have.length(0);
    lmss.dead = () => ({ kind: 'retry', reason: '200 []', unhealthy: false });
    await sender.drain();
    for (const row of await store.ofCourse('c')) {
      expect(row.state).to.equal(dead.includes(row.id) ? 'failed' : 'pending');
      expect(row.tries).to.be.above(0);
    }
  });

  it('a backlog holds up neither a new grade nor a retry', async () => {
    const jobs = storage.connection.model('Job');
    let enqueued: Promise<void> | undefined;
    const enqueueAnother = async (): Promise<void> => {
      await put('lms', 'new', clock.now());
      while ((await jobs.countDocuments({})) < 101) await new Promise((done) => setImmediate(done));
    };
    lmss.lms = async () => {
      if (sent.length === 20) enqueued = enqueueAnother();
      await enqueued;
      return { kind: 'delivered' };
    };
    for (let n = 0; n < 100; n += 1) await put('lms', `p${n}`, new Date(clock.now().getTime() - HOUR));
    sender.start();
    while (sent.length < 101) await new Promise((done) => setImmediate(done));
    expect(sent.findIndex(({ userId }) => userId === 'new')).to.be.below(45);
  });

  it('the same grade of the same moment is sent once, unless it failed before', async () => {
    const at = clock.now();
    let refuses = false;
    lmss.lms = () => (refuses ? { kind: 'refused', reason: 'no' } : { kind: 'delivered' });
    const again = async () => {
      await put('lms', 'a', at);
      await sender.drain();
    };
    await again();
    await again();
    expect(sent).to.have.length(1);
    refuses = true;
    await put('lms', 'a', at, at, 0.5);
    await sender.drain();
    expect((await rowOf('lms', 'a')).state).to.equal('failed');
    refuses = false;
    await put('lms', 'a', at, at, 0.5);
    await sender.drain();
    expect((await rowOf('lms', 'a')).state).to.equal('sent');
  });

  it('times of scores only grow, even when the clock is set back', async () => {
    const asOf = clock.now();
    for (const time of ['10:00:00.000', '09:00:00.000', '09:00:00.500', '10:00:00.002', '11:00:00.000']) {
      clock.set(`2026-11-23T${time}Z`);
      await put('lms', 'a', asOf, clock.now(), sent.length);
      await sender.drain();
    }
    expect(sent.map(({ timestamp }) => timestamp.toISOString().slice(11, 23))).to.deep.equal([
      '10:00:00.000',
      '10:00:00.001',
      '10:00:00.002',
      '10:00:00.003',
      '11:00:00.000',
    ]);
  });

  it('every try is in the history, in the words of the LMS', async () => {
    const answers: ScoreOutcome[] = [
      { kind: 'retry', reason: '500 Ошибка', unhealthy: true },
      { kind: 'conflict', reason: '409' },
      { kind: 'refused', problem: 'no-scope', reason: '' },
    ];
    lmss.lms = () => answers.shift() ?? { kind: 'delivered' };
    await put('lms', 'a');
    for (let n = 0; n < 3; n += 1) {
      await sender.drain();
      clock.advance(MINUTE);
    }
    const { id } = await rowOf('lms', 'a');
    await store.revive('c', clock.now(), id);
    await sender.drain();
    expect(
      (await store.historyOf(id)).map(({ what, problem, reason }) => [what, problem, reason]),
    ).to.deep.equal([
      ['queued', '', ''],
      ['retry', '', '500 Ошибка'],
      ['conflict', '', '409'],
      ['refused', 'no-scope', ''],
      ['again', '', ''],
      ['delivered', '', ''],
    ]);
  });
});
