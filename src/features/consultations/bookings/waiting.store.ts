import { Types, type Connection } from 'mongoose';
import { emitting, newEvent } from '../../../infra/events/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import { kindOfClaim, waitingClaim } from '../../schedule/index.js';
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

export interface Hold {
  /** What the offer holds now. */
  readonly own: readonly string[];
  readonly claims: readonly string[];
  readonly at: Date;
  /** A killed request's hold is given up then. */
  readonly unfinishedAt: Date;
}

export interface Accepted {
  /** What is held now. */
  readonly held: readonly string[];
  /** What the booking is to hold. */
  readonly claims: readonly string[];
  readonly state: 'booked' | 'requested';
  readonly at: Date;
}

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
  /**
   * Holds everything that the booking of an offer is to claim, beside its seat, while its limits are counted.
   * @returns false if the offer is over, or another request holds it
   * @throws a duplicate key error for a claim that is held
   */
  hold(id: string, hold: Hold): Promise<boolean>;
  /** Goes back from what is held to the seat. Returns false if the offer is not held any more. */
  letGo(id: string): Promise<boolean>;
  /** Makes an offer that is held a booking. Returns null if it is over, or not held any more. */
  accept(id: string, accepted: Accepted): Promise<Booking | null>;
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

    async hold(id, { own, claims, at, unfinishedAt }) {
      const { matchedCount } = await model.updateOne(
        { _id: id, state: 'offered', offeredUntil: { $gt: at }, claims: [...own] },
        { $set: { claims: [...claims], unfinishedAt } },
      );
      return matchedCount > 0;
    },

    async letGo(id) {
      const row = await model.findOne({ _id: id, state: 'offered' }).lean<BookingRow>();
      if (row?.claims === undefined) return false;
      const { claims, offeredUntil } = row;
      const { matchedCount } = await model.updateOne(
        { _id: id, state: 'offered', claims },
        {
          $set: {
            claims: claims.filter((claim) => kindOfClaim(claim) === 'seat'),
            unfinishedAt: offeredUntil ?? undefined,
          },
        },
      );
      return matchedCount > 0;
    },

    async accept(id, { held, claims, state, at }) {
      const event = newEvent(bookingCreated, { side: 'student', state }, { at });
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, state: 'offered', offeredUntil: { $gt: at }, claims: [...held] },
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
