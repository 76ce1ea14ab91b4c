import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import { modelOf } from '../../../storage/index.js';
import { z } from 'zod';
import {
  defineEvent,
  emitting,
  newEvent,
  withEvents,
  type EmittingRow,
} from '../../../infra/events/index.js';
import { unlessTaken } from '../series/duplicate.store.js';
import type { Span } from '../slots/intervals.js';
import type { Cancellation } from '../series/series-settings.js';

export interface Booking extends Span {
  readonly id: string;
  readonly courseId: string;
  readonly slotId: string;
  readonly seriesId: string;
  /** Person id of the student. */
  readonly personId: string;
  /** What the student wants to talk about; may be empty. */
  readonly question: string;
  readonly state: 'booked' | 'cancelled';
  readonly bookedAt: Date;
  readonly cancellation: Cancellation | null;
}

export type NewBooking = Omit<Booking, 'id' | 'state' | 'cancellation'>;

/** A booking was cancelled; the event's document is the booking. */
export const bookingCancelled = defineEvent(
  'booking.cancelled',
  z.object({ side: z.enum(['student', 'teacher']) }),
);

/** A booking stands; the event's document is the booking. */
export const bookingCreated = defineEvent('booking.created', z.object({}));

interface Row extends Omit<Booking, 'id'>, EmittingRow {
  /**
   * `<slot id>:<number of the seat>`, gone when the booking is cancelled. The unique index gives a seat to one.
   */
  seat?: string;
  /**
   * `<person id>:<five minutes>` for the time the booking takes, gone when it is cancelled. The unique index
   * keeps a person from overlapping bookings in all courses, and so from booking one slot twice.
   */
  occupied?: string[];
}

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    slotId: { type: String, required: true },
    seriesId: { type: String, required: true },
    personId: { type: String, required: true },
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    question: { type: String, default: '' },
    state: { type: String, required: true },
    bookedAt: { type: Date, required: true },
    cancellation: {
      type: new Schema<Cancellation>({ at: Date, by: String, side: String, reason: String }, { _id: false }),
      default: null,
    },
    seat: { type: String },
    occupied: { type: [String], default: undefined },
  },
  { collection: 'consultation_bookings', versionKey: false },
);
schema.plugin(withEvents);
schema.index({ seat: 1 }, { unique: true, sparse: true });
schema.index({ occupied: 1 }, { unique: true, sparse: true });
schema.index({ slotId: 1, state: 1 });
schema.index({ courseId: 1, personId: 1, startsAt: 1 });
schema.index({ state: 1, startsAt: 1 });
schema.index({ personId: 1, state: 1, startsAt: 1 });

type Found = Row & { _id: Types.ObjectId };

/** A booking as it is stored. */
export type BookingRow = Found;
export const bookingsModel = (connection: Connection) => modelOf(connection, 'ConsultationBooking', schema);

function plain(row: Found): Booking {
  const {
    _id,
    seat: _seat,
    occupied: _occupied,
    events: _events,
    eventsAt: _at,
    cancellation,
    ...rest
  } = row;
  return { ...rest, cancellation: cancellation && { ...cancellation }, id: _id.toString() };
}

const seatKey = (slotId: string, seat: number): string => `${slotId}:${seat}`;

/** An active booking, no more of it than counting needs. */
export interface Taken {
  readonly slotId: string;
  readonly personId: string;
  readonly seat: number;
}

