import type { Logger } from 'pino';
import { z } from 'zod';
import type { Clock } from '../../shared/clock.js';
import type { Storage } from '../../storage/index.js';
import { createClockRepair } from './clock-repair.js';
import { createEndedHolders } from './ended-holders.js';
import { defineJob, laneOf, type Job, type JobOptions } from './job.js';
import { createJobsStore, type NewJob } from './jobs.store.js';
import { createLeaseTokens } from './lease-tokens.js';
import { createJobsOverview, type FailedJob, type JobFigures } from './overview.store.js';
import { Runner, type JobSource, type LaneDown } from './runner.js';
import { createSchedule, type SlotPayload } from './schedule.js';

export interface JobsDeps {
  readonly storage: Pick<Storage, 'connection'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** 0 up to 1; spreads retries. */
  readonly random?: () => number;
}

export interface EnqueueOptions {
  /** Instead of what the job makes of the payload. */
  readonly key?: string;
  /** The source's order of the payload: one that is not greater than the job's is dropped. */
  readonly seq?: number;
  /** Now, unless given. */
  readonly runAt?: Date;
}

export interface ScheduleOptions extends Pick<
  JobOptions<SlotPayload>,
  'name' | 'run' | 'retry' | 'timeoutMs'
> {
  /** Five fields, or six with seconds; https://croner.56k.guru/usage/pattern/ */
  readonly cron: string;
  /** IANA name; UTC unless given. */
  readonly timeZone?: string;
}

/** The background work of the whole program: one queue, and one runner per process. */
export interface Jobs {
  /** Makes a job known to the runner. Once per job, before `start`. */
  register<P>(job: Job<P>): Job<P>;
  /**
   * Puts a job in. If there is one of this name and key, it runs again with this payload, also while it is running
   * or after it has failed. Returns false if it holds the same seq or a later one.
   */
  enqueue<P>(job: Job<P>, payload: P, options?: EnqueueOptions): Promise<boolean>;
  /** Puts a job in unless there is one of this name and key; finished ones are known for 30 days. */
  enqueueOnce<P>(job: Job<P>, payload: P, options?: EnqueueOptions): Promise<boolean>;
  /** The same for many jobs, whose writes share commits. */
  enqueueManyOnce<P>(job: Job<P>, payloads: readonly P[]): Promise<void>;
  /** Removes a job that has lost its object. */
  remove(name: string, key: string): Promise<void>;
  /** Runs something at each slot of a cron expression, once by all processes together. */
  schedule(options: ScheduleOptions): Job<SlotPayload>;
  addSource(source: JobSource): void;
  start(): void;
  /** Begins nothing new, and waits for what runs. */
  stop(): Promise<void>;
  /** Another part of this process has made something due without `enqueue`. */
  wake(): void;
  /** Runs all that is due at this moment, events and what they cause included. For tests and scripts. */
  drain(): Promise<void>;
  overview(): Promise<JobFigures[]>;
  /** Lanes whose breaker is open in this process. */
  lanesDown(): readonly LaneDown[];
  listFailed(filter: {
    readonly name?: string;
    readonly limit: number;
    readonly skip?: number;
  }): Promise<FailedJob[]>;
  /** Makes one failed job due. Returns false if it has not failed. */
  retry(id: string): Promise<boolean>;
  /** Makes all failed jobs due, or those of a name. Returns how many. */
  retryAll(name?: string): Promise<number>;
}

export function createJobs({ storage, clock, log, random = Math.random }: JobsDeps): Jobs {
  const { connection } = storage;
  const store = createJobsStore(connection);
  const figures = createJobsOverview(connection);
  const tokens = createLeaseTokens();
  const runner = new Runner({
    ...{ store, tokens, clock, log, random },
    repair: createClockRepair(connection),
    ended: createEndedHolders(connection, tokens),
  });

  const rowOf = <P>(job: Job<P>, payload: P, { key, seq, runAt }: EnqueueOptions): NewJob => ({
    name: job.name,
    key: key ?? job.key(payload),
    lane: laneOf(job, payload),
    payload,
    seq,
    runAt: runAt ?? clock.now(),
  });

  const register = <P>(job: Job<P>): Job<P> => {
    runner.register(job);
    return job;
  };

  return {
    register,

    async enqueue(job, payload, options = {}) {
      const accepted = await store.enqueue(rowOf(job, payload, options), clock.now());
      if (accepted) runner.wake();
      return accepted;
    },

    async enqueueOnce(job, payload, options = {}) {
      const added = await store.enqueueOnce(rowOf(job, payload, options), clock.now());
      if (added) runner.wake();
      return added;
    },

    async enqueueManyOnce(job, payloads) {
      const rows = payloads.map((payload) => rowOf(job, payload, {}));
      if (rows.length > 0 && (await store.enqueueManyOnce(rows, clock.now()))) runner.wake();
    },

    remove: (name, key) => store.remove(name, key),

    schedule({ cron, timeZone = 'UTC', ...options }) {
      const payload = z.object({ slot: z.string() });
      const job = register(defineJob({ ...options, payload, key: ({ slot }) => slot }));
      runner.addSchedule(createSchedule(job, cron, timeZone));
      return job;
    },

    addSource: (source) => runner.addSource(source),
    start: () => runner.start(),
    stop: () => runner.stop(),
    wake: () => runner.wake(),
    drain: () => runner.drain(),

    overview: () => figures.figures(runner.jobNames, clock.now()),
    lanesDown: () => runner.lanesDown,

    listFailed: (filter) => figures.listFailed(filter),

    async retry(id) {
      const retried = await figures.retry(id, clock.now());
      if (retried) runner.wake();
      return retried;
    },

    async retryAll(name) {
      const count = await figures.retryAll(name, clock.now());
      if (count > 0) runner.wake();
      return count;
    },
  };
}
