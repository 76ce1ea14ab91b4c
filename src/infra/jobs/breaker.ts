import { HOUR, isOver, MINUTE, SECOND } from '../../shared/clock.js';

/** So many different jobs fail one after another before the lane itself counts as down. */
const FAILURES = 8;
const FIRST_PAUSE_MS = 2 * SECOND;
const LONGEST_PAUSE_MS = 5 * MINUTE;
/** A longer wait that the other side asks for is cut to this: it may have asked at a bad moment. */
const LONGEST_ASKED_MS = HOUR;

/**
 * The circuit breaker of one lane. Open after several failures in a row, it lets nothing run for a while; then one
 * job runs first, and the others follow if it succeeds.
 *
 * Each process has its own: that costs a lane that is down one job per process and pause, and saves a shared state
 * that all processes would write at every job.
 */
export class Breaker {
  /** Jobs that failed since the last one that did not: one job that always fails opens nothing. */
  readonly #failed = new Set<string>();
  readonly #random: () => number;
  #openings = 0;
  #until = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Returns how many jobs may run now, of the lane's limit. */
  slots(now: Date, limit: number): number {
    if (this.#openings === 0) return limit;
    return this.#isPaused(now) ? 0 : 1;
  }

  #isPaused(now: Date): boolean {
    return !isOver(this.#until, LONGEST_ASKED_MS, now.getTime());
  }

  /** When the next job may run; null while nothing is held back. */
  get openUntil(): Date | null {
    return this.#openings === 0 ? null : new Date(this.#until);
  }

  /** Whether nothing has failed lately. */
  get pristine(): boolean {
    return this.#openings === 0 && this.#failed.size === 0;
  }

  /** The other side has answered, with a refusal perhaps. */
  succeeded(): void {
    this.#failed.clear();
    this.#openings = 0;
  }

  /**
   * A job failed, and others would have. Returns whether the breaker has opened by this, for the first time or once
   * more.
   * @param askedMs how long the other side asked to wait
   */
  failed(jobId: string, now: Date, askedMs = 0): boolean {
    if (this.#openings > 0) {
      // A job that began before the breaker opened says nothing new.
      if (this.#isPaused(now)) return false;
    } else {
      this.#failed.add(jobId);
      if (this.#failed.size < FAILURES) return false;
    }
    const grown = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(this.#openings, 20), LONGEST_PAUSE_MS);
    const spread = grown * (1 + 0.25 * this.#random());
    this.#openings += 1;
    this.#until = now.getTime() + Math.max(spread, Math.min(askedMs, LONGEST_ASKED_MS));
    this.#failed.clear();
    return true;
  }
}
