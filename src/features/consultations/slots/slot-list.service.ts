import type { FileRecord } from '../../../infra/files/index.js';
import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { forbidden } from '../../../shared/errors.js';
import { instantAt } from '../../../shared/zoned.js';
import type { Person } from '../../membership/index.js';
import { COMING, type BookingsStore } from '../bookings/bookings.store.js';
import { maySeeAll, maySeeBookings, mayTeach } from '../consultations.policy.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import { addDays } from '../../../shared/days.js';
import type { Slot, SlotPage, SlotsStore } from './slots.store.js';
import { LONGEST_SLOT } from '../series/series-settings.js';
import { createFreeSlots, type FreeSlots, type SlotFilter, type Stretch } from './free-slots.js';
import { createSlotRecords, type HeldSlot, type OwnBooking } from './slot-records.js';

export type { SlotFilter, Stretch } from './free-slots.js';

export type { FreeSlot, HeldBooking, HeldSlot, Meeting, OwnBooking } from './slot-records.js';

export interface TimetableDeps {
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly bookings: BookingsStore;
  readonly clock: Clock;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
  /** The files of a booking. */
  readonly filesOf: (bookingId: string) => Promise<FileRecord[]>;
}

/** What is read from the store at a time, and what a page shows at least when there is more. */
const READ = 120;
const PAGE = 40;
/** No student has more bookings in a course than that. */
const MOST_BOOKINGS = 300;

/** Where to begin reading so as to find what has begun and is not over yet. */
const running = (now: Date): Date => new Date(now.getTime() - LONGEST_SLOT);

export interface Timetable extends FreeSlots {
  /** The actor's own bookings of this course, latest consultation first. */
  bookingsOf(actor: Actor): Promise<OwnBooking[]>;
  /** The slots that the actor holds or may see the bookings of; those taken away unbooked are left out. */
  calendar(
    actor: Actor,
    options: SlotFilter & { readonly past: boolean },
    ofSeries?: Series,
  ): Promise<Stretch<HeldSlot>>;
  /** The actor's own slots of a week of a zone, by time; those taken away unbooked are left out. */
  calendarBetween(actor: Actor, first: string, zone: string): Promise<HeldSlot[]>;
  teacherOf(input: Pick<Series, 'teacherId'>): Promise<Person | null>;
  peopleOf(ids: readonly string[]): Promise<Person[]>;
  /** How many slots a job is making of a series, and how many of them are there; null while none is to be made. */
  progressOf(input: Pick<Series, 'plan'>): Promise<{ readonly made: number; readonly total: number } | null>;
  /** A slot with its bookings, for those who may see them. @throws DomainError `not-found`, `forbidden` */
  heldSlot(actor: Actor, slot: Slot): Promise<HeldSlot>;
  /** The actor's next consultations in the course: what a student has booked, or what a teacher holds. */
  upcoming(actor: Actor, limit: number): Promise<(OwnBooking | HeldSlot)[]>;
  /**
   * Yields all slots of a series that took or take bookings, soonest first, read page by page.
   * @throws DomainError `forbidden`
   */
  bookedSlots(actor: Actor, ofSeries: Series): AsyncGenerator<HeldSlot>;
}

export function createTimetable(deps: TimetableDeps): Timetable {
  const { slots, bookings, clock } = deps;
  const records = createSlotRecords(deps);
  const { people, own, held } = records;

  return {
    ...createFreeSlots({ ...deps, records }),

    async progressOf({ plan }) {
      if (plan === null) return null;
      return { made: await slots.countMade(plan.slots.map(({ id }) => id)), total: plan.slots.length };
    },

    async bookingsOf(actor: Actor): Promise<OwnBooking[]> {
      return own(actor, await bookings.ofPerson(actor.courseId, actor.personId, MOST_BOOKINGS));
    },

    async calendar(
      actor: Actor,
      { teacher, from, past }: SlotFilter & { readonly past: boolean },
      ofSeries?: Series,
    ): Promise<Stretch<HeldSlot>> {
      if (!maySeeAll(actor) && !mayTeach(actor)) throw forbidden();
      const now = clock.now();
      const whose = maySeeAll(actor) ? teacher : actor.personId;
      const { slots: found, next } = await slots.page({
        courseId: actor.courseId,
        ...(whose !== undefined && { teacherIds: [whose] }),
        ...(ofSeries && { seriesIds: [ofSeries.id] }),
        states: ['open', 'closing', 'cancelled'],
        ...(past
          ? { from: from ?? now, backwards: true, overBy: now }
          : { from: from ?? running(now), notOverBy: now }),
        limit: PAGE,
      });
      return { items: await held(actor, found, ofSeries && [ofSeries]), next };
    },

    async calendarBetween({ courseId, personId, ...actor }, first, zone) {
      const [from, to] = [first, addDays(first, 7)].map((date) => instantAt(`${date}T00:00`, zone));
      if (!from || !to) return [];
      const found = await slots.listOfTeacher(personId, { from, to, courseId });
      return held({ ...actor, courseId, personId }, found);
    },

    async *bookedSlots(actor: Actor, ofSeries: Series): AsyncGenerator<HeldSlot> {
      if (!maySeeBookings(actor, ofSeries)) throw forbidden();
      let next: Date | null = new Date(0);
      while (next !== null) {
        const page: SlotPage = await slots.page({
          courseId: actor.courseId,
          seriesIds: [ofSeries.id],
          states: ['open', 'closing', 'cancelled'],
          from: next,
          limit: READ,
        });
        yield* await held(actor, page.slots, [ofSeries]);
        next = page.next;
      }
    },

    async teacherOf({ teacherId }: Pick<Series, 'teacherId'>): Promise<Person | null> {
      return (await people([teacherId])).get(teacherId) ?? null;
    },

    async peopleOf(ids) {
      return [...(await people(ids)).values()];
    },

    async heldSlot(actor: Actor, slot: Slot): Promise<HeldSlot> {
      const [found] = await held(actor, [slot]);
      if (found === undefined) throw forbidden();
      return found;
    },

    async upcoming(actor: Actor, limit: number): Promise<(OwnBooking | HeldSlot)[]> {
      const now = clock.now();
      if (actor.role === 'student') {
        const rows = await bookings.upcoming(actor.courseId, actor.personId, now, limit);
        return (await own(actor, rows)).filter(({ booking }) => COMING.includes(booking.state));
      }
      if (!mayTeach(actor)) return [];
      const { slots: found } = await slots.page({
        courseId: actor.courseId,
        teacherIds: [actor.personId],
        states: ['open', 'closing'],
        from: running(now),
        notOverBy: now,
        limit,
      });
      return held(actor, found.slice(0, limit));
    },
  };
}
