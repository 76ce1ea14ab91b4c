import { DAILY_LISTS, type DailyList } from '../kinds/daily.kinds.js';
import { addDays } from '../../../shared/days.js';
import { localTime } from './days.js';

/** The hours a person chose, '' for none, with their zone. */
export interface DailyHours {
  readonly morningAt: string;
  readonly eveningAt: string;
  readonly zone: string;
}

/** A list that was missed is sent up to so many minutes late. */
const LATEST = 120;

/** Returns the lists that are due now, with the day that each lists (`YYYY-MM-DD`). */
export function dueLists(
  { morningAt, eveningAt, zone }: DailyHours,
  now: Date,
): { readonly list: DailyList; readonly day: string }[] {
  const { day, minutes } = localTime(zone, now);
  return DAILY_LISTS.flatMap((list) => {
    const hour = list === 'morning' ? morningAt : eveningAt;
    const late = minutes - Number(hour) * 60;
    if (hour === '' || late < 0 || late >= LATEST) return [];
    return [{ list, day: list === 'morning' ? day : addDays(day, 1) }];
  });
}
