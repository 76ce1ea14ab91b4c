import { MINUTE } from '../../../shared/clock.js';
import { instantAt } from '../../../shared/zoned.js';
import type { Interval } from '../../schedule/index.js';
import { addDays, weekdayOf } from '../../../shared/days.js';

export type Span = Interval;

/** Hours of a day: clock times, `HH:MM`; an end may be `24:00`. */
export interface Band {
  readonly start: string;
  readonly end: string;
}

/** When a series takes place, as its teacher thinks of it: in days and clock times of one zone. */
export interface Pattern {
  /** IANA name. */
  readonly zone: string;
  /** First and last day, `YYYY-MM-DD`, both included. */
  readonly from: string;
  readonly to: string;
  /** ISO 8601: Monday is 1, Sunday 7. */
  readonly weekdays: readonly number[];
  /** Clock times of each day, `HH:MM`. */
  readonly start: string;
  readonly end: string;
  /** Further hours of each day. */
  readonly bands: readonly Band[];
  /** Days without slots, `YYYY-MM-DD`. */
  readonly except: readonly string[];
  /** Minutes. */
  readonly length: number;
  readonly gap: number;
}

/**
 * The spans of a pattern, in the order of time. The clock times decide when a day's first begins and until when
 * the last may run; between them real minutes are counted, so a night on which clocks change gives neither
 * overlapping nor longer slots.
 * @param apart minutes between slots at least, whatever the pattern's gap
 */
export function spansOf(pattern: Pattern, apart = 0): Span[] {
  const { from, to, start, end, bands, except } = pattern;
  const spans: Span[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    if (!pattern.weekdays.includes(weekdayOf(date)) || except.includes(date)) continue;
    for (const band of [{ start, end }, ...bands]) spans.push(...spansOfBand(pattern, date, band, apart));
  }
  return spans.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
}

const MIDNIGHT = '24:00';

function spansOfBand(
  { zone, length, gap }: Pattern,
  date: string,
  { start, end }: Band,
  apart: number,
): Span[] {
  const lengthMs = length * MINUTE;
  const step = lengthMs + Math.max(gap, apart) * MINUTE;
  const first = instantAt(`${date}T${start}`, zone);
  const until = instantAt(end === MIDNIGHT ? `${addDays(date, 1)}T00:00` : `${date}T${end}`, zone);
  if (first === null || until === null) return [];
  const spans: Span[] = [];
  for (let at = first.getTime(); at + lengthMs <= until.getTime(); at += step) {
    spans.push({ startsAt: new Date(at), endsAt: new Date(at + lengthMs) });
  }
  return spans;
}

export const overlap = (a: Span, b: Span): boolean => a.startsAt < b.endsAt && b.startsAt < a.endsAt;
