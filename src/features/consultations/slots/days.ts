import { DAY, MINUTE } from '../../../shared/clock.js';
import { localAt } from '../../../shared/zoned.js';

/* Calendar days, written `YYYY-MM-DD`: what teachers think in, before any of it becomes an instant. */

/** The date that a zone's calendars show at an instant. @param zone IANA name */
export const dateIn = (zone: string, instant: Date): string => localAt(instant, zone).slice(0, 10);

/** Monday is 1 and Sunday 7 (ISO 8601). */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00Z`).getUTCDay() || 7;

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** The Monday of a day's week. */
export const mondayOf = (date: string): string => addDays(date, 1 - weekdayOf(date));

/** `+03:00`: how far the clocks of a zone are ahead of UTC at an instant. */
export function offsetText(zone: string, instant: Date): string {
  const ahead = Date.parse(`${localAt(instant, zone)}:00Z`) - Math.floor(instant.getTime() / MINUTE) * MINUTE;
  const minutes = Math.abs(ahead) / MINUTE;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${ahead < 0 ? '−' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
