import type { Locale, Translate } from '../../../i18n/index.js';
import type { Actor } from '../../../shared/actor.js';
import { localAt } from '../../../shared/zoned.js';
import { formatDate } from '../../../web/format.js';
import { viewModel } from '../../../web/views.js';
import { mayManage } from '../consultations.policy.js';
import type { Series } from '../series/series.store.js';
import { addDays } from '../../../shared/days.js';
import type { HeldSlot } from './slot-list.service.js';

export interface BoardOf {
  /** Monday, `YYYY-MM-DD`. */
  readonly first: string;
  /** Of the reader. */
  readonly zone: string;
  readonly now: Date;
  readonly actor: Actor;
  readonly held: readonly HeldSlot[];
  readonly series: readonly Series[];
}

const bookedOf = ({ bookings }: HeldSlot): number =>
  bookings
    .filter(({ booking: { state } }) => state === 'booked' || state === 'requested')
    .reduce((sum, { booking }) => sum + booking.personIds.length, 0);

/** A week of slots by the reader's clock. */
export const boardView = ({ first, zone, now, actor, held, series }: BoardOf) => ({
  week: first,
  previous: addDays(first, -7),
  next: addDays(first, 7),
  zone,
  slots: held.map((item) => ({
    id: item.slot.id,
    title: item.series.title,
    start: localAt(item.slot.startsAt, zone),
    end: localAt(item.slot.endsAt, zone),
    state: item.slot.state,
    booked: bookedOf(item),
    capacity: item.series.capacity,
    movable:
      mayManage(actor, item.series, item.slot) && item.slot.state === 'open' && item.slot.startsAt > now,
  })),
  series: series.map(({ id, title, pattern: { length } }) => ({ id, title, length })),
});

type Board = ReturnType<typeof boardView>;

interface BoardGiven {
  readonly t: Translate;
  readonly c: (path: string) => string;
  readonly locale: Locale;
  readonly board: Board;
  readonly of: string;
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  readonly errors: Readonly<Record<string, string>>;
}

const FIRST_HOUR = 8;
const LAST_HOUR = 20;
const hourOf = (local: string): number => Number(local.slice(11, 13));

viewModel<BoardGiven>('consultations/board', ({ t, c, locale, board, of, values, errors }) => {
  const dayOf = (date: string): string => formatDate(new Date(`${date}T12:00Z`), locale, 'UTC', 'shortDay');
  const shown = board.slots.filter(({ state }) => state !== 'cancelled');
  const NONE = {};
  return {
    heading: `${dayOf(board.week)} – ${dayOf(addDays(board.week, 6))}`,
    seriesOptions: board.series.map(({ id, title }) => [id, title]),
    slotOptions: board.slots
      .filter(({ movable }) => movable)
      .map(({ id, title, start }) => [id, `${dayOf(start.slice(0, 10))}, ${start.slice(11)} · ${title}`]),
    make: { values: of === 'make' ? values : NONE, errors: of === 'make' ? errors : NONE },
    move: { values: of === 'move' ? values : NONE, errors: of === 'move' ? errors : NONE },
    // Read by board.js; never closes the element that holds it.
    grid: JSON.stringify({
      locale,
      first: board.week,
      from: `${String(Math.min(FIRST_HOUR, ...shown.map(({ start }) => hourOf(start)))).padStart(2, '0')}:00`,
      until: `${Math.max(LAST_HOUR, ...shown.map(({ end }) => hourOf(end) + 1))}:00`,
      lengths: Object.fromEntries(board.series.map(({ id, length }) => [id, length])),
      events: shown.map(({ id, title, start, end, booked, capacity, movable }) => ({
        ...{ id, start, end, booked, movable },
        title: `${title} (${booked}/${capacity})`,
        url: c(`consultations/slots/${id}`),
      })),
      label: t('consultations.board.grid'),
    }).replaceAll('<', '\\u003c'),
  };
});
