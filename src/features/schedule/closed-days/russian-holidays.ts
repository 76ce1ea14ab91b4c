import { addDays, weekdayOf } from '../../../shared/days.js';

/* Days off in Russia (Трудовой кодекс РФ, ст. 112). What the government moves by decree is listed by year. */

const HOLIDAYS: readonly (readonly [monthDay: string, key: string])[] = [
  ...['01', '02', '03', '04', '05', '06', '08'].map((day) => [`01-${day}`, 'newYear'] as const),
  ['01-07', 'christmas'],
  ['02-23', 'defender'],
  ['03-08', 'women'],
  ['05-01', 'labour'],
  ['05-09', 'victory'],
  ['06-12', 'russia'],
  ['11-04', 'unity'],
];

/** Days off that a decree has moved here from Saturdays and Sundays (2026: of 24.09.2025, from 3 and 4 January). */
const MOVED: Readonly<Record<number, readonly string[]>> = {
  2026: ['01-09', '12-31'],
};

const isWeekend = (date: string): boolean => weekdayOf(date) > 5;

/**
 * Returns the days off of a year, in their order. A holiday on a weekend moves the day off to the next working day,
 * except in January, where a decree says so.
 * @returns dates with the key of their name, `schedule.holiday.…`
 */
export function russianHolidays(year: number): { readonly date: string; readonly key: string }[] {
  const days = new Map(HOLIDAYS.map(([monthDay, key]) => [`${year}-${monthDay}`, key]));
  for (const [date, key] of [...days]) {
    if (key === 'newYear' || key === 'christmas' || !isWeekend(date)) continue;
    let off = date;
    while (isWeekend(off) || days.has(off)) off = addDays(off, 1);
    days.set(off, key);
  }
  for (const monthDay of MOVED[year] ?? []) days.set(`${year}-${monthDay}`, 'moved');
  return [...days].map(([date, key]) => ({ date, key })).sort((a, b) => (a.date < b.date ? -1 : 1));
}
