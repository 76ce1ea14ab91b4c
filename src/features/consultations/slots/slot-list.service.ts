import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { forbidden, notFound } from '../../../shared/errors.js';
import type { Person } from '../../membership/index.js';
import { COMING, type Booking, type BookingsStore, type Taken } from '../bookings/bookings.store.js';
import { maySeeAll, maySeeBookings, mayTeach, standing } from '../consultations.policy.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Slot, SlotPage, SlotsStore } from './slots.store.js';
import { LONGEST_SLOT, type ConsultationType } from '../series/series-settings.js';

export interface TimetableDeps {
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly bookings: BookingsStore;
  readonly clock: Clock;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
}

/** A slot with what belongs to it. */
export interface Meeting {
  readonly slot: Slot;
  readonly series: Series;
  readonly teacher: Person | null;
}

/** A student's booking. A booking whose slot is gone counts as cancelled, even before it says so itself. */
export interface OwnBooking extends Meeting {
  readonly booking: Booking;
  /** The others who come, where the series shows them. */
  readonly others: readonly Person[];
}

/** A slot that can be booked. */
export interface FreeSlot extends Meeting {
  readonly seatsLeft: number;
  readonly others: readonly Person[];
}

export interface HeldBooking {
  readonly booking: Booking;
  readonly person: Person | null;
  /** Those who were booked together with the person. */
  readonly companions: readonly Person[];
}

/** A slot as those see it who hold it. */
export interface HeldSlot extends Meeting {
  /** In the order of booking; cancelled ones too. */
  readonly bookings: readonly HeldBooking[];
}

export interface SlotFilter {
  readonly teacher?: string | undefined;
  readonly type?: ConsultationType | undefined;
  readonly from?: Date | undefined;
  /** Words of the title or the description. */
  readonly topic?: string | undefined;
  /** Whether a beginning is at a time of day that suits. */
  readonly fits?: ((startsAt: Date) => boolean) | undefined;
}

/** As much of a list as one page shows, and where the next begins. */
export interface Stretch<Item> {
  readonly items: readonly Item[];
  readonly next: Date | null;
}

/** What is read from the store at a time, and what a page shows at least when there is more. */
const READ = 120;
const PAGE = 40;
/** No student has more bookings in a course than that. */
const MOST_BOOKINGS = 300;

/** Where to begin reading so as to find what has begun and is not over yet. */
const running = (now: Date): Date => new Date(now.getTime() - LONGEST_SLOT);

const byId = <Item extends { readonly id: string }>(items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [item.id, item]));

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Whether a series is about all of these words. */
function isAbout({ title, description }: Pick<Series, 'title' | 'description'>, topic: string): boolean {
  const text = `${title} ${description}`.toLocaleLowerCase('ru').replaceAll('ё', 'е');
  const words = topic.toLocaleLowerCase('ru').replaceAll('ё', 'е').split(/\s+/);
  return words.every((word) => text.includes(word));
}

const seatsOf = (taken: readonly Taken[]): number => taken.reduce((sum, { seats }) => sum + seats, 0);

export interface Timetable {
  /** The actor's own bookings of this course, latest consultation first. */
  bookingsOf(actor: Actor): Promise<OwnBooking[]>;
  /** What the course has on offer, soonest first. */
  freeSlots(actor: Actor, filters: SlotFilter, ofSeries?: Series): Promise<Stretch<FreeSlot>>;
  /** What a list of the course can be narrowed to: the active series, and who holds them. */
  choices(actor: Actor): Promise<{ series: Series[]; teachers: Person[] }>;
  /** The slots that the actor holds or may see the bookings of; those taken away unbooked are left out. */
  calendar(
    actor: Actor,
    options: SlotFilter & { readonly past: boolean },
    ofSeries?: Series,
  ): Promise<Stretch<HeldSlot>>;
  teacherOf(input: Pick<Series, 'teacherId'>): Promise<Person | null>;
  peopleOf(ids: readonly string[]): Promise<Person[]>;
  /** A slot with its bookings, for those who may see them. @throws DomainError `not-found`, `forbidden` */
  heldSlot(actor: Actor, slot: Slot): Promise<HeldSlot>;
  /** A slot as someone sees it who may book it, or only look. @throws DomainError `not-found` */
  openSlot(actor: Actor, slot: Slot): Promise<FreeSlot>;
  /** The actor's next consultations in the course: what a student has booked, or what a teacher holds. */
  upcoming(actor: Actor, limit: number): Promise<(OwnBooking | HeldSlot)[]>;
  /** Lists a teacher's next available times in all courses. Fit for public pages: no names, no places. */
  nextFreeOf(teacherIds: readonly string[], limit: number): Promise<FreeSlot[]>;
  /**
   * Yields all slots of a series that took or take bookings, soonest first, read page by page.
   * @throws DomainError `forbidden`
   */
  bookedSlots(actor: Actor, ofSeries: Series): AsyncGenerator<HeldSlot>;
}

