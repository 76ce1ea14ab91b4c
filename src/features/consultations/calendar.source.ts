import { shortName } from '../../shared/names.js';
import { isRecordId } from '../../shared/ids.js';
import type { Person } from '../membership/index.js';
import type { CalendarEntry, CalendarSource } from '../schedule/index.js';
import type { Booking, BookingsStore } from './bookings/bookings.store.js';
import type { Series, SeriesStore } from './series/series.store.js';
import type { Slot, SlotsStore } from './slots/slots.store.js';

export interface ConsultationsCalendarDeps {
  readonly slots: Pick<SlotsStore, 'listOfTeacher' | 'findMany' | 'findOptional'>;
  readonly series: Pick<SeriesStore, 'findMany'>;
  readonly bookings: Pick<BookingsStore, 'listForPerson' | 'listForSlots'>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
}

const KIND = 'consultation';

/** Consultations in calendars: what a person holds, and what a person has booked. */
export function consultationsCalendar(deps: ConsultationsCalendarDeps): CalendarSource {
  const { slots, series, bookings, findPeople } = deps;

  async function entries(personId: string, found: readonly Slot[]): Promise<CalendarEntry[]> {
    if (found.length === 0) return [];
    const [known, booked] = await Promise.all([
      series.findMany([...new Set(found.map(({ seriesId }) => seriesId))]),
      bookings.listForSlots(found.map(({ id }) => id)),
    ]);
    const bySlot = new Map<string, Booking[]>();
    for (const booking of booked) {
      bySlot.set(booking.slotId, [...(bySlot.get(booking.slotId) ?? []), booking]);
    }
    const people = await findPeople([
      ...new Set([
        ...booked.flatMap(({ personIds }) => personIds),
        ...found.map(({ teacherId }) => teacherId),
      ]),
    ]);
    const names = new Map(people.map(({ id, name }) => [id, shortName(name)]));
    const seriesOf = new Map(known.map((item) => [item.id, item]));
    return found.flatMap((slot) => {
      const item = seriesOf.get(slot.seriesId);
      return item ? [entryOf(personId, slot, item, bySlot.get(slot.id) ?? [], names)] : [];
    });
  }

  return {
    kind: KIND,

    async list({ personId, courseId, from, to }) {
      const within = { from, to, ...(courseId !== undefined && { courseId }) };
      const [held, own] = await Promise.all([
        slots.listOfTeacher(personId, within),
        bookings.listForPerson(personId, within),
      ]);
      const attended = await slots.findMany([...new Set(own.map(({ slotId }) => slotId))]);
      const heldIds = new Set(held.map(({ id }) => id));
      return entries(personId, [...held, ...attended.filter(({ id }) => !heldIds.has(id))]);
    },

    async findOptional(actor, id) {
      const slot = isRecordId(id) ? await slots.findOptional(actor.courseId, id) : null;
      if (slot === null) return null;
      const concerned =
        slot.teacherId === actor.personId ||
        (await bookings.listForSlots([id])).some(({ personIds }) => personIds.includes(actor.personId));
      return concerned ? ((await entries(actor.personId, [slot]))[0] ?? null) : null;
    },
  };
}

function entryOf(
  personId: string,
  slot: Slot,
  series: Series,
  booked: readonly Booking[],
  names: ReadonlyMap<string, string>,
): CalendarEntry {
  const holds = slot.teacherId === personId;
  const own = booked.filter(({ personIds }) => personIds.includes(personId));
  const active = booked.filter(({ state }) => state !== 'cancelled');
  const gone = slot.state === 'cancelled' || slot.state === 'removed';
  const cancelled = gone || (!holds && own.every(({ state }) => state === 'cancelled'));
  const others = holds
    ? active.flatMap(({ personIds }) => personIds.map((id) => names.get(id) ?? ''))
    : [names.get(slot.teacherId) ?? ''];
  // Each counter alone never falls, and so does their sum: a booking of the slot counts once when made, once more
  // when cancelled.
  const changes = own.reduce((sum, { state }) => sum + (state === 'cancelled' ? 2 : 1), 0);
  return {
    id: `${KIND}-${slot.id}`,
    courseId: slot.courseId,
    title: series.title,
    startsAt: slot.startsAt,
    endsAt: slot.endsAt,
    state: cancelled ? 'cancelled' : holds && active.length === 0 ? 'free' : 'planned',
    place: slot.place || series.place,
    people: others.filter((name) => name !== '').join(', '),
    zone: series.pattern.zone,
    path: `consultations/slots/${slot.id}`,
    sequence: series.revision + (slot.version - 1) + changes,
  };
}
