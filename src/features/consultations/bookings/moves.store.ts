import type { Connection } from 'mongoose';
import { emitting, newEvent } from '../../../infra/events/index.js';
import {
  bookingsModel,
  plainBooking,
  SEATED,
  type Booking,
  type BookingRow,
  type MovedFrom,
} from './booking-row.store.js';
import { bookingMoved } from './bookings.events.js';

export interface BegunMove {
  readonly token: string;
  readonly slotId: string;
  /** What the booking holds now. */
  readonly own: readonly string[];
  /** What it is to hold. */
  readonly claims: readonly string[];
  readonly unfinishedAt: Date;
}

export interface FinishedMove extends Pick<Booking, 'slotId' | 'seriesId' | 'startsAt' | 'endsAt' | 'state'> {
  readonly claims: readonly string[];
  readonly movedFrom: MovedFrom;
}

/** The time to which a slot was moved. */
export interface NewTime {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly by: string;
  readonly at: Date;
}

export interface MovesStore {
  /** Holds the claims of both slots. Returns false when the booking is not as it was. */
  begin(booking: Booking, move: BegunMove): Promise<boolean>;
  /** Goes back to what the booking held. Returns false if the move is not under way any more. */
  giveUp(id: string, token: string): Promise<boolean>;
  /** Gives up the old claims, with the event. Returns null when the booking was cancelled, or the move given up. */
  finish(id: string, token: string, move: FinishedMove): Promise<Booking | null>;
  /**
   * Holds locks beside what the booking holds.
   * @param claims what it holds now, and the locks
   * @returns false when the booking is not as it was
   * @throws a duplicate key error for a lock that is held
   */
  takeLocks(booking: Booking, own: readonly string[], claims: readonly string[]): Promise<boolean>;
  /** Returns the bookings of a slot that stand at another time than it. */
  listBehind(slotId: string, startsAt: Date): Promise<Booking[]>;
  /**
   * Moves a booking with its slot, in one write.
   * @param own what it holds now
   * @param claims what it is to hold
   * @returns false when the booking is not as it was
   * @throws a duplicate key error for a claim that is held
   */
  follow(
    booking: Booking,
    time: NewTime,
    { own, claims }: { readonly own: readonly string[]; readonly claims: readonly string[] },
  ): Promise<boolean>;
}

export function createMovesStore(connection: Connection): MovesStore {
  const model = bookingsModel(connection);
  return {
    async begin({ id, slotId, state }, move) {
      const { matchedCount } = await model.updateOne(
        { _id: id, slotId, state, claims: [...move.own], moving: { $exists: false } },
        {
          $set: {
            claims: [...new Set([...move.own, ...move.claims])],
            moving: { token: move.token, slotId: move.slotId, claims: [...move.own] },
            unfinishedAt: move.unfinishedAt,
          },
        },
      );
      return matchedCount > 0;
    },

    async giveUp(id, token) {
      const row = await model.findOne({ _id: id, 'moving.token': token }).lean<BookingRow>();
      if (row?.moving === undefined) return false;
      const { matchedCount } = await model.updateOne(
        { _id: id, 'moving.token': token },
        { $set: { claims: [...row.moving.claims] }, $unset: { moving: 1, unfinishedAt: 1 } },
      );
      return matchedCount > 0;
    },

    async finish(id, token, { claims, movedFrom, ...rest }) {
      const event = newEvent(bookingMoved, { side: movedFrom.side }, { at: movedFrom.at });
      const row = await model
        .findOneAndUpdate(
          { _id: id, 'moving.token': token },
          emitting(
            {
              $set: { ...rest, claims: [...claims], movedFrom },
              $unset: { moving: 1, unfinishedAt: 1 },
            },
            event,
          ),
          { returnDocument: 'after' },
        )
        .lean<BookingRow>();
      return row && plainBooking(row);
    },

    async takeLocks({ id, slotId, state }, own, claims) {
      const { matchedCount } = await model.updateOne(
        { _id: id, slotId, state, claims: [...own] },
        { $set: { claims: [...claims] } },
      );
      return matchedCount > 0;
    },

    async listBehind(slotId, startsAt) {
      const rows = await model
        .find({ slotId, state: { $in: [...SEATED, 'waiting'] }, startsAt: { $ne: startsAt } })
        .lean<BookingRow[]>();
      return rows.map(plainBooking);
    },

    async follow({ id, slotId, state, startsAt: before }, { startsAt, endsAt, by, at }, { own, claims }) {
      const movedFrom: MovedFrom = { slotId, startsAt: before, at, by, side: 'teacher' };
      const change = {
        $set: { startsAt, endsAt, movedFrom, claims: [...claims] },
        // A move to another slot that is under way gives way.
        $unset: { moving: 1 as const },
      };
      const event = newEvent(bookingMoved, { side: 'teacher' }, { at });
      const { matchedCount } = await model.updateOne(
        { _id: id, slotId, state, startsAt: before, claims: [...own] },
        state === 'waiting' ? change : emitting(change, event),
      );
      return matchedCount > 0;
    },
  };
}
