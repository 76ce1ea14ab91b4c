import { DAY, HOUR, SECOND } from '../../shared/clock.js';

/** How long what did not work is left alone before it is tried again: rules of scores and line items alike. */

const FIRST_PAUSE_MS = 1.5 * SECOND;
const GROWTH = 1.5;
const LONGEST_PAUSE_MS = HOUR;
const GIVE_UP_MS = 3 * DAY;

/**
 * Grows by a half with every try, up to an hour, spread by a half; what the platform asks for goes first.
 * @param tries how many there have been, 1 or more
 * @param random 0 up to 1
 * @param askedMs how long the platform asked to wait; up to a day is kept to
 * @returns milliseconds
 */
export function pauseAfter(tries: number, random: number, askedMs = 0, firstMs = FIRST_PAUSE_MS): number {
  const grown = Math.min(firstMs * GROWTH ** Math.min(tries - 1, 40), LONGEST_PAUSE_MS);
  return Math.max(grown * (1 + 0.5 * random), Math.min(askedMs, DAY));
}

/** Three days of trying are enough: counted from the first try that failed to the next that would come. */
export const isHopeless = (triedSince: Date, next: Date): boolean =>
  next.getTime() - triedSince.getTime() > GIVE_UP_MS;
