import { translator, type Locale } from '../../../i18n/index.js';
import { dateIn } from '../../../shared/days.js';
import { dayInterval } from '../schedule/days.js';
import type { ToldBookings } from '../../consultations/index.js';
import type { ToldClasses } from '../../timetable/index.js';
import type { ListedItem, NotificationKind } from './kind.js';
import { shortName } from '../../../shared/names.js';

/** `morning`: of the same day; `evening`: of the next. */
export const DAILY_LISTS = ['morning', 'evening'] as const;
export type DailyList = (typeof DAILY_LISTS)[number];

/** `<day>@<list>`: one list of each name per person and day. @param day `YYYY-MM-DD`, the day that is listed */
export const dailySubject = (day: string, list: DailyList): string => `${day}@${list}`;

export interface DailyDeps {
  readonly told: Pick<ToldBookings, 'bookedBy' | 'taughtBy'>;
  readonly classes: Pick<ToldClasses, 'ofPerson'>;
  /** The person's own zone. */
  readonly zoneOf: (personId: string) => Promise<string>;
  readonly now: () => Date;
}

/** The list of a day's classes and consultations, for those who come and those who teach. */
export const dailyKind = ({ told, classes, zoneOf, now }: DailyDeps): NotificationKind => ({
  name: 'daily-list',
  topic: 'daily',
  to: 'everyone',
  obligatory: false,
  by: ['mail', 'messenger'],
  sample: { day: new Date('2026-12-01T06:00:00Z'), count: 2 },
  sources: [],
  async describe({ subjectId, personId }, known) {
    const [day = ''] = subjectId.split('@');
    const zone = known ?? (await zoneOf(personId));
    const { from, to } = dayInterval(day, zone);
    const begin = dateIn(zone, now()) === day ? now() : from;
    const [booked, taught, planned] = await Promise.all([
      told.bookedBy(personId, begin, to),
      told.taughtBy(personId, begin, to),
      classes.ofPerson(personId, begin, to),
    ]);
    const items: ListedItem[] = [
      ...booked.map((booking) => ({
        ...booking,
        detail: dotted(booking.teacher ? shortName(booking.teacher) : '', booking.place, booking.link),
      })),
      ...taught.map((slot) => ({
        ...slot,
        detail: (locale: Locale) =>
          dotted(slot.place, slot.link, translator(locale)('notifications.booked', { count: slot.booked })),
      })),
      ...planned.map((found) => ({
        ...found,
        detail: dotted(
          found.gives ? '' : found.teacher ? shortName(found.teacher) : found.teacherName,
          found.place,
          found.link,
        ),
      })),
    ].map(({ startsAt, endsAt, title, detail }) => ({ startsAt, endsAt, title, detail }));
    if (items.length === 0) return null;
    items.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
    return {
      values: { day: from, count: items.length },
      // Shows consultations beside classes.
      path: 'timetable',
      zone,
      expiresAt: to,
      items,
    };
  },
});

const dotted = (...parts: string[]): string => parts.filter((part) => part !== '').join(' · ');
