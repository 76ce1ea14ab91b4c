import type { Logger } from 'pino';
import type { Clock } from '../../shared/clock.js';
import { failureOf, finalFailure, RetryableError, type Failure } from './errors.js';
import { LeaseLostError, type HeldJob, type HeldLeases } from './held-leases.js';
import type { Job, JobRun } from './job.js';
import type { JobsStore, LeasedJob } from './jobs.store.js';

/** Processes that ended in a row while they ran one job: then it counts as what ended them. */
const MOST_CRASHES = 10;

/** How one attempt ended. */
export type Outcome =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      readonly failingSince: Date;
      readonly nextAt: Date;
    };

export interface ExecuteDeps {
  readonly store: JobsStore;
  readonly leases: HeldLeases;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  /** Called with the time of a next attempt. */
  onRetryAt(at: Date): void;
}

/** Runs leased jobs and notes how they ended. */
export interface Executor {
  run(job: Job<unknown>, held: HeldJob): Promise<Outcome>;
  /**
   * Ends the lease.
   * @param complete notes that a job is done
   */
  settle(
    job: Job<unknown>,
    held: HeldJob,
    outcome: Outcome,
    complete: (job: LeasedJob) => Promise<void>,
  ): Promise<void>;
}

export function createExecutor(deps: ExecuteDeps): Executor {
  const { store, leases, clock, log, random } = deps;

  const runOf = (held: HeldJob, payload: unknown): JobRun<unknown> => ({
    payload,
    jobId: held.job.id,
    key: held.job.key,
    seq: held.job.seq,
    attempt: held.job.attempts,
    dueSince: held.job.dueSince,
    signal: held.abort.signal,
    renew: () => leases.renew(held),
    noted: held.noted.promise,
  });

  const failed = ({ retry }: Job<unknown>, leased: LeasedJob, failure: Failure): Outcome => {
    const now = clock.now();
    const failingSince = leased.failingSince ?? now;
    const pauseMs = retry.pauseMs(leased.attempts, random(), failure.retryAfterMs);
    const nextAt = new Date(now.getTime() + pauseMs);
    const retryable = failure.retryable && !retry.givesUp(leased.attempts, failingSince, nextAt);
    return { kind: 'failed', failure: { ...failure, retryable }, failingSince, nextAt };
  };

  return {
    async run(job, held) {
      const { job: leased } = held;
      if (leased.abandoned) await store.noteCrash(leased);
      if (leased.crashes >= MOST_CRASHES) {
        return failed(job, leased, finalFailure(`The process ended ${leased.crashes} times during this job`));
      }
      const payload = job.payload.safeParse(leased.payload);
      if (!payload.success) return failed(job, leased, finalFailure('The payload does not fit this version'));
      try {
        await inTime(job, held, () => job.run(runOf(held, payload.data)));
        return { kind: 'done' };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.internal) log.error({ err: error, job: job.name }, 'a job failed');
        return failed(job, leased, failure);
      }
    },

    async settle(job, held, outcome, complete) {
      // Another worker does the rest.
      if (held.abort.signal.reason instanceof LeaseLostError) return;
      const { job: leased } = held;
      const about = { job: leased.name, id: leased.id, attempts: leased.attempts };
      if (outcome.kind === 'done') {
        await complete(leased);
        log.info(about, 'job done');
        return;
      }
      const { failure, failingSince, nextAt } = outcome;
      const payload = job.payload.safeParse(leased.payload);
      if (payload.success && job.onFailure !== undefined) {
        const attempt = { ...failure, nextAt: failure.retryable ? nextAt : null };
        await job.onFailure(runOf(held, payload.data), attempt);
      }
      // Messages may quote what another side says of a person, so the log has ids only.
      if (failure.retryable) {
        await store.retryLater(leased, { runAt: nextAt, failingSince, error: failure.message });
        deps.onRetryAt(nextAt);
        log.info({ ...about, nextAt }, 'job failed, to be retried');
        return;
      }
      await store.fail(leased, failure.message);
      log.warn(about, 'job failed for good');
    },
  };
}

/** Runs for as long as the job may take. What goes on after that has an aborted signal. */
async function inTime({ timeoutMs }: Job<unknown>, { abort }: HeldJob, work: () => unknown) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new RetryableError(`No result in ${Math.round(timeoutMs / 1000)} s`);
      abort.abort(error);
      reject(error);
    }, timeoutMs);
  });
  try {
    await Promise.race([Promise.resolve().then(work), late]);
  } finally {
    clearTimeout(timer);
  }
}
