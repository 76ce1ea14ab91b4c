import { Types, type Connection } from 'mongoose';
import { emitting, newEvent, NOTHING_WAITS, type AnyModel } from '../../../infra/events/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import { bookingsModel, COMING, plainBooking, type Booking, type BookingRow } from './booking-row.store.js';
import { createBookingsCancelling } from './bookings-cancelling.store.js';
import { createBookingsFinding } from './bookings-finding.store.js';
import { createBookingsLists } from './bookings-lists.store.js';
import {
  bookingApproved,
  bookingCreated,
  bookingPlaceChanged,
  bookingTeacherChanged,
} from './bookings.events.js';

export type { Counted, CountedWithin, Taken } from './bookings-finding.store.js';
export { COMING, SEATED, type Booking, type BookingState, type MovedFrom } from './booking-row.store.js';

export type NewBooking = Omit<
  Booking,
  'state' | 'cancellation' | 'movedFrom' | 'tellOnly' | 'offeredUntil' | 'onlyWaited'
> & { readonly requestKey?: string | undefined };

export interface Confirmed {
  readonly state: 'booked' | 'requested';
  readonly side: 'student' | 'teacher';
  /** What was held of the claims only until now. */
  readonly locks: readonly string[];
  readonly at: Date;
}

export function createBookingsStore(connection: Connection) {
  const model = bookingsModel(connection);
  const optional = (row: BookingRow | null): Booking | null => row && plainBooking(row);

  return {
    ...createBookingsFinding(connection),
    ...createBookingsLists(connection),
    ...createBookingsCancelling(connection),

    /** Emits events, and has the mark `BOOKING_MARK`. */
    model: model as AnyModel,

    /** A new id of a booking, for its files are stored before it. */
    newId: (): string => new Types.ObjectId().toString(),

    /**
     * Writes a booking that is not visible to others yet.
     * @throws a duplicate key error for a claim that is held
     * @returns the booking; or the one that the same request has made before
     */
    async insert(
      booking: NewBooking,
      claims: readonly string[],
      unfinishedAt: Date,
    ): Promise<{ booking: Booking; repeated: boolean }> {
      const { id, requestKey, personIds, files, ...rest } = booking;
      try {
        const row = await model.create({
          ...rest,
          _id: new Types.ObjectId(id),
          personIds: [...personIds],
          ...(files.length > 0 && { files: [...files] }),
          claims: [...claims],
          ...(requestKey !== undefined && { requestKey }),
          state: 'pending',
          unfinishedAt,
        });
        return { booking: plainBooking(row.toObject()), repeated: false };
      } catch (error) {
        if (!isDuplicateKey(error) || requestKey === undefined) throw error;
        const made = await model.findOne({ requestKey }).lean<BookingRow>();
        if (made === null) throw error;
        return { booking: plainBooking(made), repeated: true };
      }
    },

    /** Makes a pending booking stand, with its event, and gives up its locks. Returns null if it was taken back. */
    async confirm(id: string, { state, side, locks, at }: Confirmed): Promise<Booking | null> {
      const event = newEvent(bookingCreated, { side, state }, { at });
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, state: 'pending' },
            emitting(
              {
                ...{ $set: { state }, $unset: { unfinishedAt: 1 } },
                ...(locks.length > 0 && { $pull: { claims: { $in: [...locks] } } }),
              },
              event,
            ),
            { returnDocument: 'after' },
          )
          .lean<BookingRow>(),
      );
    },

    /** Undoes an insert that is not visible to others yet. Returns false if it is not there, or moves with its slot. */
    async takeBack(id: string): Promise<boolean> {
      const { deletedCount } = await model.deleteOne({ _id: id, state: 'pending', ...NOTHING_WAITS });
      return deletedCount > 0;
    },

    async approve(courseId: string, id: string, at: Date): Promise<Booking | null> {
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, courseId, state: 'requested' },
            emitting({ $set: { state: 'booked' } }, newEvent(bookingApproved, {}, { at })),
            { returnDocument: 'after' },
          )
          .lean<BookingRow>(),
      );
    },

    /**
     * Emits for each active booking of a slot that another teacher holds it, or that it takes place elsewhere; once for
     * each moment of a change, so it may be done again.
     */
    async noteChanged(slotId: string, what: 'teacher' | 'place', at: Date): Promise<void> {
      const field = `${what}ToldAt` as const;
      // Who has booked since knows it.
      const untold = { state: { $in: COMING }, bookedAt: { $lte: at }, [field]: { $not: { $gte: at } } };
      const type = what === 'teacher' ? bookingTeacherChanged : bookingPlaceChanged;
      const booked = await model
        .find({ slotId, ...untold })
        .select({ _id: 1 })
        .lean<BookingRow[]>();
      for (const { _id } of booked) {
        const event = newEvent(type, {}, { at });
        await model.updateOne({ _id, ...untold }, emitting({ $set: { [field]: at } }, event));
      }
    },
  };
}

export type BookingsStore = ReturnType<typeof createBookingsStore>;
