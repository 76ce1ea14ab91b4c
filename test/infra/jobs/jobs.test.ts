import { expect } from 'chai';
import { z } from 'zod';
import {
  defineJob,
  exponential,
  FinalError,
  noRetry,
  RetryableError,
  type JobOptions,
} from '../../../src/infra/jobs/index.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/shared/clock.js';
import { gate, openQueue, START, until, type Queue } from './queue.js';

interface Greeting {
  readonly to: string;
  readonly words?: string | undefined;
}
const greeting = z.object({ to: z.string(), words: z.string().optional() });

describe('jobs', () => {
  let queue: Queue;
  beforeEach(async () => (queue = await openQueue()));
  afterEach(() => queue.close());

  const greet = (run: JobOptions<Greeting>['run'], options: Partial<JobOptions<Greeting>> = {}) =>
    queue.jobs.register(
      defineJob<Greeting>({ name: 'greet', payload: greeting, key: ({ to }) => to, run, ...options }),
    );

  it('runs a job with its payload, once', async () => {
    const runs: unknown[] = [];
    const job = greet(({ payload, attempt, key }) => void runs.push([payload, attempt, key]));
    expect(await queue.jobs.enqueue(job, { to: 'a', words: 'hello' })).to.equal(true);
    await queue.jobs.drain();
    await queue.jobs.drain();
    expect(runs).to.deep.equal([[{ to: 'a', words: 'hello' }, 1, 'a']]);
    expect(await queue.row('greet', 'a')).to.deep.include({ state: 'done', error: '' });
  });

  it('runs a job after its time has come, and not before', async () => {
    let runs = 0;
    const job = greet(() => void (runs += 1));
    await queue.jobs.enqueue(job, { to: 'a' }, { runAt: new Date(queue.clock.now().getTime() + HOUR) });
    await queue.jobs.drain();
    expect(runs).to.equal(0);
    queue.clock.advance(HOUR);
    await queue.jobs.drain();
    expect(runs).to.equal(1);
  });

  it('runs a finished job again when it is enqueued again', async () => {
    const words: unknown[] = [];
    const job = greet(({ payload }) => void words.push(payload.words));
    await queue.jobs.enqueue(job, { to: 'a', words: 'first' });
    await queue.jobs.drain();
    await queue.jobs.enqueue(job, { to: 'a', words: 'second' });
    await queue.jobs.drain();
    expect(words).to.deep.equal(['first', 'second']);
  });

  it('drops a payload whose seq is not greater than the one that is known', async () => {
    const seen: number[] = [];
    const job = greet(({ seq }) => void seen.push(seq));
    await queue.jobs.enqueue(job, { to: 'a' }, { seq: 5 });
    expect(await queue.jobs.enqueue(job, { to: 'a' }, { seq: 4 })).to.equal(false);
    await queue.jobs.drain();
    expect(await queue.jobs.enqueue(job, { to: 'a' }, { seq: 5 })).to.equal(false);
    expect(await queue.jobs.enqueue(job, { to: 'a' }, { seq: 6 })).to.equal(true);
    await queue.jobs.drain();
    expect(seen).to.deep.equal([5, 6]);
  });

  it('keeps the greatest seq of many that are enqueued at the same moment', async () => {
    const seen: number[] = [];
    const job = greet(({ seq }) => void seen.push(seq));
    const seqs = [3, 9, 1, 7, 5, 2];
    await Promise.all(seqs.map((seq) => queue.jobs.enqueue(job, { to: 'a' }, { seq })));
    await queue.jobs.drain();
    expect(seen).to.deep.equal([9]);
  });

  it('enqueues once what is asked for once, also after it has been done', async () => {
    let runs = 0;
    const job = greet(() => void (runs += 1));
    const added = await Promise.all([1, 2, 3].map(() => queue.jobs.enqueueOnce(job, { to: 'a' })));
    expect(added.filter(Boolean)).to.have.length(1);
    await queue.jobs.drain();
    expect(await queue.jobs.enqueueOnce(job, { to: 'a' })).to.equal(false);
    await queue.jobs.drain();
    expect(runs).to.equal(1);
  });

  it('runs a job once more, and not at the same time, when its payload changes while it runs', async () => {
    const first = gate();
    const words: unknown[] = [];
    const job = greet(async ({ payload }) => {
      words.push(payload.words);
      if (payload.words === 'first') await first.opened;
    });
    await queue.jobs.enqueue(job, { to: 'a', words: 'first' });
    const drained = queue.jobs.drain();
    await until(() => words.length === 1);
    await queue.jobs.enqueue(job, { to: 'a', words: 'second' });
    const other = queue.anotherProcess();
    other.register(defineJob<Greeting>({ ...job, run: () => void words.push('too early') }));
    await other.drain();
    expect(words).to.deep.equal(['first']);
    expect(await queue.row('greet', 'a')).to.deep.include({ state: 'waiting', attempts: 0 });
    first.open();
    await drained;
    expect(words).to.deep.equal(['first', 'second']);
    expect(await queue.row('greet', 'a')).to.deep.include({ state: 'done' });
  });

  it('runs each job in one of several processes', async () => {
    const runs = new Map<string, number>();
    const run = ({ payload }: { payload: Greeting }) =>
      void runs.set(payload.to, (runs.get(payload.to) ?? 0) + 1);
    const job = greet(run);
    const others = [queue.anotherProcess(), queue.anotherProcess()];
    for (const other of others) other.register(defineJob({ ...job, run }));
    for (let n = 0; n < 60; n++) await queue.jobs.enqueue(job, { to: `p${n}` });
    await Promise.all([queue.jobs, ...others].map((jobs) => jobs.drain()));
    expect(runs.size).to.equal(60);
    expect([...new Set(runs.values())]).to.deep.equal([1]);
  });

  describe('that fail', () => {
    it('are tried again after pauses that grow, and keep the message', async () => {
      const attempts: number[] = [];
      const job = greet(
        ({ attempt }) => {
          attempts.push(attempt);
          if (attempt < 3) throw new RetryableError(`no answer to attempt ${attempt}`);
        },
        { retry: exponential({ first: 10 * SECOND, factor: 2 }) },
      );
      await queue.jobs.enqueue(job, { to: 'a' });
      await queue.jobs.drain();
      const row = await queue.row('greet', 'a');
      expect(row).to.deep.include({ state: 'waiting', error: 'no answer to attempt 1' });
      queue.clock.advance(9 * SECOND);
      await queue.jobs.drain();
      queue.clock.advance(SECOND);
      await queue.jobs.drain();
      queue.clock.advance(19 * SECOND);
      await queue.jobs.drain();
      expect(attempts).to.deep.equal([1, 2]);
      queue.clock.advance(SECOND);
      await queue.jobs.drain();
      expect(attempts).to.deep.equal([1, 2, 3]);
      expect(await queue.row('greet', 'a')).to.deep.include({ state: 'done', error: '' });
    });

    it('wait as long as the other side asks', async () => {
      const job = greet(() => {
        throw new RetryableError('busy', { retryAfterMs: HOUR });
      });
      await queue.jobs.enqueue(job, { to: 'a' });
      await queue.jobs.drain();
      expect((await queue.row('greet', 'a')).runAt).to.deep.equal(new Date(Date.parse(START) + HOUR));
    });

    it('are given up after their time, counted from the first failure', async () => {
      const failed: string[] = [];
      const job = greet(
        () => {
          throw new RetryableError('down');
        },
        {
          retry: exponential({ first: HOUR, factor: 1, giveUp: DAY }),
          onFailure: ({ payload }, { message, nextAt }) => nextAt ?? failed.push(`${payload.to}: ${message}`),
        },
      );
      // It waits for two days before its first attempt, and that counts for nothing.
      await queue.jobs.enqueue(job, { to: 'a' });
      queue.clock.advance(2 * DAY);
      let attempts = 0;
      for (; (await queue.row('greet', 'a')).state === 'waiting'; attempts++) {
        await queue.jobs.drain();
        queue.clock.advance(HOUR);
      }
      expect(attempts).to.equal(25);
      expect(failed).to.deep.equal(['a: down']);
    });

    it('are given up after a number of attempts', async () => {
      let runs = 0;
      const job = greet(
        () => {
          runs += 1;
          throw new RetryableError('down');
        },
        { retry: exponential({ attempts: 2 }) },
      );
      await queue.jobs.enqueue(job, { to: 'a' });
      for (let n = 0; n < 4; n++) {
        await queue.jobs.drain();
        queue.clock.advance(HOUR);
      }
      expect(runs).to.equal(2);
      expect(await queue.row('greet', 'a')).to.deep.include({ state: 'failed', error: 'down' });
    });

    it('for good are not tried again until a person retries them', async () => {
      let refuses = true;
      const job = greet(() => {
        if (refuses) throw new FinalError('refused: no such column');
      });
      await queue.jobs.enqueue(job, { to: 'a' });
      await queue.jobs.enqueue(job, { to: 'b' });
      await queue.jobs.drain();
      queue.clock.advance(40 * DAY);
      await queue.storage.sweepExpired();
      const failed = await queue.jobs.listFailed({ limit: 10 });
      expect(failed.map(({ key, error }) => [key, error])).to.deep.equal([
        ['a', 'refused: no such column'],
        ['b', 'refused: no such column'],
      ]);
      refuses = false;
      expect(await queue.jobs.retry(failed[0]!.id)).to.equal(true);
      expect(await queue.jobs.retry(failed[0]!.id), 'it has not failed any more').to.equal(false);
      await queue.jobs.drain();
      expect((await queue.row('greet', 'a')).state).to.equal('done');
      expect(await queue.jobs.retryAll('another')).to.equal(0);
      expect(await queue.jobs.retryAll()).to.equal(1);
      await queue.jobs.drain();
      expect((await queue.row('greet', 'b')).state).to.equal('done');
    });

    it('with an error of the program keep its kind alone, for its message may quote a person', async () => {
      const job = greet(
        () => {
          throw new TypeError('cannot read Ivan Petrov');
        },
        { retry: noRetry },
      );
      await queue.jobs.enqueue(job, { to: 'a' });
      await queue.jobs.drain();
      expect(await queue.row('greet', 'a')).to.deep.include({
        state: 'failed',
        error: 'Internal error (TypeError)',
      });
    });

    it('fail for good when their payload does not fit the schema', async () => {
      const job = greet(() => undefined);
      await queue.jobs.enqueue(job, { name: 'a' } as unknown as Greeting, { key: 'a' });
      await queue.jobs.drain();
      expect((await queue.row('greet', 'a')).state).to.equal('failed');
    });

    it('are tried again when they do not end in time', async () => {
      let aborted = false;
      const job = greet(
        ({ signal }) =>
          new Promise(() => {
            signal.addEventListener('abort', () => (aborted = true));
          }),
        { timeoutMs: 5 },
      );
      await queue.jobs.enqueue(job, { to: 'a' });
      await queue.jobs.drain();
      expect(aborted).to.equal(true);
      expect(await queue.row('greet', 'a')).to.deep.include({ state: 'waiting', attempts: 1 });
    });
  });

  describe('figures', () => {
    it('count what waits, runs and has failed per name, with the oldest that is due', async () => {
      const running = gate();
      const job = greet(async ({ payload }) => {
        if (payload.to === 'fails') throw new FinalError('refused');
        if (payload.to === 'runs') await running.opened;
      });
      queue.jobs.register(defineJob<Greeting>({ ...job, name: 'idle' }));
      await queue.jobs.enqueue(job, { to: 'done' });
      await queue.jobs.enqueue(job, { to: 'fails' });
      await queue.jobs.drain();
      queue.clock.advance(MINUTE);
      await queue.jobs.enqueue(job, { to: 'runs' });
      const drained = queue.jobs.drain();
      await until(async () => (await queue.row('greet', 'runs')).lease !== undefined);
      const later = new Date(queue.clock.now().getTime() + DAY);
      await queue.jobs.enqueue(job, { to: 'later' }, { runAt: later });
      expect(await queue.jobs.overview()).to.deep.equal([
        { name: 'greet', waiting: 1, running: 1, failed: 1, oldest: queue.clock.now() },
        { name: 'idle', waiting: 0, running: 0, failed: 0, oldest: null },
      ]);
      running.open();
      await drained;
      expect((await queue.jobs.overview())[0]).to.deep.include({ running: 0, oldest: null });
    });

    it('forget finished jobs after thirty days', async () => {
      const job = greet(() => undefined);
      await queue.jobs.enqueue(job, { to: 'a' });
      await queue.jobs.drain();
      queue.clock.advance(29 * DAY);
      expect(await queue.storage.sweepExpired()).to.equal(0);
      queue.clock.advance(2 * DAY);
      expect(await queue.storage.sweepExpired()).to.equal(1);
    });
  });
});
