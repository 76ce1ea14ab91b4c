import { SECOND, type Clock } from '../../shared/clock.js';
import type { JobsStore, LeasedJob } from './jobs.store.js';

/** How long a lease lasts unless it is renewed: the jobs of a killed process wait this long. */
export const LEASE_MS = 12 * SECOND;
/**
 * How often all leases of a process are renewed. A lease has 9 to 12 seconds left at any time, so that it is safe
 * where the clocks of two machines differ by 5 seconds, and a renewal comes 4 seconds late.
 */
export const HEARTBEAT_MS = 3 * SECOND;

/** Why a run is aborted whose lease another worker may have by now. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** A job that this process holds. */
export interface HeldJob {
  readonly job: LeasedJob;
  /** Aborted when the lease is lost, or the time is up. */
  readonly abort: AbortController;
  /** Resolved once the end of its run is noted, or it is given back. */
  readonly noted: { readonly promise: Promise<void>; resolve(): void };
}

export interface HeldLeasesDeps {
  readonly store: Pick<JobsStore, 'renew'>;
  readonly clock: Clock;
  onError(error: unknown): void;
}

/** The leases of this process: all of them are renewed together, by one write. */
export class HeldLeases {
  readonly #deps: HeldLeasesDeps;
  /** By job and token: a job may be held again whose former run has lost its lease. */
  readonly #held = new Map<string, HeldJob>();
  #timer: NodeJS.Timeout | undefined;
  #beating = false;

  constructor(deps: HeldLeasesDeps) {
    this.#deps = deps;
  }

  until(): Date {
    return new Date(this.#deps.clock.now().getTime() + LEASE_MS);
  }

  add(job: LeasedJob): HeldJob {
    const held = { job, abort: new AbortController(), noted: deferred() };
    this.#held.set(idOf(job), held);
    this.#timer ??= setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    return held;
  }

  /** From now on the lease is not renewed. */
  remove({ job }: HeldJob): void {
    this.#held.delete(idOf(job));
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Renews one lease at once. Returns false if it was lost. */
  async renew(held: HeldJob): Promise<boolean> {
    if (held.abort.signal.aborted) return false;
    const lost = await this.#deps.store.renew([held.job], this.until());
    if (lost.length > 0) held.abort.abort(new LeaseLostError());
    return lost.length === 0;
  }

  #beat(): void {
    // A database that answers slowly is asked once at a time.
    if (this.#beating) return;
    this.#beating = true;
    this.#renewAll()
      .catch((error: unknown) => this.#deps.onError(error))
      .finally(() => (this.#beating = false));
  }

  async #renewAll(): Promise<void> {
    const jobs = [...this.#held.values()].map(({ job }) => job);
    for (const job of await this.#deps.store.renew(jobs, this.until())) {
      // What has ended meanwhile is not held any more, and is not lost.
      this.#held.get(idOf(job))?.abort.abort(new LeaseLostError());
    }
  }
}

const idOf = ({ id, lease }: LeasedJob): string => `${id} ${lease}`;

function deferred(): HeldJob['noted'] {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}
