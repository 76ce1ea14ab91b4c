import type { Connection } from 'mongoose';
import { emitting, newEvent } from '../../../infra/events/index.js';
import { kindOfClaim } from '../../schedule/index.js';
import type { Cancellation } from '../series/series-settings.js';
import { bookingsModel, plainBooking, type Booking, type BookingRow } from './booking-row.store.js';
import { ALIVE } from './bookings-finding.store.js';
import { bookingCancelled, seatLeft } from './bookings.events.js';

/** What a cancelled booking looks like, and the word of it. */
export const cancelled = (cancellation: Cancellation) =>
  emitting(
    {
      $set: { state: 'cancelled' as const, cancellation, offeredUntil: null },
      $unset: { claims: 1 as const, moving: 1 as const, unfinishedAt: 1 as const },
    },
    newEvent(bookingCancelled, { side: cancellation.side }, { at: cancellation.at }),
  );

/** Ends of bookings: cancelled, left by one of several people, an offer or a limit that is over. */
export function createBookingsCancelling(connection: Connection) {
  const model = bookingsModel(connection);
  const optional = (row: BookingRow | null): Booking | null => row && plainBooking(row);

  return {
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
  };
}
