/** The only source of "now", so that tests can move time. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that moves only by a call. For tests and seeds. */
export class ManualClock implements Clock {
  #ms: number;

  constructor(start: Date | string) {
    this.#ms = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.#ms);
  }

  set(instant: Date | string): void {
    this.#ms = new Date(instant).getTime();
  }

  advance(milliseconds: number): void {
    this.#ms += milliseconds;
  }
}

/**
 * Returns the milliseconds since a moment; Infinity if it lies in the future: then the clock was put back since, and
 * what waits for the time to pass would wait for as long as it was put back.
 */
export const msSince = (then: number, now: number): number => (then > now ? Infinity : now - then);

/**
 * Returns whether a pause is over. One that ends later than the longest pause from now began before the clock was put
 * back, and is over.
 */
export const isOver = (until: number, longest: number, now: number): boolean =>
  now >= until || until - now > longest;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
