import { MINUTE } from '../../../shared/clock.js';

/** Something that begins and is reminded of. */
export interface Beginning {
  readonly startsAt: Date;
  /** Since when it is to begin then. */
  readonly since: Date;
}

/**
 * Returns the reminder that is due, as minutes before the start; null if none is. Of several that are due only the last
 * one is of use: after days without the program, or for a booking made late, one message is sent and not two. One whose
 * moment was over before the booking was made is only sent if no later one would come.
 * @param offsets minutes before the start
 */
export function dueReminder(
  { startsAt, since }: Beginning,
  now: Date,
  offsets: readonly number[],
): number | null {
  if (startsAt <= now) return null;
  const due = offsets.filter((minutes) => startsAt.getTime() - minutes * MINUTE <= now.getTime());
  if (due.length === 0) return null;
  const last = Math.min(...due);
  const late = since.getTime() > startsAt.getTime() - last * MINUTE;
  return late && last > Math.min(...offsets) ? null : last;
}
