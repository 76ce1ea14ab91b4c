import type { Connection, mongo } from 'mongoose';
import { emitting, newEvent, NOTHING_WAITS, type AnyModel } from '../../../infra/events/index.js';
import { isDuplicateKey, keepReads } from '../../../storage/index.js';
import { kindOfClaim } from '../../schedule/index.js';
import type { Cancellation } from '../series/series-settings.js';
import {
  bookingsModel,
  COMING,
  plainBooking,
  SEATED,
  type Booking,
  type BookingRow,
  type BookingState,
} from './booking-row.store.js';
import {
  bookingApproved,
  bookingCancelled,
  bookingCreated,
  bookingTeacherChanged,
  seatLeft,
} from './bookings.events.js';

export { COMING, SEATED, type Booking, type BookingState, type MovedFrom } from './booking-row.store.js';

export type NewBooking = Omit<
  Booking,
  'id' | 'state' | 'cancellation' | 'movedFrom' | 'tellOnly' | 'offeredUntil'
> & { readonly requestKey?: string | undefined };

/** What a booking holds of a slot, no more of it than counting needs. */
export interface Taken {
  readonly slotId: string;
  readonly personIds: readonly string[];
  readonly seats: number;
  readonly state: Booking['state'];
}

/** What a cancelled booking looks like, and the word of it. */
export const cancelled = (cancellation: Cancellation) =>
  emitting(
    {
      $set: { state: 'cancelled' as const, cancellation, offeredUntil: null },
      $unset: { claims: 1 as const, moving: 1 as const, unfinishedAt: 1 as const },
    },
    newEvent(bookingCancelled, { side: cancellation.side }, { at: cancellation.at }),
  );

const ALIVE: Booking['state'][] = [...SEATED, 'waiting'];

/** On one list: the rest is history that no page needs. */
const MOST_CANCELLED = 100;
const MOST_CANCELLED_OF_SLOTS = 500;
/** States of a list of one's own. */
const SHOWN: readonly BookingState[] = ['waiting', 'offered', 'requested', 'booked'];

export function createBookingsStore(connection: Connection) {
  const model = bookingsModel(connection);
  const optional = (row: BookingRow | null): Booking | null => row && plainBooking(row);

  const coming = keepReads<readonly Booking[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ kind, courseId, personIds }) =>
      kind === 'booking' && Array.isArray(personIds)
        ? personIds.map((personId) => `${String(courseId)} ${String(personId)}`)
        : [],
  });
  return {
    /** Emits events, and has the mark `BOOKING_MARK`. */
    model: model as AnyModel,

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
      const { requestKey, personIds, ...rest } = booking;
      try {
        const row = await model.create({
          ...rest,
          personIds: [...personIds],
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
          .findOneAndUpdate({ _id: id, courseId, state: { $in: ALIVE } }, cancelled(cancellation), {
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
        .find({ slotId, state: { $in: ALIVE } })
        .select({ _id: 1 })
        .lean<BookingRow[]>();
      for (const { _id } of alive)
        await model.updateOne({ _id, slotId, state: { $in: ALIVE } }, cancelled(cancellation));
    },

    /** Returns the booking that a request has made before. */
    async findByRequest(requestKey: string): Promise<Booking | null> {
      return optional(await model.findOne({ requestKey }).lean<BookingRow>());
    },

    /** Whether someone waits for a seat of a slot. */
    async hasWaiting(slotId: string): Promise<boolean> {
      return (await model.exists({ slotId, state: 'waiting', tellOnly: { $ne: true } })) !== null;
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

    /** Ends an offer whose time is over; the person is off the waiting list. */
    async expireOffer(id: string, now: Date): Promise<void> {
      const cancellation = { at: now, by: '', side: 'student', reason: '' } as const;
      await model.updateOne(
        { _id: id, state: 'offered', offeredUntil: { $lte: now } },
        cancelled(cancellation),
      );
    },

    /** Returns what a person holds of a slot, or waits for. */
    async findOfPerson(slotId: string, personId: string): Promise<Booking | null> {
      const row = await model
        .findOne({ slotId, state: { $in: ALIVE }, personIds: personId })
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

    /** Gives up the claims of a limit that count only while a booking is not over. */
    async releaseOver(claims: readonly string[], now: Date): Promise<void> {
      await model.updateMany(
        { claims: { $in: [...claims] }, endsAt: { $lte: now } },
        { $pull: { claims: { $in: [...claims] } } },
      );
    },

    /** What is held of these slots, and by whom. */
    async taken(slotIds: readonly string[]): Promise<Taken[]> {
      const rows = await model
        .find({ slotId: { $in: slotIds }, state: { $in: SEATED } })
        .select({ slotId: 1, personIds: 1, state: 1 })
        .lean<BookingRow[]>();
      return rows.map(({ slotId, personIds, state }) => ({
        slotId,
        personIds,
        seats: personIds.length,
        state,
      }));
    },

    /** Whether a seat of a slot is held, or about to be. */
    async hasActive(slotId: string): Promise<boolean> {
      return (
        (await model.exists({ slotId, state: { $in: SEATED } })) !== null ||
        (await model.exists({ 'moving.slotId': slotId })) !== null
      );
    },

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
        .filter(({ tellOnly }) => !tellOnly)
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
      return rows.filter(({ tellOnly }) => !tellOnly).map(plainBooking);
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
      return rows.filter(({ tellOnly }) => !tellOnly).map(plainBooking);
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

    /**
     * What a person has booked or waits for in a course, latest consultation first; the latest of cancelled ones too.
     * However many were cancelled, none of the others is missing.
     */
    async ofPerson(courseId: string, personId: string, limit: number): Promise<Booking[]> {
      const own = { courseId, personIds: personId };
      const latest = { startsAt: -1 } as const;
      const [active, cancelledOnes] = await Promise.all([
        model
          .find({ ...own, state: { $in: SHOWN } })
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

    /** How many a person holds or waits for in a course and are not over, up to a limit. */
    async countActive(courseId: string, personId: string, now: Date, limit: number): Promise<number> {
      const rows = await model
        .find({ courseId, personIds: personId, state: { $in: SHOWN }, endsAt: { $gt: now } })
        .select({ _id: 1 })
        .limit(limit)
        .lean();
      return rows.length;
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

export type BookingsStore = ReturnType<typeof createBookingsStore>;
