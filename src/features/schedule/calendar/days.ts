import { addDays } from '../../../shared/days.js';
import { instantAt } from '../../../shared/zoned.js';

/* Calendar days, written `YYYY-MM-DD`. */

/** The first moment of a day in a zone. */
export const startOf = (date: string, zone: string): Date =>
  instantAt(`${date}T00:00`, zone) ?? new Date(`${date}T00:00Z`);

export const firstOfMonth = (date: string): string => `${date.slice(0, 8)}01`;

/** The first day of another month, so many months away. */
export function addMonths(date: string, months: number): string {
  const first = new Date(`${firstOfMonth(date)}T00:00Z`);
  first.setUTCMonth(first.getUTCMonth() + months);
  return first.toISOString().slice(0, 10);
}

export const daysFrom = (first: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => addDays(first, index));
