import { badValue, show } from '../errors.js';
import { momentOf, wallClock } from './time-zone.js';

const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;
export type Unit = (typeof UNITS)[number];

const DAY_MS = 86_400_000;
const UNIT_MS = {
  week: 7 * DAY_MS,
  day: DAY_MS,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};
const UNIT_MONTHS = { year: 12, quarter: 3, month: 1 };
/** Bins of `$dateTrunc` are counted from here. */
const EPOCH = Date.UTC(2000, 0, 1);

export function readUnit(name: string, unit: unknown): Unit {
  const known = UNITS.find((item) => item === unit);
  if (!known) throw badValue(`${name} parameter 'unit' value must be one of ${UNITS.join(', ')}`);
  return known;
}

const isMonths = (unit: Unit): unit is keyof typeof UNIT_MONTHS => unit in UNIT_MONTHS;

/** Counts from 1. Dates here are wall clocks: local time written as UTC. */
export const dayOfYear = (wall: Date): number =>
  Math.floor((wall.getTime() - Date.UTC(wall.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;

/** Weeks begin on Sunday; the days before the first Sunday are week 0. */
export const weekOfYear = (wall: Date): number => Math.floor((dayOfYear(wall) + 6 - wall.getUTCDay()) / 7);

/** The Thursday of a date's week decides its ISO 8601 year and week. */
function thursday(wall: Date): Date {
  const midnight = wall.getTime() - (wall.getTime() % DAY_MS) - (wall.getTime() % DAY_MS < 0 ? DAY_MS : 0);
  return new Date(midnight + (4 - (wall.getUTCDay() || 7)) * DAY_MS);
}

export const isoWeekYear = (wall: Date): number => thursday(wall).getUTCFullYear();
export const isoWeek = (wall: Date): number => Math.ceil(dayOfYear(thursday(wall)) / 7);

/** Days since 1970 of a wall clock. */
const dayNumber = (wall: Date): number => Math.floor(wall.getTime() / DAY_MS);
const monthNumber = (wall: Date): number => wall.getUTCFullYear() * 12 + wall.getUTCMonth();

/** Months keep the day, or take the month's last; days and weeks keep the local time of day. */
export function addUnits(moment: number, unit: Unit, amount: number, zone: string): number {
  if (isMonths(unit)) {
    const wall = wallClock(moment, zone);
    const month = monthNumber(wall) + amount * UNIT_MONTHS[unit];
    const [year, inYear] = [Math.floor(month / 12), ((month % 12) + 12) % 12];
    const lastDay = new Date(Date.UTC(year, inYear + 1, 0)).getUTCDate();
    const timeOfDay = wall.getTime() - dayNumber(wall) * DAY_MS;
    return momentOf(Date.UTC(year, inYear, Math.min(wall.getUTCDate(), lastDay)) + timeOfDay, zone);
  }
  if (unit === 'week' || unit === 'day') {
    return momentOf(wallClock(moment, zone).getTime() + amount * UNIT_MS[unit], zone);
  }
  return moment + amount * UNIT_MS[unit];
}

/** How many boundaries of the unit lie between two moments. */
export function differenceIn(
  unit: Unit,
  from: number,
  to: number,
  zone: string,
  startOfWeek: unknown,
): number {
  const [start, end] = [wallClock(from, zone), wallClock(to, zone)];
  if (isMonths(unit)) {
    const size = UNIT_MONTHS[unit];
    return Math.floor(monthNumber(end) / size) - Math.floor(monthNumber(start) / size);
  }
  if (unit === 'week') return weekNumber(end, startOfWeek) - weekNumber(start, startOfWeek);
  if (unit === 'day') return dayNumber(end) - dayNumber(start);
  // Time units have the same length everywhere; they are counted on the line of time.
  const shift = start.getTime() - from;
  return Math.floor((to + shift) / UNIT_MS[unit]) - Math.floor((from + shift) / UNIT_MS[unit]);
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function firstWeekday(startOfWeek: unknown): number {
  if (startOfWeek === undefined || startOfWeek === null) return 0;
  const name = typeof startOfWeek === 'string' ? startOfWeek.toLowerCase() : '';
  const day = WEEKDAYS.findIndex((item) => item === name || item.slice(0, 3) === name);
  if (day < 0) throw badValue(`unrecognized day of the week: ${show(startOfWeek)}`);
  return day;
}

/** 1970-01-01 was a Thursday, weekday 4. */
const weekNumber = (wall: Date, startOfWeek: unknown): number =>
  Math.floor((dayNumber(wall) + 4 - firstWeekday(startOfWeek)) / 7);

/** The beginning of the bin of `size` units a moment lies in. */
export function truncate(
  moment: number,
  unit: Unit,
  size: number,
  zone: string,
  startOfWeek: unknown,
): number {
  const wall = wallClock(moment, zone);
  if (isMonths(unit)) {
    const bin = UNIT_MONTHS[unit] * size;
    const month = 2000 * 12 + Math.floor((monthNumber(wall) - 2000 * 12) / bin) * bin;
    return momentOf(Date.UTC(Math.floor(month / 12), ((month % 12) + 12) % 12, 1), zone);
  }
  const bin = UNIT_MS[unit] * size;
  if (unit === 'week') {
    // The first bin begins with the first such weekday of the year 2000, which began on a Saturday.
    const first = EPOCH + ((firstWeekday(startOfWeek) + 1) % 7) * DAY_MS;
    return momentOf(first + Math.floor((wall.getTime() - first) / bin) * bin, zone);
  }
  const floored = EPOCH + Math.floor((wall.getTime() - EPOCH) / bin) * bin;
  return unit === 'day' ? momentOf(floored, zone) : moment - (wall.getTime() - floored);
}
