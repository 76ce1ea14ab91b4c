import { badValue } from '../errors.js';

/** A moment as a calendar and a clock on the wall show it. Months count from 1. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * How far a zone is ahead of UTC at a moment, in milliseconds.
 * @param zone an Olson name (`Europe/Moscow`), an offset (`+03:00`, `+0300`, `+03`), UTC, GMT, Z
 */
export function offsetAt(moment: number, zone: string): number {
  if (/^(UTC|GMT|Z)$/.test(zone)) return 0;
  const fixed = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (fixed) {
    const [, sign, hours = '0', minutes = '0'] = fixed;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  }
  const parts = formatOf(zone).formatToParts(moment);
  const part = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall - Math.floor(moment / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
    return format;
  } catch {
    throw badValue(`unrecognized time zone identifier: "${zone}"`);
  }
}

/** The local time as if it were UTC: for arithmetic on calendars. */
export const wallClock = (moment: number, zone: string): Date => new Date(moment + offsetAt(moment, zone));

export function localTime(moment: number, zone: string): LocalTime {
  const wall = wallClock(moment, zone);
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    millisecond: wall.getUTCMilliseconds(),
  };
}

/** The moment a wall clock shows this. In the hour a clock is put forward over, the moment after. */
export function momentOf(wall: number, zone: string): number {
  const guess = wall - offsetAt(wall, zone);
  return wall - offsetAt(guess, zone);
}
