import type { z } from 'zod';
import { MINUTE } from '../../shared/clock.js';
import type { FailedAttempt } from './errors.js';
import { exponential, type RetryPolicy } from './retry.js';

/** What jobs share that use the same thing: a limit of how many run at once, per process, and a circuit breaker. */
export interface Lane {
  readonly name: string;
  /** How many jobs run at the same time, per process and lane key. */
  readonly limit: number;
  /** How many more are leased meanwhile, so that a free slot does not wait for the database; as many by one write. */
  readonly ahead: number;
  /** Ends of jobs are noted together; absent where each is noted by itself. */
  readonly notes?: NoteGroups;
}

/** When ends of jobs that are waiting to be noted are written, in one commit. At once if no job of the lane runs. */
export interface NoteGroups {
  /** How many at most. */
  readonly most: number;
  /** So long after the first, in milliseconds. */
  readonly withinMs: number;
}

/** Defines a lane. With lane keys (one per platform, say) each key has a limit and a breaker of its own. */
export const defineLane = (lane: Pick<Lane, 'name' | 'limit' | 'notes'> & { ahead?: number }): Lane => ({
  ahead: 0,
  ...lane,
});

/** One run of a job. */
export interface JobRun<P> {
  readonly payload: P;
  readonly jobId: string;
  readonly key: string;
  /** The order of this payload, as the source counts; 0 where it does not. */
  readonly seq: number;
  /** 1 for the first attempt with this payload. Attempts whose process was killed count. */
  readonly attempt: number;
  readonly dueSince: Date;
  /** Aborted when the lease was lost or the time is up: what the job does after that may be done twice. */
  readonly signal: AbortSignal;
  /** Renews the lease. Returns false if it was lost to another worker, who does the rest. */
  readonly renew: () => Promise<boolean>;
  /** Resolves once it is noted how the run has ended: not before it has ended. */
  readonly noted: Promise<void>;
}

export interface JobOptions<P> {
  /** kebab-case; stays the same for ever, for it is stored. */
  readonly name: string;
  /** Ids and plain values; no names or texts of people. */
  readonly payload: z.ZodType<P>;
  /** What the job is about: there is one job per name and key. */
  key(payload: P): string;
  /** A lane of its own with 4 at once unless given. */
  readonly lane?: Lane;
  laneKey?(payload: P): string;
  /** Exponential up to an hour, for three days, unless given. */
  readonly retry?: RetryPolicy;
  /** How long one run may take, in milliseconds; 5 minutes unless given. */
  readonly timeoutMs?: number;
  /**
   * Does the work; a promise is waited for. May run more than once for one payload (a process is killed before it notes the end), so it reads
   * the state again and acts on what is true now.
   * @throws RetryableError, FinalError; any other error is retried
   */
  run(run: JobRun<P>): unknown;
  /** Called after each failed attempt, before it is noted; may be called more than once for one. */
  onFailure?(run: JobRun<P>, failure: FailedAttempt): unknown;
}

export interface Job<P> extends JobOptions<P> {
  readonly lane: Lane;
  readonly retry: RetryPolicy;
  readonly timeoutMs: number;
}

const DEFAULT_LIMIT = 4;

/** Defines a kind of background work: data with a schema, and one function. */
export const defineJob = <P>(options: JobOptions<P>): Job<P> => ({
  lane: defineLane({ name: options.name, limit: DEFAULT_LIMIT }),
  retry: exponential(),
  timeoutMs: 5 * MINUTE,
  ...options,
});

/** The lane as it is stored: its name, with the key where it has one. */
export function laneOf<P>(job: Job<P>, payload: P): string {
  const key = job.laneKey?.(payload);
  return key === undefined ? job.lane.name : `${job.lane.name}:${key}`;
}
