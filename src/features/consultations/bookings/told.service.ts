import { minutesBefore } from '../../../shared/hours-before.js';
import type { PersonName } from '../../../shared/names.js';
import type { HeldStore } from '../held/held.store.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { ConsultationType } from '../series/series-settings.js';
import type { Slot, SlotsStore } from '../slots/slots.store.js';
import type { Booking } from './booking-row.store.js';
import type { BeginningBooking, ToldStore } from './told.store.js';

export type { BeginningBooking } from './told.store.js';

/** A consultation as messages speak of it. */
export interface ToldSlot {
  readonly courseId: string;
  readonly slotId: string;
  readonly title: string;
  readonly type: ConsultationType;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** IANA name of the series' time zone. */
  readonly zone: string;
  readonly place: string;
  /** Address of the video call, or ''. */
  readonly link: string;
  readonly teacherId: string;
  readonly teacher: PersonName | null;
}

/** A booking as messages speak of it. */
export interface ToldBooking
  extends
    ToldSlot,
    Pick<
      Booking,
      'id' | 'personId' | 'personIds' | 'state' | 'question' | 'bookedAt' | 'bookedBy' | 'cancellation'
    >,
    Pick<Booking, 'movedFrom' | 'offeredUntil' | 'onlyWaited' | 'placeToldAt'> {
  readonly student: PersonName | null;
  /** Why the slot was moved; '' unless it was. */
  readonly moveReason: string;
}

/** A slot of a teacher, with how many have booked it. */
export interface TaughtSlot extends ToldSlot {
  readonly booked: number;
}

/** What messages say of bookings. Reads past the bounds of courses: nothing of it is shown to others. */
export interface ToldBookings {
  /** Returns null if there is no such booking any more. */
  find(bookingId: string): Promise<ToldBooking | null>;
  /** Bookings that begin after `from` and by `to`, in all courses, soonest first. */
  beginning(from: Date, to: Date): Promise<BeginningBooking[]>;
  /** Minutes before a start at which reminders are sent, by series, for those that differ from the centre. */
  ownReminders(): Promise<ReadonlyMap<string, readonly number[]>>;
  /** Who teaches these slots. */
  teachersOf(slotIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Returns null if the slot is gone or nobody has booked it. */
  findTaught(slotId: string, courseId: string): Promise<TaughtSlot | null>;
  /** Slots with bookings that ended after `from` and by `to` and whose attendance is not marked, in all courses. */
  unmarked(from: Date, to: Date): Promise<ToldSlot[]>;
  /** Returns null if the slot is gone, was cancelled, or its attendance is marked. */
  findUnmarked(slotId: string): Promise<ToldSlot | null>;
  /** What a person has booked, in all courses, that begins at or after `from` and before `to`. */
  bookedBy(personId: string, from: Date, to: Date): Promise<ToldBooking[]>;
  /** Booked slots that a person teaches, in all courses, that begin at or after `from` and before `to`. */
  taughtBy(personId: string, from: Date, to: Date): Promise<TaughtSlot[]>;
}

export interface ToldBookingsDeps {
  readonly told: ToldStore;
  readonly slots: Pick<SlotsStore, 'findMany' | 'page'>;
  readonly series: Pick<SeriesStore, 'findMany' | 'listReminders'>;
  readonly records: Pick<HeldStore, 'findMany'>;
  readonly findPeople: (
    ids: readonly string[],
  ) => Promise<{ readonly id: string; readonly name: PersonName }[]>;
}

/** Nobody teaches more in two days. */
const MOST_SLOTS = 500;

export function createToldBookings(deps: ToldBookingsDeps): ToldBookings {
  const { told, slots, series } = deps;

  async function slotsOf(found: readonly Slot[]): Promise<ToldSlot[]> {
    if (found.length === 0) return [];
    const all = await series.findMany([...new Set(found.map(({ seriesId }) => seriesId))]);
    const people = await deps.findPeople([...new Set(found.map(({ teacherId }) => teacherId))]);
    return found.flatMap((slot) => {
      const of = all.find(({ id }) => id === slot.seriesId);
      const teacher = people.find(({ id }) => id === slot.teacherId);
      return of === undefined ? [] : [slotOf(slot, of, teacher?.name ?? null)];
    });
  }

  async function bookingsOf(rows: readonly Booking[]): Promise<ToldBooking[]> {
    if (rows.length === 0) return [];
    const all = await slots.findMany([...new Set(rows.map(({ slotId }) => slotId))]);
    const found = await slotsOf(all);
    const students = await deps.findPeople([...new Set(rows.map(({ personId }) => personId))]);
    return rows.flatMap((row) => {
      const slot = found.find(({ slotId }) => slotId === row.slotId);
      const student = students.find(({ id }) => id === row.personId);
      if (slot === undefined) return [];
      const moveReason = all.find(({ id }) => id === row.slotId)?.movedFrom?.reason ?? '';
      return [{ ...slot, ...row, student: student?.name ?? null, moveReason }];
    });
  }

  async function taughtOf(found: readonly Slot[]): Promise<TaughtSlot[]> {
    if (found.length === 0) return [];
    const counts = await told.countOf(found.map(({ id }) => id));
    const booked = found.filter(
      ({ id, state }) => counts.has(id) && (state === 'open' || state === 'closing'),
    );
    return (await slotsOf(booked)).map((slot) => ({ ...slot, booked: counts.get(slot.slotId) ?? 0 }));
  }

  async function unmarkedOf(slotIds: readonly string[]): Promise<ToldSlot[]> {
    if (slotIds.length === 0) return [];
    const records = await deps.records.findMany(slotIds);
    const marked = new Set(records.filter(({ markedAt }) => markedAt !== null).map(({ slotId }) => slotId));
    const found = await slots.findMany(slotIds);
    return slotsOf(
      found.filter(({ id, state }) => !marked.has(id) && (state === 'open' || state === 'closing')),
    );
  }

  return {
    async find(bookingId) {
      const row = await told.findOptional(bookingId);
      return row === null ? null : ((await bookingsOf([row]))[0] ?? null);
    },

    beginning: (from, to) => told.beginning(from, to),

    async ownReminders() {
      const own = await series.listReminders();
      return new Map(own.map(({ id, reminderHours }) => [id, minutesBefore(reminderHours)]));
    },

    async teachersOf(slotIds) {
      return new Map((await slots.findMany(slotIds)).map(({ id, teacherId }) => [id, teacherId]));
    },

    async findTaught(slotId, courseId) {
      const found = (await slots.findMany([slotId])).filter((slot) => slot.courseId === courseId);
      return (await taughtOf(found))[0] ?? null;
    },

    unmarked: async (from, to) => unmarkedOf(await told.ended(from, to)),

    findUnmarked: async (slotId) => (await unmarkedOf([slotId]))[0] ?? null,

    async bookedBy(personId, from, to) {
      return bookingsOf(await told.ofPerson(personId, from, to));
    },

    async taughtBy(personId, from, to) {
      const { slots: found } = await slots.page({
        teacherIds: [personId],
        states: ['open', 'closing'],
        from,
        limit: MOST_SLOTS,
      });
      return taughtOf(found.filter(({ startsAt }) => startsAt < to));
    },
  };
}

const slotOf = (slot: Slot, series: Series, teacher: PersonName | null): ToldSlot => ({
  courseId: slot.courseId,
  slotId: slot.id,
  title: series.title,
  type: series.type,
  startsAt: slot.startsAt,
  endsAt: slot.endsAt,
  zone: series.pattern.zone,
  place: slot.place || series.place,
  link: series.link,
  teacherId: slot.teacherId,
  teacher,
});
