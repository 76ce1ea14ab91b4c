import { DAY } from '../../shared/clock.js';
import { dateIn } from '../../shared/days.js';
import { instantAt } from '../../shared/zoned.js';
import { reportList } from './reports.list.js';
import type { ReportWish } from './report.js';

/** The last day of a day's month. */
const lastDayOf = (day: string): string =>
  new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);

/** The day after a day. */
const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString().slice(0, 10);

/**
 * What an address asks a report for: the current month unless it says another period. Of a period without its first day
 * the first is that of the month of its last; without its last day it ends with today.
 * @throws DomainError `bad-input` naming the parameter that is wrong
 */
export function wishOf(
  query: unknown,
  { zone }: { readonly zone: string },
  now: Date,
): { readonly wanted: ReturnType<typeof reportList.parse>; readonly wish: ReportWish } {
  const today = dateIn(zone, now);
  const month = { dayFrom: `${today.slice(0, 7)}-01`, dayTo: lastDayOf(today) };
  const sent = query as Record<string, string | undefined>;
  const wanted = reportList.parse(sent.dayFrom || sent.dayTo ? sent : { ...sent, ...month }, { zone });
  const { day, by = 'teacher', association, programme, teacher } = wanted.filters;
  const begin = (on: string): Date => instantAt(`${on}T00:00`, zone) ?? new Date(`${on}T00:00Z`);
  const from = day?.from ?? begin(`${sent.dayTo?.slice(0, 7) ?? today.slice(0, 7)}-01`);
  const to = day?.to ?? begin(nextDay(today));
  return { wanted, wish: { from, to, by, association, programme, teacher, zone } };
}
