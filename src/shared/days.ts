import { DAY } from './clock.js';
import { localAt } from './zoned.js';

/* Calendar days, written `YYYY-MM-DD`: what people plan in, before any of it becomes an instant. */

/** The date that a zone's calendars show at an instant. @param zone IANA name */
export const dateIn = (zone: string, instant: Date): string => localAt(instant, zone).slice(0, 10);

/** Monday is 1 and Sunday 7 (ISO 8601). */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00Z`).getUTCDay() || 7;

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** The Monday of a day's week. */
export const mondayOf = (date: string): string => addDays(date, 1 - weekdayOf(date));
