import { Types, type Connection } from 'mongoose';
import { emitting, newEvent } from '../../../infra/events/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import { waitingClaim } from '../../schedule/index.js';
import { bookingsModel, plainBooking, type Booking, type BookingRow } from './booking-row.store.js';
import { bookingCreated, seatFreed, seatOffered } from './bookings.events.js';

export type NewWaiting = Pick<
  Booking,
  | 'courseId'
  | 'slotId'
  | 'seriesId'
  | 'personId'
  | 'startsAt'
  | 'endsAt'
  | 'tellOnly'
  | 'bookedAt'
  | 'question'
>;

export interface WaitingStore {
  /** Puts a person at the end of a slot's list, once. */
  join(waiting: NewWaiting): Promise<void>;
  /** Those who wait for a seat of a slot, or for word of one, the first first. */
  list(slotId: string, tellOnly: boolean): Promise<Booking[]>;
  /** Those of a slot who wait, are offered a seat, or want word of one; the first first. */
  listLine(slotId: string): Promise<Booking[]>;
  /** Slots of a series for which someone waits. */
  listSlots(seriesId: string): Promise<string[]>;
  /** Holds a seat for someone who waits. @throws a duplicate key error if it is held */
  offer(id: string, seat: string, until: Date, at: Date): Promise<Booking | null>;
  /** Makes an offer a booking, with everything that it claims. @throws a duplicate key error for a claim that is held */
  accept(
    id: string,
    claims: readonly string[],
    state: 'booked' | 'requested',
    at: Date,
  ): Promise<Booking | null>;
  /** Tells someone of a free seat, once; the person is off the list. */
  tell(id: string, at: Date): Promise<void>;
}

export function createWaitingStore(connection: Connection): WaitingStore {
  const model = bookingsModel(connection);
  const optional = (row: BookingRow | null): Booking | null => row && plainBooking(row);
  return {
    async join(waiting) {
      const { slotId, personId } = waiting;
      try {
        await model.create({
          ...waiting,
          _id: new Types.ObjectId(),
          personIds: [personId],
          bookedBy: personId,
          state: 'waiting',
          onlyWaited: true,
          claims: [waitingClaim(slotId, personId)],
        });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },

    async list(slotId, tellOnly) {
      const rows = await model
        .find({ slotId, state: 'waiting', tellOnly })
        .sort({ bookedAt: 1, _id: 1 })
        .lean<BookingRow[]>();
      return rows.map(plainBooking);
    },

    async listLine(slotId) {
      const rows = await model
        .find({ slotId, state: { $in: ['offered', 'waiting'] } })
        .sort({ bookedAt: 1, _id: 1 })
        .lean<BookingRow[]>();
      return rows.map(plainBooking);
    },

    async listSlots(seriesId) {
      const rows = await model
        .find({ seriesId, state: 'waiting' })
        .select({ slotId: 1 })
        .lean<BookingRow[]>();
      return [...new Set(rows.map(({ slotId }) => slotId))];
    },

    async offer(id, seat, until, at) {
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, state: 'waiting', tellOnly: false },
            emitting(
              { $set: { state: 'offered', offeredUntil: until, unfinishedAt: until, claims: [seat] } },
              newEvent(seatOffered, {}, { at }),
            ),
            { returnDocument: 'after' },
          )
          .lean<BookingRow>(),
      );
    },

    async accept(id, claims, state, at) {
      const event = newEvent(bookingCreated, { side: 'student', state }, { at });
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, state: 'offered', offeredUntil: { $gt: at } },
            emitting(
              {
                $set: { state, claims: [...claims], bookedAt: at, offeredUntil: null },
                $unset: { unfinishedAt: 1, onlyWaited: 1 },
              },
              event,
            ),
            { returnDocument: 'after' },
          )
          .lean<BookingRow>(),
      );
    },

    async tell(id, at) {
      await model.updateOne(
        { _id: id, state: 'waiting', tellOnly: true },
        emitting(
          {
            $set: { state: 'cancelled', cancellation: { at, by: '', side: 'student', reason: '' } },
            $unset: { claims: 1 },
          },
          newEvent(seatFreed, {}, { at }),
        ),
      );
    },
  };
}