export function createBookingsStore(connection: Connection) {
  const model = bookingsModel(connection);
  const closed = (cancellation: Cancellation) => {
    const { side, at } = cancellation;
    return emitting(
      {
        $set: { state: 'cancelled' as const, cancellation },
        $unset: { seat: 1 as const, occupied: 1 as const },
      },
      newEvent(bookingCancelled, { side }, { at }),
    );
  };

  return {
    model,

    /**
     * Takes a seat for a person: one insert that either holds both seat and time, or changes nothing.
     * @param seat from 0 up to, and without, the capacity
     * @param occupied the keys of the person's time
     * @returns the booking; `seat` if the seat is taken; `occupied` if the person's time is taken
     */
    async claimSeat(
      booking: NewBooking,
      seat: number,
      occupied: string[],
    ): Promise<Booking | 'seat' | 'occupied'> {
      const row: Row = {
        ...booking,
        state: 'booked',
        cancellation: null,
        seat: seatKey(booking.slotId, seat),
        occupied,
      };
      const result = await unlessTaken(() => model.create(row), ['seat', 'occupied']);
      return 'taken' in result ? result.taken : plain(result.value.toObject());
    },

    /** Tells others of a booking that stands now. */
    async announce(id: string, at: Date): Promise<void> {
      await model.updateOne({ _id: id, state: 'booked' }, emitting({}, newEvent(bookingCreated, {}, { at })));
    },

    /** Undoes an insert that is not visible to others yet. */
    async takeBack(id: string): Promise<void> {
      await model.deleteOne({ _id: id, state: 'booked' });
    },

    /** Cancels, and frees seat and time, in one write. @returns null when it was not booked any more */
    async cancel(courseId: string, id: string, cancellation: Cancellation): Promise<Booking | null> {
      const row = await model
        .findOneAndUpdate({ _id: id, courseId, state: 'booked' }, closed(cancellation), {
          returnDocument: 'after',
        })
        .lean<Found>();
      return row && plain(row);
    },

    /** Cancels all that is booked of a slot: one booking and its event at a time, so that it can be repeated. */
    async cancelAll(slotId: string, cancellation: Cancellation): Promise<void> {
      const booked = await model.find({ slotId, state: 'booked' }).select({ _id: 1 }).lean<Found[]>();
      for (const { _id } of booked) await model.updateOne({ _id, state: 'booked' }, closed(cancellation));
    },

    async findOptional(courseId: string, id: string): Promise<Booking | null> {
      const row = await model.findOne({ _id: id, courseId }).lean<Found>();
      return row && plain(row);
    },

    /** Returns the active booking of any course that holds one of these times. */
    async holding(occupied: readonly string[]): Promise<Booking | null> {
      const row = await model.findOne({ occupied: { $in: occupied } }).lean<Found>();
      return row && plain(row);
    },

    /** Which seats of these slots are taken, and by whom. */
    async taken(slotIds: readonly string[]): Promise<Taken[]> {
      const rows = await model
        .find({ slotId: { $in: slotIds }, state: 'booked' })
        .select({ slotId: 1, personId: 1, seat: 1 })
        .lean<Found[]>();
      return rows.map(({ slotId, personId, seat }) => ({
        slotId,
        personId,
        seat: Number(seat?.slice(slotId.length + 1)),
      }));
    },

    async hasActive(slotId: string): Promise<boolean> {
      return (await model.exists({ slotId, state: 'booked' })) !== null;
    },

    /** Of these slots, in the order of booking; cancelled ones too. */
    async ofSlots(courseId: string, slotIds: readonly string[]): Promise<Booking[]> {
      const rows = await model
        .find({ courseId, slotId: { $in: slotIds } })
        .sort({ bookedAt: 1, _id: 1 })
        .lean<Found[]>();
      return rows.map(plain);
    },

    /** Everything a person has booked in a course, latest consultation first; cancelled ones too. */
    async ofPerson(courseId: string, personId: string, limit: number): Promise<Booking[]> {
      const rows = await model
        .find({ courseId, personId })
        .sort({ startsAt: -1, _id: 1 })
        .limit(limit)
        .lean<Found[]>();
      return rows.map(plain);
    },

    /** What a person has booked in a course and is not over at `now`, soonest first. */
    async upcoming(courseId: string, personId: string, now: Date, limit: number): Promise<Booking[]> {
      // Straight to the collection: the front page asks at every launch, and there is nothing to cast.
      const rows = model.collection as unknown as mongo.Collection<Omit<Found, '_id'>>;
      const found = await rows
        .find({ courseId, personId, state: 'booked', endsAt: { $gt: now } })
        .sort({ startsAt: 1, _id: 1 })
        .limit(limit)
        .toArray();
      return found.map(plain);
    },
  };
}

export type BookingsStore = ReturnType<typeof createBookingsStore>;
