import { DAY } from '../../../shared/clock.js';

/** What happened longer ago is news no more: a queue that stood still, or a database that was filled afterwards. */
export const STALE_MS = 3 * DAY;

export const isStale = (at: Date, now: Date): boolean => now.getTime() - at.getTime() > STALE_MS;
