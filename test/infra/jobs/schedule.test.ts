import { expect } from 'chai';
import type { Jobs } from '../../../src/infra/jobs/index.js';
import { DAY, HOUR, MINUTE } from '../../../src/shared/clock.js';
import { openQueue, type Queue } from './queue.js';

describe('scheduled jobs', () => {
  let queue: Queue;
  beforeEach(async () => (queue = await openQueue()));
  afterEach(() => queue.close());

  /** Every day at 3:30 in Moscow, which is 0:30 UTC. */
  const daily = (jobs: Jobs): string[] => {
    const slots: string[] = [];
    jobs.schedule({
      name: 'daily',
      cron: '30 3 * * *',
      timeZone: 'Europe/Moscow',
      run: ({ payload }) => void slots.push(payload.slot),
    });
    return slots;
  };

  it('run once per slot, whichever process comes first', async () => {
    const jobs = [queue.jobs, queue.anotherProcess(), queue.anotherProcess()];
    const slots = jobs.map(daily);
    await Promise.all(jobs.map((each) => each.drain()));
    queue.clock.advance(DAY);
    await Promise.all(jobs.map((each) => each.drain()));
    expect(slots.flat()).to.deep.equal(['2026-03-02T00:30:00.000Z', '2026-03-03T00:30:00.000Z']);
  });

  it('run at the very moment of their slot', async () => {
    const slots = daily(queue.jobs);
    await queue.jobs.drain();
    queue.clock.set('2026-03-03T00:29:59.999Z');
    await queue.jobs.drain();
    expect(slots).to.have.length(1);
    queue.clock.advance(1);
    await queue.jobs.drain();
    expect(slots).to.have.length(2);
  });

  it('make up for the last slot alone that was missed, and for none of long ago', async () => {
    const slots = daily(queue.jobs);
    await queue.jobs.drain();
    queue.clock.advance(5 * DAY);
    await queue.jobs.drain();
    expect(slots).to.deep.equal(['2026-03-02T00:30:00.000Z', '2026-03-07T00:30:00.000Z']);
    const monthly: string[] = [];
    const restarted = queue.anotherProcess();
    restarted.schedule({
      name: 'monthly',
      cron: '0 0 1 * *',
      run: ({ payload }) => void monthly.push(payload.slot),
    });
    await restarted.drain();
    expect(monthly).to.deep.equal([]);
  });

  it('run again as their time comes again after the clock was put back', async () => {
    const slots = daily(queue.jobs);
    await queue.jobs.drain();
    queue.clock.advance(2 * DAY);
    await queue.jobs.drain();
    queue.clock.advance(-2 * DAY - HOUR);
    const restarted = queue.anotherProcess();
    const again = daily(restarted);
    await restarted.drain();
    queue.clock.advance(DAY);
    await restarted.drain();
    expect(slots).to.deep.equal(['2026-03-02T00:30:00.000Z', '2026-03-04T00:30:00.000Z']);
    expect(again).to.deep.equal(['2026-03-03T00:30:00.000Z']);
    queue.clock.advance(DAY);
    await restarted.drain();
    expect(again).to.deep.equal(['2026-03-03T00:30:00.000Z', '2026-03-04T00:30:00.000Z']);
  });

  it('run in the same process again after the clock was put back', async () => {
    const slots = daily(queue.jobs);
    await queue.jobs.drain();
    queue.clock.advance(-2 * DAY);
    await queue.jobs.drain();
    expect(slots).to.deep.equal(['2026-03-02T00:30:00.000Z', '2026-02-28T00:30:00.000Z']);
  });

  it('run no slot twice when the clock is put back, or the process starts again', async () => {
    const slots = daily(queue.jobs);
    await queue.jobs.drain();
    queue.clock.advance(-HOUR);
    await queue.jobs.drain();
    const restarted = queue.anotherProcess();
    const again = daily(restarted);
    queue.clock.advance(HOUR + MINUTE);
    await restarted.drain();
    await queue.jobs.drain();
    expect([slots.length, again.length]).to.deep.equal([1, 0]);
  });
});