export function createTimetable(deps: TimetableDeps): Timetable {
  const { series, slots, bookings, clock } = deps;

  async function people(ids: readonly string[]): Promise<ReadonlyMap<string, Person>> {
    return byId(ids.length === 0 ? [] : await deps.findPeople([...new Set(ids)]));
  }

  async function meetings(found: readonly Slot[], known: readonly Series[] = []): Promise<Meeting[]> {
    const missing = new Set(found.map(({ seriesId }) => seriesId));
    for (const { id } of known) missing.delete(id);
    const all = byId([...known, ...(missing.size === 0 ? [] : await series.findMany([...missing]))]);
    const teachers = await people(found.map(({ teacherId }) => teacherId));
    return found.flatMap((slot) => {
      const item = all.get(slot.seriesId);
      return item ? [{ slot, series: item, teacher: teachers.get(slot.teacherId) ?? null }] : [];
    });
  }

  /** Who else comes, for the slots whose series tell. */
  async function othersOf(actor: Actor, of: readonly Meeting[]): Promise<ReadonlyMap<string, Person[]>> {
    const telling = of.filter(({ series: { names } }) => names === 'shown').map(({ slot }) => slot.id);
    if (telling.length === 0) return new Map();
    const taken = (await bookings.taken(telling)).flatMap(({ slotId, personIds, state }) =>
      state === 'booked' || state === 'requested'
        ? personIds.filter((id) => id !== actor.personId).map((personId) => ({ slotId, personId }))
        : [],
    );
    const known = await people(taken.map(({ personId }) => personId));
    const others = new Map<string, Person[]>();
    for (const [slotId, seats] of groupBy(taken, (seat) => seat.slotId)) {
      others.set(
        slotId,
        seats.flatMap(({ personId }) => known.get(personId) ?? []),
      );
    }
    return others;
  }

  async function own(actor: Actor, rows: readonly Booking[]): Promise<OwnBooking[]> {
    if (rows.length === 0) return [];
    const found = await meetings(await slots.findMany(rows.map(({ slotId }) => slotId)));
    const bySlot = new Map(found.map((meeting) => [meeting.slot.id, meeting]));
    const others = await othersOf(actor, found);
    return rows.flatMap((booking) => {
      const meeting = bySlot.get(booking.slotId);
      if (meeting === undefined) return [];
      const { state, cancellation } = meeting.slot;
      const gone = booking.state !== 'cancelled' && (state === 'cancelled' || state === 'removed');
      const settled = gone ? { ...booking, state: 'cancelled' as const, cancellation } : booking;
      return [{ ...meeting, booking: settled, others: others.get(booking.slotId) ?? [] }];
    });
  }

  /** Slots of these series that can be booked now and have a seat left, none of them the actor's own. */
  async function free(
    actor: Actor | null,
    from: readonly Series[],
    read: (from: Date) => Promise<SlotPage>,
    { start, atLeast, fits }: { start: Date; atLeast: number; fits?: SlotFilter['fits'] },
  ): Promise<Stretch<FreeSlot>> {
    const now = clock.now();
    const items: FreeSlot[] = [];
    let next: Date | null = start < now ? now : start;
    while (next !== null && items.length < atLeast) {
      const page: SlotPage = await read(next);
      const open = (await meetings(page.slots, from)).filter(
        (meeting) => standing(meeting.series, meeting.slot, now) === 'open',
      );
      const taken = groupBy(await bookings.taken(open.map(({ slot }) => slot.id)), ({ slotId }) => slotId);
      const others = actor ? await othersOf(actor, open) : new Map<string, Person[]>();
      for (const meeting of open) {
        const held = taken.get(meeting.slot.id) ?? [];
        const seatsLeft = meeting.series.capacity - seatsOf(held);
        const mine = held.some(({ personIds }) => actor !== null && personIds.includes(actor.personId));
        if (seatsLeft > 0 && !mine && (fits?.(meeting.slot.startsAt) ?? true)) {
          items.push({ ...meeting, seatsLeft, others: others.get(meeting.slot.id) ?? [] });
        }
      }
      next = page.next;
    }
    return { items, next };
  }

  async function held(actor: Actor, found: readonly Slot[], known?: readonly Series[]): Promise<HeldSlot[]> {
    const seen = (await meetings(found, known)).filter((meeting) =>
      maySeeBookings(actor, meeting.series, meeting.slot),
    );
    const rows = await bookings.ofSlots(
      actor.courseId,
      seen.map(({ slot }) => slot.id),
    );
    const students = await people(rows.flatMap(({ personIds }) => personIds));
    const bySlot = groupBy(rows, ({ slotId }) => slotId);
    return seen.map((meeting) => ({
      ...meeting,
      bookings: (bySlot.get(meeting.slot.id) ?? []).map((booking) => ({
        booking,
        person: students.get(booking.personId) ?? null,
        companions: booking.personIds
          .filter((id) => id !== booking.personId)
          .flatMap((id) => students.get(id) ?? []),
      })),
    }));
  }

  return {
    async bookingsOf(actor: Actor): Promise<OwnBooking[]> {
      return own(actor, await bookings.ofPerson(actor.courseId, actor.personId, MOST_BOOKINGS));
    },

    async freeSlots(actor: Actor, filters: SlotFilter, ofSeries?: Series): Promise<Stretch<FreeSlot>> {
      const all = ofSeries ? [ofSeries] : await series.ofCourse(actor.courseId, 'active');
      const chosen = all.filter(
        (item) =>
          item.teacherId === (filters.teacher ?? item.teacherId) &&
          item.type === (filters.type ?? item.type) &&
          isAbout(item, filters.topic ?? ''),
      );
      if (chosen.length === 0) return { items: [], next: null };
      const { courseId } = actor;
      const seriesIds = chosen.map(({ id }) => id);
      return free(
        actor,
        chosen,
        (from) => slots.page({ courseId, seriesIds, states: ['open'], from, limit: READ }),
        { start: filters.from ?? clock.now(), atLeast: PAGE, fits: filters.fits },
      );
    },

    async choices(actor: Actor): Promise<{ series: Series[]; teachers: Person[] }> {
      const all = await series.ofCourse(actor.courseId, 'active');
      return { series: all, teachers: [...(await people(all.map(({ teacherId }) => teacherId))).values()] };
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

    async openSlot(actor: Actor, slot: Slot): Promise<FreeSlot> {
      const [meeting] = await meetings([slot]);
      if (meeting === undefined) throw notFound();
      const taken = await bookings.taken([slot.id]);
      const others = await othersOf(actor, [meeting]);
      return {
        ...meeting,
        seatsLeft: Math.max(0, meeting.series.capacity - seatsOf(taken)),
        others: others.get(slot.id) ?? [],
      };
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

    async nextFreeOf(teacherIds: readonly string[], limit: number): Promise<FreeSlot[]> {
      const { items } = await free(
        null,
        [],
        (from) => slots.page({ teacherIds, states: ['open'], from, limit: READ }),
        { start: clock.now(), atLeast: limit },
      );
      return items.slice(0, limit);
    },
  };
}
