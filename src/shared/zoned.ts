/** Wall-clock times of a zone, as `<input type="datetime-local">` has them, to instants and back. */

import type * as TemporalPolyfill from 'temporal-polyfill';
import { MINUTE } from './clock.js';
import { lazyPackage } from './lazy-package.js';

/** Until Node has Temporal itself. */
const polyfill = lazyPackage<typeof TemporalPolyfill>('temporal-polyfill');

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?$/;
/** How long the part of it without seconds is. */
const LENGTH = 'yyyy-mm-ddThh:mm'.length;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Intl objects are slow to make and safe to share. */
function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (made === undefined) {
    made = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(zone, made);
  }
  return made;
}

/** Returns "2026-11-23T14:05": the wall clock of `zone` (IANA) at this instant, to the minute. */
export function localAt(instant: Date, zone: string): string {
  const parts = Object.fromEntries(
    format(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const year = (parts.year ?? '').padStart(4, '0');
  return `${year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/**
 * Returns the instant at which the clocks of `zone` show this time, null if it is not a date. For an hour that comes twice
 * (clocks set back) it is the first; for a skipped one (set forward) it is the instant as long after the change.
 * @param local "2026-11-23T14:05"; seconds are dropped
 */
export function instantAt(local: string, zone: string): Date | null {
  const wall = LOCAL.test(local) ? wallClock(local.slice(0, LENGTH)) : null;
  if (wall === null) return null;
  // "compatible" is what is described above. @see https://tc39.es/proposal-temporal/docs/ambiguity.html
  return new Date(wall.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds);
}

/** Returns null for what is no date, such as 30 February. */
function wallClock(local: string): TemporalPolyfill.Temporal.PlainDateTime | null {
  try {
    return polyfill().Temporal.PlainDateTime.from(local);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** `+03:00`: how far the clocks of a zone are ahead of UTC at an instant. */
export function offsetText(zone: string, instant: Date): string {
  const ahead = Date.parse(`${localAt(instant, zone)}:00Z`) - Math.floor(instant.getTime() / MINUTE) * MINUTE;
  const minutes = Math.abs(ahead) / MINUTE;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${ahead < 0 ? '−' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
