import type { Locale } from '../../../i18n/index.js';
import { formatDate, type DateStyle } from '../../../web/format.js';
import { viewModel } from '../../../web/views.js';
import type { CalendarEntry } from './calendar.js';
import { addDays, dateIn, mondayOf } from '../../../shared/days.js';
import { addMonths, daysFrom, firstOfMonth } from './days.js';

/* A person's calendar as its page shows it. Pure. */

export const CALENDAR_VIEWS = ['month', 'week', 'day', 'list'] as const;
export type CalendarView = (typeof CALENDAR_VIEWS)[number];

/** Days of an agenda. */
const AGENDA_DAYS = 31;
const WEEK = 7;

/** Which days a view shows around a date: the first, and how many. */
export function periodOf(view: CalendarView, date: string): { first: string; days: number } {
  if (view === 'week') return { first: mondayOf(date), days: WEEK };
  if (view === 'day') return { first: date, days: 1 };
  if (view === 'list') return { first: date, days: AGENDA_DAYS };
  const first = mondayOf(firstOfMonth(date));
  const last = addDays(addMonths(date, 1), -1);
  const days = (Date.parse(`${mondayOf(last)}T00:00Z`) - Date.parse(`${first}T00:00Z`)) / 86_400_000 + WEEK;
  return { first, days };
}

const STEP = { week: WEEK, day: 1, list: AGENDA_DAYS } as const;

const move = (view: CalendarView, date: string, by: 1 | -1): string =>
  view === 'month' ? addMonths(date, by) : addDays(date, by * STEP[view]);

export const entryView = ({
  id,
  title,
  startsAt,
  endsAt,
  state,
  place,
  people,
  zone,
  path,
}: CalendarEntry) => ({
  ...{ id, title, startsAt, endsAt, state, place, people, zone, path },
});

/** The free times of one series on a day stand in one line, with their number. */
function freeTogether(entries: readonly CalendarEntry[]) {
  const shown: (ReturnType<typeof entryView> & { free: number })[] = [];
  for (const entry of entries) {
    const before =
      entry.state === 'free'
        ? shown.findIndex(({ state, title }) => state === 'free' && title === entry.title)
        : -1;
    const line = shown[before];
    if (line === undefined) shown.push({ ...entryView(entry), free: entry.state === 'free' ? 1 : 0 });
    else shown[before] = { ...line, endsAt: entry.endsAt, free: line.free + 1 };
  }
  return shown;
}

/** The days of a view with their entries. @param zone of the reader */
export function calendarView(
  entries: readonly CalendarEntry[],
  {
    view,
    date,
    now,
    zone,
    centreZone,
  }: { view: CalendarView; date: string; now: Date; zone: string; centreZone: string },
) {
  const { first, days } = periodOf(view, date);
  const byDate = new Map<string, CalendarEntry[]>();
  for (const entry of entries) {
    const day = dateIn(zone, entry.startsAt);
    byDate.set(day, [...(byDate.get(day) ?? []), entry]);
  }
  const today = dateIn(zone, now);
  return {
    view,
    date,
    now,
    centreZone,
    today,
    previous: move(view, date, -1),
    next: move(view, date, 1),
    days: daysFrom(first, days).map((day) => ({
      date: day,
      number: Number(day.slice(8)),
      outside: view === 'month' && day.slice(0, 7) !== date.slice(0, 7),
      today: day === today,
      entries:
        view === 'day'
          ? (byDate.get(day) ?? []).map((entry) => ({ ...entryView(entry), free: 0 }))
          : freeTogether(byDate.get(day) ?? []),
    })),
  };
}

type Shown = ReturnType<typeof calendarView>;
type Query = (fields: Readonly<Record<string, unknown>>) => string;

interface CalendarGiven {
  readonly locale: Locale;
  readonly calendar: Shown;
  readonly queryOf: Query;
}

viewModel<CalendarGiven>('calendar/calendar', ({ calendar, queryOf, locale }) => {
  const { view, date, previous, next, today, days } = calendar;
  // A day is a day in every zone.
  const dayIn = (day: string, style: DateStyle): string =>
    formatDate(new Date(`${day}T12:00:00Z`), locale, 'UTC', style);
  const shown = days.map((day) => ({
    ...day,
    label: view === 'week' ? dayIn(day.date, 'shortDay') : String(day.number),
    long: dayIn(day.date, 'day'),
    kind: [day.outside ? 'outside' : '', day.today ? 'today' : '', day.entries.length === 0 ? 'blank' : '']
      .filter((part) => part !== '')
      .join(' '),
  }));
  const to = (other: Partial<{ view: CalendarView; date: string }>): string =>
    queryOf({ view, date, ...other });
  return {
    weekdays: ['1', '2', '3', '4', '5', '6', '7'],
    weeks: Array.from({ length: Math.ceil(shown.length / WEEK) }, (_, index) =>
      shown.slice(index * WEEK, (index + 1) * WEEK),
    ),
    asList: view === 'list' || view === 'day',
    full: shown.filter(({ entries }) => entries.length > 0),
    heading:
      view === 'month' || view === 'day'
        ? dayIn(date, view)
        : `${dayIn(shown[0]?.date ?? date, 'day')} – ${dayIn(shown.at(-1)?.date ?? date, 'day')}`,
    links: {
      previous: to({ date: previous }),
      next: to({ date: next }),
      today: to({ date: today }),
      views: CALENDAR_VIEWS.map((name) => ({ name, href: to({ view: name }), here: name === view })),
    },
  };
});
