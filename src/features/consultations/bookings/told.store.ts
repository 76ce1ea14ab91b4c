import type { Connection } from 'mongoose';
import { bookingsModel, type BookingRow } from './bookings.store.js';

/** A booking that stands, no more of it than finding out when something is to be said. */
export interface BeginningBooking {
  readonly id: string;
  readonly courseId: string;
  readonly slotId: string;
  readonly personId: string;
  readonly startsAt: Date;
  readonly bookedAt: Date;
}

export interface ToldStore {
  /** A booking of whatever course and state. */
  findOptional(id: string): Promise<BookingRow | null>;
  /** Bookings that begin after `from` and by `to`, of all courses, soonest first. */
  beginning(from: Date, to: Date): Promise<BeginningBooking[]>;
  /** A person's bookings of all courses that begin at or after `from` and before `to`, soonest first. */
  ofPerson(personId: string, from: Date, to: Date): Promise<BookingRow[]>;
  /** How many have booked each of these slots. */
  countOf(slotIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export function createToldStore(connection: Connection): ToldStore {
  const model = bookingsModel(connection);
  return {
    findOptional: (id) => model.findById(id).lean<BookingRow>(),

    async beginning(from, to) {
      const rows = await model
        .find({ state: 'booked', startsAt: { $gt: from, $lte: to } })
        .select({ courseId: 1, slotId: 1, personId: 1, startsAt: 1, bookedAt: 1 })
        .sort({ startsAt: 1 })
        .lean<BookingRow[]>();
      return rows.map(({ _id, courseId, slotId, personId, startsAt, bookedAt }) => ({
        id: _id.toString(),
        courseId,
        slotId,
        personId,
        startsAt,
        bookedAt,
      }));
    },

    ofPerson: (personId, from, to) =>
      model
        .find({ personId, state: 'booked', startsAt: { $gte: from, $lt: to } })
        .sort({ startsAt: 1 })
        .lean<BookingRow[]>(),

    async countOf(slotIds) {
      const rows = await model
        .find({ slotId: { $in: slotIds }, state: 'booked' })
        .select({ slotId: 1 })
        .lean<BookingRow[]>();
      const counts = new Map<string, number>();
      for (const { slotId } of rows) counts.set(slotId, (counts.get(slotId) ?? 0) + 1);
      return counts;
    },
  };
}
