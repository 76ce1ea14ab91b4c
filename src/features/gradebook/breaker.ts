import { HOUR, MINUTE, SECOND } from '../../shared/clock.js';

/** How many scores travel to one platform at the same time, per process. */
export const PLACES = 8;
/** So many different scores fail one after another before the platform itself is taken for unhealthy. */
const FAILURES = 8;
const FIRST_PAUSE_MS = 2 * SECOND;
const LONGEST_PAUSE_MS = 5 * MINUTE;
/** What a platform asks for is kept to within reason: it may have asked at a bad moment. */
const LONGEST_ASKED_MS = HOUR;

/**
 * Whether one platform is asked at all. Open after several failures in a row, it lets nothing through for a
 * while; then one score goes first, and the others follow if it arrives.
 *
 * Each process finds out for itself: it costs an unhealthy platform one score per process and pause, and saves the
 * processes a shared state that they would have to agree about at every score.
 */
export class Breaker {
  /** Rows that failed since the last one that did not: one score that always fails opens nothing. */
  readonly #failed = new Set<string>();
  readonly #random: () => number;
  #openings = 0;
  #until = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** How many scores may be under way now. */
  places(now: Date): number {
    if (this.#openings === 0) return PLACES;
    return now.getTime() < this.#until ? 0 : 1;
  }

  /** When the next score may go; null while nothing is held back. */
  get openUntil(): Date | null {
    return this.#openings === 0 ? null : new Date(this.#until);
  }

  /** The platform has answered, whatever it said. */
  well(): void {
    this.#failed.clear();
    this.#openings = 0;
  }

  /**
   * A score failed, and others would have.
   * @param askedMs how long the platform asked to wait
   * @returns whether the breaker has opened by this, for the first time or once more
   */
  unhealthy(row: string, now: Date, askedMs = 0): boolean {
    if (this.#openings > 0) {
      // What set out before it opened says nothing new.
      if (now.getTime() < this.#until) return false;
    } else {
      this.#failed.add(row);
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
