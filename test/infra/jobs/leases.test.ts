import { expect } from 'chai';
import { mock } from 'node:test';
import { z } from 'zod';
import { createClockRepair } from '../../../src/infra/jobs/clock-repair.js';
import { HEARTBEAT_MS, LEASE_MS } from '../../../src/infra/jobs/held-leases.js';
import { createLeaseTokens, defineJob, RetryableError, type JobRun } from '../../../src/infra/jobs/index.js';
import { DAY, HOUR, SECOND } from '../../../src/shared/clock.js';
import { gate, openQueue, until, type Queue } from './queue.js';

interface Work {
  readonly id: string;
}

/** The token of a process with the same pid that began at another time. */
const ofEnded = (token: string): string => token.replace(/\.\d+\//, '.1/');

describe('leases of jobs', () => {
  let queue: Queue;
  beforeEach(async () => (queue = await openQueue()));
  afterEach(async () => {
    mock.timers.reset();
    await queue.close();
  });

  const jobOf = (run: (run: JobRun<Work>) => unknown, onFailure?: () => void) =>
    defineJob<Work>({
      name: 'work',
      payload: z.object({ id: z.string() }),
      key: ({ id }) => id,
      run,
      ...(onFailure && { onFailure }),
    });

  /** Another process holds the job, and does nothing any more. */
  const holdElsewhere = async () => {
    const stuck = gate();
    const runs: JobRun<Work>[] = [];
    const other = queue.anotherProcess();
    const job = other.register(
      jobOf(async (run) => {
        runs.push(run);
        await stuck.opened;
      }),
    );
    await other.enqueue(job, { id: 'a' });
    const drained = other.drain();
    await until(() => runs.length === 1);
    return { run: runs[0]!, finish: () => (stuck.open(), drained) };
  };

  it('end seconds after their holder has ended, and another process runs the job', async () => {
    let runs = 0;
    queue.jobs.register(jobOf(({ attempt }) => void (runs += attempt)));
    const { finish } = await holdElsewhere();
    queue.clock.advance(LEASE_MS - 1);
    await queue.jobs.drain();
    expect(runs).to.equal(0);
    queue.clock.advance(1);
    await queue.jobs.drain();
    expect(runs, 'it is the second attempt').to.equal(2);
    await finish();
  });

  it('end at once when their holder, a process of this machine, has ended', async function () {
    const tokens = createLeaseTokens();
    // Only Linux says which process has ended.
    if (!tokens.next().includes('/')) this.skip();
    let runs = 0;
    queue.jobs.register(jobOf(({ attempt }) => void (runs += attempt)));
    const { finish } = await holdElsewhere();
    await queue.jobs.drain();
    expect(runs, 'its holder is alive').to.equal(0);

    const jobs = queue.storage.connection.model('Job');
    await jobs.updateOne({ key: 'a' }, { $set: { lease: ofEnded(tokens.next()) } });
    const restarted = queue.anotherProcess();
    restarted.register(jobOf(({ attempt }) => void (runs += attempt)));
    await restarted.drain();
    expect(runs, 'it is the second attempt').to.equal(2);
    await finish();
  });

  it('that were lost note nothing: what the new holder does counts', async () => {
    const second = gate();
    let running = false;
    queue.jobs.register(
      jobOf(async () => {
        running = true;
        await second.opened;
      }),
    );
    const first = await holdElsewhere();
    queue.clock.advance(LEASE_MS);
    const drained = queue.jobs.drain();
    await until(() => running);
    expect(await first.run.renew()).to.equal(false);
    expect(first.run.signal.aborted).to.equal(true);
    await first.finish();
    expect(await queue.row('work', 'a')).to.deep.include({ state: 'waiting', attempts: 2 });
    second.open();
    await drained;
    expect(await queue.row('work', 'a')).to.deep.include({ state: 'done' });
  });

  it('are renewed by heartbeat while a job runs, all of a process by one write', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const { run, finish } = await holdElsewhere();
    let runs = 0;
    queue.jobs.register(jobOf(() => void (runs += 1)));
    for (let beat = 1; beat < 6; beat++) {
      queue.clock.advance(HEARTBEAT_MS);
      const expected = queue.clock.now().getTime() + LEASE_MS;
      mock.timers.tick(HEARTBEAT_MS);
      await until(async () => (await queue.row('work', 'a')).leasedUntil?.getTime() === expected);
      await queue.jobs.drain();
    }
    expect(runs).to.equal(0);
    expect(run.signal.aborted).to.equal(false);
    await finish();
    expect(await queue.row('work', 'a')).to.deep.include({ state: 'done', attempts: 1 });
  });

  it('bear clocks that differ by five seconds and a heartbeat that is late', () => {
    expect(LEASE_MS - HEARTBEAT_MS - 5 * SECOND).to.be.at.least(HEARTBEAT_MS);
  });

  it('that end again and again with their process fail the job', async () => {
    let failed = 0;
    queue.jobs.register(
      jobOf(
        () => undefined,
        () => void (failed += 1),
      ),
    );
    const { finish } = await holdElsewhere();
    const jobs = queue.storage.connection.model('Job');
    await jobs.updateOne({ key: 'a' }, { $set: { crashes: 9 } });
    queue.clock.advance(LEASE_MS);
    await queue.jobs.drain();
    const row = await queue.row('work', 'a');
    expect([row.state, failed]).to.deep.equal(['failed', 1]);
    expect(row.error).to.match(/ended 10 times/);
    await finish();
  });

  it('are waited for by stop, which begins nothing new', async () => {
    const first = gate();
    const runs: string[] = [];
    const job = queue.jobs.register(
      jobOf(async ({ payload }) => {
        runs.push(payload.id);
        await first.opened;
      }),
    );
    queue.jobs.start();
    await queue.jobs.enqueue(job, { id: 'a' });
    await until(() => runs.length === 1);
    let stopped = false;
    const stopping = queue.jobs.stop().then(() => (stopped = true));
    await queue.jobs.enqueue(job, { id: 'b' });
    expect(stopped).to.equal(false);
    first.open();
    await stopping;
    expect(runs).to.deep.equal(['a']);
    expect((await queue.row('work', 'a')).state).to.equal('done');
    expect(await queue.row('work', 'b')).to.deep.include({ state: 'waiting', attempts: 0 });
  });

  describe('after the clock was put back', () => {
    it('are over, unless their holder renews them', async () => {
      let elapsed = 0;
      const repair = createClockRepair(queue.storage.connection, () => elapsed);
      let runs = 0;
      queue.jobs.register(jobOf(() => void (runs += 1)));
      const { run, finish } = await holdElsewhere();
      queue.clock.advance(-HOUR);
      await repair.check(queue.clock.now());
      await run.renew();
      elapsed += 2 * HEARTBEAT_MS;
      await repair.check(queue.clock.now());
      await queue.jobs.drain();
      expect(runs, 'the holder is alive').to.equal(0);

      queue.clock.advance(-HOUR);
      for (let check = 0; check < 2; check++) {
        elapsed += 2 * HEARTBEAT_MS;
        await repair.check(queue.clock.now());
      }
      await queue.jobs.drain();
      expect(runs).to.equal(1);
      await finish();
    });

    it('a retry that is due later than the longest pause is due now; a job of a later time stays', async () => {
      const repair = createClockRepair(queue.storage.connection);
      const job = queue.jobs.register(
        jobOf(() => {
          throw new RetryableError('busy');
        }),
      );
      await queue.jobs.enqueue(job, { id: 'a' });
      const later = new Date(queue.clock.now().getTime() + 10 * DAY);
      await queue.jobs.enqueue(job, { id: 'later' }, { runAt: later });
      await queue.jobs.drain();
      queue.clock.advance(-3 * DAY);
      await repair.check(queue.clock.now());
      expect((await queue.row('work', 'a')).runAt).to.deep.equal(queue.clock.now());
      expect((await queue.row('work', 'later')).runAt).to.deep.equal(later);
    });

    it('what was to run at once runs at once; a job of a later time stays', async () => {
      const runs: string[] = [];
      const job = queue.jobs.register(jobOf(({ payload }) => void runs.push(payload.id)));
      const later = new Date(queue.clock.now().getTime() + 10 * DAY);
      const [enqueue, run] = [queue.anotherProcess(), queue.jobs];
      await enqueue.enqueue(job, { id: 'a' });
      await enqueue.enqueueOnce(job, { id: 'b' });
      await enqueue.enqueue(job, { id: 'later' }, { runAt: later });
      await run.enqueue(job, { id: 'first' });
      await run.drain();
      expect(runs.splice(0).sort()).to.deep.equal(['a', 'b', 'first']);
      for (const id of ['a', 'b']) await enqueue.enqueue(job, { id });
      // A process that starts after the clock was put back knows it by what was done in the future.
      queue.clock.advance(-3 * HOUR);
      const restarted = queue.anotherProcess();
      restarted.register(job);
      await restarted.drain();
      expect(runs.sort()).to.deep.equal(['a', 'b']);
      expect((await queue.row('work', 'later')).runAt).to.deep.equal(later);
    });
  });
});
