import type { Connection, mongo } from 'mongoose';
import { keepReads } from '../../../storage/index.js';
import { bookingsModel, COMING, plainBooking, type Booking, type BookingRow } from './booking-row.store.js';
import { SHOWN } from './bookings-finding.store.js';

/** On one list: the rest is history that no page needs. */
const MOST_CANCELLED = 100;
const MOST_CANCELLED_OF_SLOTS = 500;

/** Lists of bookings: of slots, of a person, of series. */
export function createBookingsLists(connection: Connection) {
  const model = bookingsModel(connection);
  const coming = keepReads<readonly Booking[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ kind, courseId, personIds }) =>
      kind === 'booking' && Array.isArray(personIds)
        ? personIds.map((personId) => `${String(courseId)} ${String(personId)}`)
        : [],
  });

  return {
    /** Of these slots, in the order of booking; the newest of cancelled ones too, without the waiting list. */
    async ofSlots(courseId: string, slotIds: readonly string[]): Promise<Booking[]> {
      const [coming, cancelledOnes] = await Promise.all([
        model.find({ courseId, slotId: { $in: slotIds }, state: { $in: COMING } }).lean<BookingRow[]>(),
        model
          .find({ slotId: { $in: slotIds }, state: 'cancelled', courseId })
          .limit(MOST_CANCELLED_OF_SLOTS)
          .lean<BookingRow[]>(),
      ]);
      // Who only waited, or was offered a seat, has booked nothing.
      return [...coming, ...cancelledOnes]
        .filter(({ tellOnly, onlyWaited }) => !tellOnly && onlyWaited !== true)
        .sort((a, b) => a.bookedAt.getTime() - b.bookedAt.getTime())
        .map(plainBooking);
    },

    /** Of these slots, in whatever course, in the order of booking; cancelled ones too, without the waiting list. */
    async listForSlots(slotIds: readonly string[]): Promise<Booking[]> {
      if (slotIds.length === 0) return [];
      const rows = await model
        .find({ slotId: { $in: [...slotIds] }, state: { $in: [...COMING, 'cancelled'] } })
        .sort({ bookedAt: 1, _id: 1 })
        .lean<BookingRow[]>();
      return rows.filter(({ tellOnly, onlyWaited }) => !tellOnly && onlyWaited !== true).map(plainBooking);
    },

    /** A person's bookings that begin between two moments; cancelled ones too, without the waiting list. */
    async listForPerson(
      personId: string,
      { from, to, courseId }: { readonly from: Date; readonly to: Date; readonly courseId?: string },
    ): Promise<Booking[]> {
      const rows = await model
        .find({
          personIds: personId,
          startsAt: { $gte: from, $lt: to },
          state: { $in: [...COMING, 'cancelled'] },
          ...(courseId !== undefined && { courseId }),
        })
        .lean<BookingRow[]>();
      return rows.filter(({ tellOnly, onlyWaited }) => !tellOnly && onlyWaited !== true).map(plainBooking);
    },

    /**
     * What a person has booked or waits for in a course, latest consultation first; the latest of cancelled ones too.
     * However many were cancelled, none of the others is missing.
     */
    async ofPerson(courseId: string, personId: string, limit: number): Promise<Booking[]> {
      const own = { courseId, personIds: personId };
      const latest = { startsAt: -1 } as const;
      const [active, cancelledOnes] = await Promise.all([
        model
          .find({ ...own, state: { $in: [...SHOWN] } })
          .sort(latest)
          .limit(limit)
          .lean<BookingRow[]>(),
        model
          .find({ ...own, state: 'cancelled' })
          .sort(latest)
          .limit(MOST_CANCELLED)
          .lean<BookingRow[]>(),
      ]);
      return [...active, ...cancelledOnes]
        .sort((a, b) => b.startsAt.getTime() - a.startsAt.getTime())
        .map(plainBooking);
    },

    /** Those who are expected, or came, in a course's series, in no particular order. */
    async listOfSeries(seriesIds: readonly string[]): Promise<Booking[]> {
      const rows = await model
        .find({ seriesId: { $in: [...seriesIds] }, state: { $in: COMING } })
        .lean<BookingRow[]>();
      return rows.map(plainBooking);
    },

    /** What a person has booked in a course and is not over at `now`, soonest first. */
    upcoming(courseId: string, personId: string, now: Date, limit: number): Promise<readonly Booking[]> {
      const read = async (): Promise<Booking[]> => {
        // Straight to the collection: the front page asks at every launch, and there is nothing to cast.
        const rows = model.collection as unknown as mongo.Collection<Omit<BookingRow, '_id'>>;
        const found = await rows
          .find({
            kind: 'booking',
            courseId,
            personIds: personId,
            state: { $in: [...COMING] },
            endsAt: { $gt: now },
          } as object)
          .sort({ startsAt: 1, _id: 1 })
          .limit(limit)
          .toArray();
        return found.map((row) => plainBooking(row as BookingRow));
      };
      return coming.get(`${courseId} ${personId}`, read, {
        variant: String(limit),
        at: now.getTime(),
        until: (found) => Math.min(...found.map(({ endsAt }) => endsAt.getTime())),
      });
    },
  };
}
