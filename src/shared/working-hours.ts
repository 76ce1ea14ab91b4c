import { HOUR, MINUTE } from './clock.js';
import { addDays, dateIn, weekdayOf } from './days.js';
import { instantAt } from './zoned.js';

/** When the centre answers: days of the week and clock times of its zone. */
export interface WorkingHours {
  /** ISO 8601: Monday is 1, Sunday 7. */
  readonly weekdays: readonly number[];
  /** `HH:MM` */
  readonly from: string;
  /** `HH:MM`, later than `from`. */
  readonly to: string;
  /** IANA name. */
  readonly zone: string;
  /** Days on which the centre is closed, `YYYY-MM-DD`. */
  readonly closed?: ReadonlySet<string>;
}

/** A deadline further away than this is a mistake in the settings. */
const MOST_DAYS = 400;

const worksOn = (date: string, { weekdays, closed }: WorkingHours): boolean =>
  weekdays.includes(weekdayOf(date)) && closed?.has(date) !== true;

/** Returns the moment at which so many working hours have passed since `start`. */
export function afterWorkingHours(start: Date, hours: number, work: WorkingHours): Date {
  let left = hours * HOUR;
  let date = dateIn(work.zone, start);
  for (let days = 0; days < MOST_DAYS; days += 1, date = addDays(date, 1)) {
    if (!worksOn(date, work)) continue;
    const opens = instantAt(`${date}T${work.from}`, work.zone);
    const closes = instantAt(`${date}T${work.to}`, work.zone);
    if (opens === null || closes === null) continue;
    const from = Math.max(opens.getTime(), start.getTime());
    const room = closes.getTime() - from;
    if (room <= 0) continue;
    if (left <= room) return new Date(from + left);
    left -= room;
  }
  return new Date(start.getTime() + hours * HOUR);
}

/** Returns the working time between two moments, in milliseconds. */
export function workingTime(start: Date, end: Date, work: WorkingHours): number {
  let sum = 0;
  let date = dateIn(work.zone, start);
  const last = dateIn(work.zone, end);
  for (let days = 0; days < MOST_DAYS && date <= last; days += 1, date = addDays(date, 1)) {
    if (!worksOn(date, work)) continue;
    const opens = instantAt(`${date}T${work.from}`, work.zone);
    const closes = instantAt(`${date}T${work.to}`, work.zone);
    if (opens === null || closes === null) continue;
    const from = Math.max(opens.getTime(), start.getTime());
    const to = Math.min(closes.getTime(), end.getTime());
    if (to > from) sum += to - from;
  }
  return Math.round(sum / MINUTE) * MINUTE;
}
