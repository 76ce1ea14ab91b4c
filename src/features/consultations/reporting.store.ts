import type { Connection } from 'mongoose';
import { bookingsModel, COMING, type BookingRow } from './bookings/booking-row.store.js';
import { createHeldStore } from './held/held.store.js';
import { heldStateOf, isPresent, type HeldState } from './held/marks.js';
import { slotsModel, type SlotRow } from './slots/slots.store.js';

/** A consultation as reports count it. */
export interface ReportedSlot {
  readonly slotId: string;
  readonly courseId: string;
  /** Person id. */
  readonly teacherId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** As the journal of consultations says. */
  readonly state: HeldState;
  /** Bookings that stand. */
  readonly booked: number;
  /** Of them, those with a mark of attendance, and those who came. */
  readonly marked: number;
  readonly attended: number;
}

export interface ConsultationsReporting {
  /** Consultations that begin in a period, in all courses; those removed without bookings are left out. */
  slotsBetween(from: Date, to: Date): AsyncIterable<ReportedSlot>;
  /** How many `slotsBetween` gives at most: those that were removed are counted, too, for an index knows them. */
  countSlotsBetween(from: Date, to: Date): Promise<number>;
  /** Persons with a booking that stands for a consultation of the course in a period. */
  bookedBetween(
    courseId: string,
    personIds: readonly string[],
    from: Date,
    to: Date,
  ): Promise<ReadonlySet<string>>;
}

const GROUP = 200;

type ReportedRow = Pick<SlotRow, '_id' | 'courseId' | 'teacherId' | 'startsAt' | 'endsAt' | 'state'>;

const beginning = (from: Date, to: Date) => ({
  startsAt: { $gte: from, $lt: to },
  state: { $in: ['open', 'closing', 'cancelled'] as const },
});

export function createConsultationsReporting(connection: Connection): ConsultationsReporting {
  const slots = slotsModel(connection);
  const bookings = bookingsModel(connection);
  const held = createHeldStore(connection);

  async function counted(rows: readonly ReportedRow[]): Promise<ReportedSlot[]> {
    const ids = rows.map(({ _id }) => _id.toString());
    const [booked, records] = await Promise.all([
      bookings
        .find({ slotId: { $in: ids }, state: { $in: COMING } })
        .select({ slotId: 1, personIds: 1 })
        .lean<Pick<BookingRow, 'slotId' | 'personIds'>[]>(),
      held.findMany(ids),
    ]);
    const bookedIn = new Map<string, number>();
    for (const { slotId, personIds } of booked)
      bookedIn.set(slotId, (bookedIn.get(slotId) ?? 0) + personIds.length);
    const recordOf = new Map(records.map((record) => [record.slotId, record]));
    return rows.map(({ _id, courseId, teacherId, startsAt, endsAt, state }) => {
      const record = recordOf.get(_id.toString()) ?? null;
      const marks = record?.markedAt ? record.entries.map(({ mark }) => mark) : [];
      return {
        slotId: _id.toString(),
        courseId,
        teacherId,
        startsAt,
        endsAt,
        state: heldStateOf(state, record),
        booked: bookedIn.get(_id.toString()) ?? 0,
        marked: marks.length,
        attended: marks.filter(isPresent).length,
      };
    });
  }

  return {
    async *slotsBetween(from, to) {
      const cursor = slots
        .find(beginning(from, to))
        .select({ courseId: 1, teacherId: 1, startsAt: 1, endsAt: 1, state: 1 })
        .lean<ReportedRow[]>()
        .cursor();
      let group: ReportedRow[] = [];
      for await (const row of cursor) {
        group.push(row);
        if (group.length < GROUP) continue;
        yield* await counted(group);
        group = [];
      }
      yield* await counted(group);
    },
    countSlotsBetween: (from, to) => slots.countDocuments({ startsAt: { $gte: from, $lt: to } }),
    async bookedBetween(courseId, personIds, from, to) {
      const rows = await bookings
        .find({
          courseId,
          personIds: { $in: [...personIds] },
          startsAt: { $gte: from, $lt: to },
          state: { $in: COMING },
        })
        .select({ personIds: 1 })
        .lean<BookingRow[]>();
      return new Set(rows.flatMap(({ personIds: all }) => all));
    },
  };
}
