import { Types, type Connection } from 'mongoose';
import { emitting, newEvent, NOTHING_WAITS, type AnyModel } from '../../../infra/events/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import { kindOfClaim } from '../../schedule/index.js';
import type { Cancellation } from '../series/series-settings.js';
import { bookingsModel, COMING, plainBooking, type Booking, type BookingRow } from './booking-row.store.js';
import { ALIVE, createBookingsFinding } from './bookings-finding.store.js';
import { createBookingsLists } from './bookings-lists.store.js';
import {
  bookingApproved,
  bookingCancelled,
  bookingCreated,
  bookingTeacherChanged,
  seatLeft,
} from './bookings.events.js';

export type { Taken } from './bookings-finding.store.js';
export { COMING, SEATED, type Booking, type BookingState, type MovedFrom } from './booking-row.store.js';

export type NewBooking = Omit<
  Booking,
  'state' | 'cancellation' | 'movedFrom' | 'tellOnly' | 'offeredUntil'
> & { readonly requestKey?: string | undefined };

/** What a cancelled booking looks like, and the word of it. */
export const cancelled = (cancellation: Cancellation) =>
  emitting(
    {
      $set: { state: 'cancelled' as const, cancellation, offeredUntil: null },
      $unset: { claims: 1 as const, moving: 1 as const, unfinishedAt: 1 as const },
    },
    newEvent(bookingCancelled, { side: cancellation.side }, { at: cancellation.at }),
  );

export function createBookingsStore(connection: Connection) {
  const model = bookingsModel(connection);
  const optional = (row: BookingRow | null): Booking | null => row && plainBooking(row);

  return {
    ...createBookingsFinding(connection),
    ...createBookingsLists(connection),

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

    /** Makes a pending booking stand, with its event. Returns null if it was taken back. */
    async confirm(
      id: string,
      state: 'booked' | 'requested',
      side: 'student' | 'teacher',
      at: Date,
    ): Promise<Booking | null> {
      const event = newEvent(bookingCreated, { side, state }, { at });
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, state: 'pending' },
            emitting({ $set: { state }, $unset: { unfinishedAt: 1 } }, event),
            { returnDocument: 'after' },
          )
          .lean<BookingRow>(),
      );
    },

    /** Undoes an insert that is not visible to others yet. */
    async takeBack(id: string): Promise<void> {
      await model.deleteOne({ _id: id, state: 'pending', ...NOTHING_WAITS });
    },

    /** Cancels, and frees all that is held, in one write. Returns null if it was cancelled before. */
    async cancel(courseId: string, id: string, cancellation: Cancellation): Promise<Booking | null> {
      return optional(
        await model
          .findOneAndUpdate({ _id: id, courseId, state: { $in: [...ALIVE] } }, cancelled(cancellation), {
            returnDocument: 'after',
          })
          .lean<BookingRow>(),
      );
    },

    /** Takes one of several people out of a booking. Returns null unless it is as it was. */
    async leave({ id, personIds, state }: Booking, leaving: string, ids: readonly string[], at: Date) {
      const before = await model.findOne({ _id: id, state }).lean<BookingRow>();
      if (before?.claims === undefined || !before.personIds.includes(leaving)) return null;
      const seat = before.claims.find((claim) => kindOfClaim(claim) === 'seat');
      const gone = new Set(ids);
      const claims = before.claims.filter(
        (claim) => claim !== seat && !claim.split(':').some((part) => gone.has(part)),
      );
      const left = personIds.filter((personId) => personId !== leaving);
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, state, claims: before.claims, personIds: before.personIds },
            emitting(
              { $set: { personIds: left, personId: left[0] ?? leaving, claims } },
              newEvent(seatLeft, {}, { at }),
            ),
            { returnDocument: 'after' },
          )
          .lean<BookingRow>(),
      );
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
     * Cancels all that is held or waited for of a slot: one booking and its event at a time, so that it can be repeated.
     * A booking that is on its way to the slot goes back to where it was.
     */
    async cancelAll(slotId: string, cancellation: Cancellation): Promise<void> {
      const coming = await model.find({ 'moving.slotId': slotId }).lean<BookingRow[]>();
      for (const { _id, moving } of coming) {
        if (moving === undefined) continue;
        await model.updateOne(
          { _id, 'moving.token': moving.token },
          { $set: { claims: [...moving.claims] }, $unset: { moving: 1, unfinishedAt: 1 } },
        );
      }
      const alive = await model
        .find({ slotId, state: { $in: [...ALIVE] } })
        .select({ _id: 1 })
        .lean<BookingRow[]>();
      for (const { _id } of alive)
        await model.updateOne({ _id, slotId, state: { $in: [...ALIVE] } }, cancelled(cancellation));
    },

    /** Ends an offer whose time is over; the person is off the waiting list. */
    async expireOffer(id: string, now: Date): Promise<void> {
      const cancellation = { at: now, by: '', side: 'student', reason: '' } as const;
      await model.updateOne(
        { _id: id, state: 'offered', offeredUntil: { $lte: now } },
        cancelled(cancellation),
      );
    },

    /** Gives up the claims of a limit that count only while a booking is not over. */
    async releaseOver(claims: readonly string[], now: Date): Promise<void> {
      if (claims.length === 0) return;
      await model.updateMany(
        { claims: { $in: [...claims] }, endsAt: { $lte: now } },
        { $pull: { claims: { $in: [...claims] } } },
      );
    },

    /** Emits for each active booking of a slot that another teacher holds it. */
    async noteTeacherChanged(slotId: string, at: Date): Promise<void> {
      const booked = await model
        .find({ slotId, state: { $in: COMING } })
        .select({ _id: 1 })
        .lean<BookingRow[]>();
      for (const { _id } of booked) {
        await model.updateOne(
          { _id, state: { $in: COMING } },
          emitting({}, newEvent(bookingTeacherChanged, {}, { at })),
        );
      }
    },
  };
}

export type BookingsStore = ReturnType<typeof createBookingsStore>;
