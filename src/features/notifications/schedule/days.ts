import { addDays } from '../../../shared/days.js';
import { instantAt, localAt } from '../../../shared/zoned.js';

/** What the wall clock of a zone shows. */
interface Local {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** Minutes since midnight. */
  readonly minutes: number;
}

/** @param zone IANA name */
export function localTime(zone: string, at: Date): Local {
  const [day = '', time = ''] = localAt(at, zone).split('T');
  const [hour, minute] = time.split(':').map(Number);
  return { day, minutes: (hour ?? 0) * 60 + (minute ?? 0) };
}

/** The moment at which a zone's wall clock shows a time; as long after the change where the clock skips that time. */
export function momentOf(day: string, minutes: number, zone: string): Date {
  const time = [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return instantAt(`${day}T${time}`, zone) ?? new Date(`${day}T${time}Z`);
}

/** The first moment of a day in a zone, and of the next day. */
export const dayInterval = (day: string, zone: string): { from: Date; to: Date } => ({
  from: momentOf(day, 0, zone),
  to: momentOf(addDays(day, 1), 0, zone),
});

/** Hours in which a person wants no messages. */
export interface QuietHours {
  /** Minutes since midnight; the same as `to` where there are none. */
  readonly from: number;
  readonly to: number;
  /** IANA name. */
  readonly zone: string;
}

/** Returns when quiet hours that hold at this moment end; null outside of them. */
export function quietUntil(at: Date, { from, to, zone }: QuietHours): Date | null {
  if (from === to) return null;
  const { day, minutes } = localTime(zone, at);
  if (from < to) return minutes >= from && minutes < to ? momentOf(day, to, zone) : null;
  if (minutes < to) return momentOf(day, to, zone);
  return minutes >= from ? momentOf(addDays(day, 1), to, zone) : null;
}
