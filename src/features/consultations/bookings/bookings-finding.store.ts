import type { Connection, mongo } from 'mongoose';
import { keepReads } from '../../../storage/index.js';
import type { Interval } from '../../schedule/index.js';
import { bookingsModel, plainBooking, SEATED, type Booking, type BookingRow } from './booking-row.store.js';

/** What a booking holds of a slot, no more of it than counting needs. */
export interface Taken {
  readonly slotId: string;
  readonly personIds: readonly string[];
  readonly seats: number;
  readonly state: Booking['state'];
}

/** A booking that counts in limits. */
export interface Counted extends Interval {
  readonly id: string;
  readonly seriesId: string;
}

/** Of one series, or beginning between two moments. */
export interface CountedWithin {
  readonly seriesId?: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** States of a booking that holds a seat, or waits for one. */
export const ALIVE: readonly Booking['state'][] = [...SEATED, 'waiting'];
/** The same without what is only being written. */
export const SHOWN: readonly Booking['state'][] = ['waiting', 'offered', 'requested', 'booked'];

/** What counts in limits: an offer does once it is accepted. */
const COUNTED: readonly Booking['state'][] = ['pending', 'requested', 'booked'];

/** Finds single bookings, and what is held of slots. */
export function createBookingsFinding(connection: Connection) {
  const model = bookingsModel(connection);
  const optional = (row: BookingRow | null): Booking | null => row && plainBooking(row);
  // Straight to the collection: each booking asks, and there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<BookingRow, '_id'>>;
  const kept = keepReads<readonly Taken[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ kind, slotId }) => (kind === 'booking' ? [String(slotId)] : []),
  });

  const readTaken = async (slotIds: readonly string[]): Promise<Taken[]> => {
    const found = await rows
      .find({ kind: 'booking', slotId: { $in: [...slotIds] }, state: { $in: [...SEATED] } } as object)
      .project<Pick<BookingRow, 'slotId' | 'personIds' | 'state'>>({ slotId: 1, personIds: 1, state: 1 })
      .toArray();
    return found.map(({ slotId, personIds, state }) => ({
      ...{ slotId, personIds, state },
      seats: personIds.length,
    }));
  };

  return {
    /** Returns the booking that a request has made before. */
    async findByRequest(requestKey: string): Promise<Booking | null> {
      return optional(await model.findOne({ requestKey }).lean<BookingRow>());
    },

    /** Whether someone waits for a seat of a slot. */
    async hasWaiting(slotId: string): Promise<boolean> {
      const filter = { kind: 'booking', slotId, state: 'waiting', tellOnly: { $ne: true } };
      return (await rows.findOne(filter as object, { projection: { _id: 1 } })) !== null;
    },

    /** A booking of whatever course. */
    async findAny(id: string): Promise<Booking | null> {
      return optional(await model.findById(id).lean<BookingRow>());
    },

    async findOptional(courseId: string, id: string): Promise<Booking | null> {
      return optional(await model.findOne({ _id: id, courseId }).lean<BookingRow>());
    },

    async findUnfinished(id: string): Promise<{ booking: Booking; movingToken: string | null } | null> {
      const row = await model.findById(id).lean<BookingRow>();
      return row && { booking: plainBooking(row), movingToken: row.moving?.token ?? null };
    },

    /** Returns what a person holds of a slot, or waits for. */
    async findOfPerson(slotId: string, personId: string): Promise<Booking | null> {
      const row = await model
        .findOne({ slotId, state: { $in: [...ALIVE] }, personIds: personId })
        .lean<BookingRow>();
      return optional(row);
    },

    /** Returns the booking of any course that holds this claim. */
    async findHolding(claim: string): Promise<Booking | null> {
      return optional(await model.findOne({ claims: claim }).lean<BookingRow>());
    },

    /** Returns the claims that a booking holds. */
    async claimsOf(id: string): Promise<string[]> {
      return (await model.findById(id).select({ claims: 1 }).lean<BookingRow>())?.claims ?? [];
    },

    /** What is held of these slots, and by whom. */
    taken: readTaken,

    /** What is held of a slot, and by whom. */
    takenOf: (slotId: string): Promise<readonly Taken[]> => kept.get(slotId, () => readTaken([slotId])),

    /** Whether a seat of a slot is held, or about to be. */
    async hasActive(slotId: string): Promise<boolean> {
      return (
        (await model.exists({ slotId, state: { $in: SEATED } })) !== null ||
        (await model.exists({ 'moving.slotId': slotId })) !== null
      );
    },

    /** How many a person holds or waits for in a course and are not over, up to a limit. */
    async countActive(courseId: string, personId: string, now: Date, limit: number): Promise<number> {
      const found = await rows
        .find({
          ...{ kind: 'booking', courseId, personIds: personId },
          ...{ state: { $in: [...SHOWN] }, endsAt: { $gt: now } },
        } as object)
        .project({ _id: 1 })
        .limit(limit)
        .toArray();
      return found.length;
    },

    /** What a person has booked in any course, as far as it counts in limits. */
    async listCounted(
      personIds: readonly string[],
      { seriesId, from, to }: CountedWithin,
    ): Promise<Counted[]> {
      const startsAt = { ...(from && { $gte: from }), ...(to && { $lt: to }) };
      const found = await rows
        .find({
          ...{ kind: 'booking', personIds: { $in: [...personIds] }, state: { $in: [...COUNTED] } },
          ...(seriesId === undefined ? { startsAt } : { seriesId }),
        } as object)
        .project<Pick<BookingRow, '_id' | 'seriesId' | 'startsAt' | 'endsAt'>>({
          ...{ seriesId: 1, startsAt: 1, endsAt: 1 },
        })
        .toArray();
      return found.map(({ _id, ...counted }) => ({ id: String(_id), ...counted }));
    },

    /** Ids of the files of these bookings. */
    async fileIdsOf(ids: readonly string[]): Promise<string[]> {
      const rows = await model
        .find({ _id: { $in: [...ids] } })
        .select({ files: 1 })
        .lean<BookingRow[]>();
      return rows.flatMap(({ files }) => files ?? []);
    },
  };
}
