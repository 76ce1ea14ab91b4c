import { MINUTE } from '../../../shared/clock.js';
import { instantAt } from '../../../shared/zoned.js';
import { addDays, weekdayOf } from './days.js';

/** Consultations begin and end on this grid, so that time taken can be told by equality of keys. */
const GRID = 5 * MINUTE;

/** From an instant up to, and without, another. */
export interface Span {
  readonly startsAt: Date;
  readonly endsAt: Date;
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
  /** Minutes. */
  readonly length: number;
  readonly gap: number;
}

/**
 * The spans of a pattern, in the order of time. The clock times decide when a day's first begins and until when
 * the last may run; between them real minutes are counted, so a night on which clocks change gives neither
 * overlapping nor longer slots.
 */
export function spansOf(pattern: Pattern): Span[] {
  const { zone, from, to, start, end } = pattern;
  const length = pattern.length * MINUTE;
  const step = length + pattern.gap * MINUTE;
  const spans: Span[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    if (!pattern.weekdays.includes(weekdayOf(date))) continue;
    const first = instantAt(`${date}T${start}`, zone);
    const until = instantAt(`${date}T${end}`, zone);
    if (first === null || until === null) continue;
    for (let at = first.getTime(); at + length <= until.getTime(); at += step) {
      spans.push({ startsAt: new Date(at), endsAt: new Date(at + length) });
    }
  }
  return spans;
}

export const overlap = (a: Span, b: Span): boolean => a.startsAt < b.endsAt && b.startsAt < a.endsAt;

/** What a room's time is claimed under. The index of slots holds keys of people and rooms. */
const roomKey = (roomId: string): string => `room-${roomId}`;

/** The keys of a teacher's time, and of a room's where the slot has one. */
export const slotOccupancy = (
  { teacherId, roomId }: { readonly teacherId: string; readonly roomId: string },
  span: Span,
): string[] => [...occupancy(teacherId, span), ...(roomId === '' ? [] : occupancy(roomKey(roomId), span))];

/**
 * The keys of a person's time: one for every five minutes. Two records of one person that carry a key in common
 * overlap, which is what the unique indexes on them refuse.
 */
export function occupancy(personId: string, { startsAt, endsAt }: Span): string[] {
  const keys: string[] = [];
  for (let at = startsAt.getTime(); at < endsAt.getTime(); at += GRID) {
    keys.push(`${personId}:${Math.floor(at / GRID)}`);
  }
  return keys;
}
