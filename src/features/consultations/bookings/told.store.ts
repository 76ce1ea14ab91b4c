import type { Connection } from 'mongoose';
import { HOUR } from '../../../shared/clock.js';
import { bookingsModel, COMING, plainBooking, type Booking, type BookingRow } from './booking-row.store.js';

/** A booking that stands, no more of it than finding out when something is to be said. */
export interface BeginningBooking extends Pick<
  Booking,
  'id' | 'courseId' | 'slotId' | 'seriesId' | 'personIds' | 'startsAt'
> {
  /** Since when it is to begin then: it was made, or moved. */
  readonly since: Date;
}

export interface ToldStore {
  /** A booking of whatever course and state. */
  findOptional(id: string): Promise<Booking | null>;
  /** Bookings that begin after `from` and by `to`, of all courses, soonest first. */
  beginning(from: Date, to: Date): Promise<BeginningBooking[]>;
  /** A person's bookings of all courses that begin at or after `from` and before `to`, soonest first. */
  ofPerson(personId: string, from: Date, to: Date): Promise<Booking[]>;
  /** Slots with bookings that ended after `from` and by `to`, of all courses. */
  ended(from: Date, to: Date): Promise<string[]>;
  /** How many people are expected in each of these slots. */
  countOf(slotIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** No consultation lasts longer. */
const LONGEST_MS = 12 * HOUR;

export function createToldStore(connection: Connection): ToldStore {
  const model = bookingsModel(connection);
  return {
    async findOptional(id) {
      const row = await model.findById(id).lean<BookingRow>();
      return row && plainBooking(row);
    },

    async beginning(from, to) {
      const rows = await model
        .find({ kind: 'booking', state: 'booked', startsAt: { $gt: from, $lte: to } } as object)
        .select({ courseId: 1, slotId: 1, seriesId: 1, personIds: 1, startsAt: 1, bookedAt: 1, movedFrom: 1 })
        .sort({ startsAt: 1 })
        .lean<BookingRow[]>();
      return rows.map(({ _id, courseId, slotId, seriesId, personIds, startsAt, bookedAt, movedFrom }) => ({
        ...{ id: _id.toString(), courseId, slotId, seriesId, personIds, startsAt },
        since: movedFrom?.at ?? bookedAt,
      }));
    },

    async ofPerson(personId, from, to) {
      const rows = await model
        .find({
          kind: 'booking',
          personIds: personId,
          state: 'booked',
          startsAt: { $gte: from, $lt: to },
        } as object)
        .sort({ startsAt: 1 })
        .lean<BookingRow[]>();
      return rows.map(plainBooking);
    },

    async ended(from, to) {
      const rows = await model
        .find({
          kind: 'booking',
          state: 'booked',
          startsAt: { $gt: new Date(from.getTime() - LONGEST_MS), $lte: to },
          endsAt: { $gt: from, $lte: to },
        } as object)
        .select({ slotId: 1 })
        .lean<BookingRow[]>();
      return [...new Set(rows.map(({ slotId }) => slotId))];
    },

    async countOf(slotIds) {
      const rows = await model
        .find({ slotId: { $in: [...slotIds] }, state: { $in: [...COMING] } })
        .select({ slotId: 1, personIds: 1 })
        .lean<BookingRow[]>();
      const counts = new Map<string, number>();
      for (const { slotId, personIds } of rows)
        counts.set(slotId, (counts.get(slotId) ?? 0) + personIds.length);
      return counts;
    },
  };
}
