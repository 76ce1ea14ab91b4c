import { expect } from 'chai';
import { z } from 'zod';
import {
  defineJob,
  defineLane,
  exponential,
  FinalError,
  RetryableError,
  type JobRun,
} from '../../../src/infra/jobs/index.js';
import { HOUR, MINUTE, SECOND } from '../../../src/shared/clock.js';
import { gate, openQueue, until, type Queue } from './queue.js';

interface Parcel {
  readonly to: string;
  readonly id: string;
}

describe('lanes of jobs', () => {
  let queue: Queue;
  beforeEach(async () => (queue = await openQueue()));
  afterEach(() => queue.close());

  const carriers = defineLane({ name: 'carrier', limit: 3, ahead: 2 });
  const send = (run: (run: JobRun<Parcel>) => unknown) =>
    queue.jobs.register(
      defineJob<Parcel>({
        name: 'send',
        payload: z.object({ to: z.string(), id: z.string() }),
        key: ({ id }) => id,
        lane: carriers,
        laneKey: ({ to }) => to,
        retry: exponential({ first: 10 * SECOND }),
        run,
      }),
    );
  /** Enqueues jobs that are due one after another. */
  const enqueue = async (job: ReturnType<typeof send>, to: string, count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      await queue.jobs.enqueue(job, { to, id: `${to}${n}` });
      queue.clock.advance(1);
    }
  };

  it('run at most as many jobs at once as their limit', async () => {
    let [running, most] = [0, 0];
    const job = send(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    await enqueue(job, 'a', 12);
    await queue.jobs.drain();
    expect(most).to.equal(3);
  });

  it('do not hold up each other', async () => {
    const silent = gate();
    const sent: string[] = [];
    const job = send(async ({ payload }) => {
      if (payload.to === 'dead') await silent.opened;
      else sent.push(payload.id);
    });
    await enqueue(job, 'dead', 8);
    await enqueue(job, 'well', 4);
    const drained = queue.jobs.drain();
    await until(() => sent.length === 4);
    silent.open();
    await drained;
  });

  it('take in turn the newest due job and the oldest, so that a backlog holds up nothing new', async () => {
    const sent: string[] = [];
    const steps: ReturnType<typeof gate>[] = [];
    const job = send(async ({ payload }) => {
      sent.push(payload.id);
      const step = gate();
      steps.push(step);
      await step.opened;
    });
    await enqueue(job, 'a', 9);
    const drained = queue.jobs.drain();
    for (let done = 0; done < 9; done++) {
      await until(() => steps.length > done);
      steps[done]!.open();
    }
    await drained;
    // The first three run together.
    expect(sent.slice(0, 3)).to.have.members(['a8', 'a0', 'a7']);
    expect(sent.slice(0, 6)).to.have.members(['a8', 'a0', 'a7', 'a1', 'a6', 'a2']);
  });

  describe('that are down', () => {
    /** Eight jobs fail, and open the breaker for two seconds. */
    const takeDown = async (retryAfterMs?: number) => {
      const tried: string[] = [];
      const state = { down: true };
      const job = send(({ payload }) => {
        tried.push(payload.id);
        if (state.down) throw new RetryableError('no answer', { laneDown: true, retryAfterMs });
      });
      await enqueue(job, 'a', 20);
      await queue.jobs.drain();
      return { tried, state };
    };
    const attemptsOf = async (): Promise<number[]> => {
      const rows = await queue.storage.connection.model('Job').find().lean<{ attempts: number }[]>();
      return rows.map(({ attempts }) => attempts).sort();
    };

    it('run nothing after eight different jobs have failed, and what is held back counts as no attempt', async () => {
      const { tried } = await takeDown();
      expect(tried.length).to.be.within(8, 10);
      expect((await attemptsOf()).filter((attempts) => attempts > 0)).to.have.length(tried.length);
      const lanesDown = queue.jobs.lanesDown();
      expect(lanesDown).to.deep.equal([
        { lane: 'carrier:a', until: new Date(queue.clock.now().getTime() + 2 * SECOND) },
      ]);
      await queue.jobs.drain();
      expect(tried.length).to.be.within(8, 10);
    });

    it('are tried with one job after a pause that grows', async () => {
      const { tried } = await takeDown();
      const before = tried.length;
      queue.clock.advance(2 * SECOND);
      await queue.jobs.drain();
      expect(tried.length).to.equal(before + 1);
      queue.clock.advance(3 * SECOND);
      await queue.jobs.drain();
      expect(tried.length, 'four seconds now').to.equal(before + 1);
    });

    it('run everything again once a job has succeeded', async () => {
      const { state } = await takeDown();
      state.down = false;
      queue.clock.advance(MINUTE);
      await queue.jobs.drain();
      expect(queue.jobs.lanesDown()).to.deep.equal([]);
      const figures = await queue.jobs.overview();
      expect(figures).to.deep.include({ name: 'send', waiting: 0, running: 0, failed: 0, oldest: null });
    });

    it('wait as long as the other side asks', async () => {
      await takeDown(HOUR);
      const lanesDown = queue.jobs.lanesDown();
      expect(lanesDown[0]!.until).to.deep.equal(new Date(queue.clock.now().getTime() + HOUR));
    });

    it('are looked at by each process for itself', async () => {
      const { tried } = await takeDown();
      const before = tried.length;
      const other = queue.anotherProcess();
      other.register(
        defineJob<Parcel>({
          name: 'send',
          payload: z.object({ to: z.string(), id: z.string() }),
          key: ({ id }) => id,
          lane: carriers,
          run: () => undefined,
        }),
      );
      await other.drain();
      queue.clock.advance(MINUTE);
      await other.drain();
      expect(tried.length).to.equal(before);
      expect((await other.overview())[0]).to.deep.include({ waiting: 0 });
    });
  });

  it('stay open while one job always fails, and when jobs fail of themselves', async () => {
    const job = send(({ payload }) => {
      if (payload.id === 'a0') throw new RetryableError('no answer', { laneDown: true });
      throw new FinalError('refused');
    });
    await enqueue(job, 'a', 12);
    await queue.jobs.drain();
    for (let n = 0; n < 8; n++) {
      queue.clock.advance(HOUR);
      await queue.jobs.drain();
    }
    const figures = await queue.jobs.overview();
    expect(queue.jobs.lanesDown()).to.deep.equal([]);
    expect(figures[0]).to.deep.include({ waiting: 1, failed: 11 });
  });

  it('leave jobs of another version of the program to it', async () => {
    const sent: string[] = [];
    const job = send(({ payload }) => void sent.push(payload.id));
    await enqueue(job, 'a', 1);
    const older = queue.anotherProcess();
    await older.drain();
    expect(await queue.row('send', 'a0')).to.deep.include({ state: 'waiting', attempts: 0 });
    queue.clock.advance(MINUTE);
    await queue.jobs.drain();
    expect(sent).to.deep.equal(['a0']);
  });
});
