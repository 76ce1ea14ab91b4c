import { DAY, HOUR, SECOND } from '../../shared/clock.js';

/** How a job that failed is tried again. */
export interface RetryPolicy {
  /**
   * Returns the milliseconds from a failed attempt to the next one.
   * @param attempts how many there have been, 1 or more
   * @param random 0 up to 1
   * @param askedMs how long the other side asked to wait
   */
  pauseMs(attempts: number, random: number, askedMs?: number): number;
  /** Returns whether no further attempt is made. `nextAt` is when it would be. */
  givesUp(attempts: number, failingSince: Date, nextAt: Date): boolean;
}

export interface ExponentialOptions {
  /** The first pause, in milliseconds. */
  readonly first?: number;
  readonly factor?: number;
  /** The longest pause, in milliseconds; one that the other side asks for may be longer. */
  readonly upTo?: number;
  /** Milliseconds from the first failed attempt to the last one that is made. */
  readonly giveUp?: number;
  /** How many attempts are made at most. */
  readonly attempts?: number;
}

/** What another side asks for is respected up to this. */
export const LONGEST_ASKED_MS = DAY;
/** A pause is longer by up to this part of itself, so that jobs that failed together do not return together. */
const JITTER = 0.5;

/** Pauses that grow by a factor, each with jitter. */
export function exponential(options: ExponentialOptions = {}): RetryPolicy {
  const { first = 1.5 * SECOND, factor = 1.5, upTo = HOUR, giveUp = 3 * DAY, attempts: most } = options;
  return {
    pauseMs(attempts, random, askedMs = 0) {
      // The exponent is bounded, so that the power stays finite.
      const grown = Math.min(first * factor ** Math.min(attempts - 1, 60), upTo);
      return Math.max(grown * (1 + JITTER * random), Math.min(askedMs, LONGEST_ASKED_MS));
    },
    givesUp: (attempts, failingSince, nextAt) =>
      (most !== undefined && attempts >= most) || nextAt.getTime() - failingSince.getTime() > giveUp,
  };
}

/** One attempt, and none after it. */
export const noRetry: RetryPolicy = exponential({ attempts: 1 });
