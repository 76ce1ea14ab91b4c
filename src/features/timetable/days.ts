import { DAY } from '../../shared/clock.js';
import { addDays, mondayOf, weekdayOf } from '../../shared/days.js';
import { instantAt, localAt } from '../../shared/zoned.js';

/* Calendar days, written `YYYY-MM-DD`. */

export interface Times {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/**
 * Returns when a class begins and ends; null for a time that the clocks of the zone skip that night.
 * @param start `HH:MM`
 */
export function timesOn(date: string, start: string, end: string, zone: string): Times | null {
  const [startsAt, endsAt] = [start, end].map((time) => instantAt(`${date}T${time}`, zone));
  if (!startsAt || !endsAt || endsAt <= startsAt) return null;
  const shown = [localAt(startsAt, zone), localAt(endsAt, zone)];
  return shown[0] === `${date}T${start}` && shown[1] === `${date}T${end}` ? { startsAt, endsAt } : null;
}

/** Days from one to another on these weekdays, in each week or each second one. */
export function daysOf(from: string, to: string, weekdays: readonly number[], every: number): string[] {
  const first = mondayOf(from);
  const days: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const week = Math.round((Date.parse(mondayOf(day)) - Date.parse(first)) / (7 * DAY));
    if (weekdays.includes(weekdayOf(day)) && week % every === 0) days.push(day);
  }
  return days;
}
