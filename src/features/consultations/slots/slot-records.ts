import { groupBy } from '../../../shared/group-by.js';
import type { FileRecord } from '../../../infra/files/index.js';
import type { Actor } from '../../../shared/actor.js';
import type { Person } from '../../membership/index.js';
import type { Booking, BookingsStore } from '../bookings/bookings.store.js';
import { maySeeBookings } from '../consultations.policy.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Slot, SlotsStore } from './slots.store.js';

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
  readonly files: readonly FileRecord[];
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
  readonly files: readonly FileRecord[];
}

/** A slot as those see it who hold it. */
export interface HeldSlot extends Meeting {
  /** In the order of booking; cancelled ones too. */
  readonly bookings: readonly HeldBooking[];
}

export interface SlotRecordsDeps {
  readonly series: Pick<SeriesStore, 'findMany'>;
  readonly slots: Pick<SlotsStore, 'findMany'>;
  readonly bookings: Pick<BookingsStore, 'taken' | 'ofSlots'>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
  /** The files of a booking. */
  readonly filesOf: (bookingId: string) => Promise<FileRecord[]>;
}

/** Joins slots, series, bookings and people. */
export interface SlotRecords {
  readonly people: (ids: readonly string[]) => Promise<ReadonlyMap<string, Person>>;
  /** @param known series that need not be read */
  readonly meetings: (found: readonly Slot[], known?: readonly Series[]) => Promise<Meeting[]>;
  /** Who else comes, by slot, for those whose series tell. */
  readonly othersOf: (actor: Actor, of: readonly Meeting[]) => Promise<ReadonlyMap<string, Person[]>>;
  /** A student's own bookings with their slots. */
  readonly own: (actor: Actor, rows: readonly Booking[]) => Promise<OwnBooking[]>;
  /** Those of the slots whose bookings the actor may see. */
  readonly held: (actor: Actor, found: readonly Slot[], known?: readonly Series[]) => Promise<HeldSlot[]>;
}

const byId = <Item extends { readonly id: string }>(items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [item.id, item]));

export function createSlotRecords(deps: SlotRecordsDeps): SlotRecords {
  const { series, slots, bookings } = deps;

  const filesOf = async ({ id, files }: Booking): Promise<readonly FileRecord[]> =>
    files.length === 0 ? [] : (await deps.filesOf(id)).filter((file) => files.includes(file.id));

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
    const files = await Promise.all(rows.map(filesOf));
    return rows.flatMap((booking, index) => {
      const meeting = bySlot.get(booking.slotId);
      if (meeting === undefined) return [];
      const { state, cancellation } = meeting.slot;
      const gone = booking.state !== 'cancelled' && (state === 'cancelled' || state === 'removed');
      const settled = gone ? { ...booking, state: 'cancelled' as const, cancellation } : booking;
      return [
        { ...meeting, booking: settled, others: others.get(booking.slotId) ?? [], files: files[index] ?? [] },
      ];
    });
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
    const files = new Map<string, readonly FileRecord[]>();
    for (const row of rows) files.set(row.id, await filesOf(row));
    return seen.map((meeting) => ({
      ...meeting,
      bookings: (bySlot.get(meeting.slot.id) ?? []).map((booking) => ({
        booking,
        person: students.get(booking.personId) ?? null,
        companions: booking.personIds
          .filter((id) => id !== booking.personId)
          .flatMap((id) => students.get(id) ?? []),
        files: files.get(booking.id) ?? [],
      })),
    }));
  }

  return { people, meetings, othersOf, own, held };
}
