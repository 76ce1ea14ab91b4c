import { Schema, type Connection, type Types } from 'mongoose';
import { withMark } from '../../../infra/events/index.js';
import { timeModel, type Interval, type TimeRow } from '../../schedule/index.js';
import type { Cancellation } from '../series/series-settings.js';

/**
 * `pending`: written, and the slot not looked at again yet. `waiting`: on the waiting list of a full slot, or for word of
 * a free seat; holds nothing. `offered`: a seat is held for someone of the waiting list until `offeredUntil`.
 * `requested`: held, and waits for the teacher's yes.
 */
export type BookingState = 'pending' | 'waiting' | 'offered' | 'requested' | 'booked' | 'cancelled';

/** States in which a seat is held. */
export const SEATED: readonly BookingState[] = ['pending', 'offered', 'requested', 'booked'];
/** States in which people are expected to come. */
export const COMING: readonly BookingState[] = ['requested', 'booked'];

/** Where a booking was before it was moved. */
export interface MovedFrom {
  readonly slotId: string;
  readonly startsAt: Date;
  readonly at: Date;
  /** Person id. */
  readonly by: string;
  readonly side: 'student' | 'teacher';
}

export interface Booking extends Interval {
  readonly id: string;
  readonly courseId: string;
  readonly slotId: string;
  readonly seriesId: string;
  /** Person id of the student who speaks for the booking. */
  readonly personId: string;
  /** Everyone who comes: the student, and those booked together with them. */
  readonly personIds: readonly string[];
  /** What the student wants to talk about; may be empty. */
  readonly question: string;
  /** Ids of the files that the student gave with it (infra/files). */
  readonly files: readonly string[];
  /** `<kind>-<id>` of what it is about beside the question; absent: nothing. */
  readonly topic?: string;
  readonly state: BookingState;
  readonly bookedAt: Date;
  /** Person id of who booked: the student, or a teacher for them. */
  readonly bookedBy: string;
  readonly cancellation: Cancellation | null;
  readonly movedFrom: MovedFrom | null;
  /** Of the waiting list: only wants word of a free seat. */
  readonly tellOnly: boolean;
  readonly offeredUntil: Date | null;
  /** Of the waiting list: no seat was ever taken, so that nothing is booked or cancelled. */
  readonly onlyWaited: boolean;
  /** When the event of its last change of place was emitted. */
  readonly placeToldAt?: Date;
}

/** A move under way: the claims of both slots are held, so that neither seat can be lost. */
export interface Moving {
  readonly token: string;
  readonly slotId: string;
  /** The claims to go back to. */
  readonly claims: readonly string[];
}

export interface BookingRow extends Omit<Booking, 'id' | 'personIds' | 'files' | 'onlyWaited'>, TimeRow {
  _id: Types.ObjectId;
  personIds: string[];
  /** Absent where there are none. */
  files?: string[];
  moving?: Moving;
  /** Absent in what is booked. */
  onlyWaited?: boolean;
  /** As `placeToldAt`, of a change of teacher. */
  teacherToldAt?: Date;
  /** The mark that makes a job look whether a booking, an offer or a move was left unfinished. */
  unfinishedAt?: Date;
}

export const BOOKING_MARK = 'unfinishedAt';

const schema = new Schema<BookingRow>({
  courseId: { type: String, required: true },
  slotId: { type: String, required: true },
  seriesId: { type: String, required: true },
  personId: { type: String, required: true },
  personIds: { type: [String], required: true },
  question: { type: String, default: '' },
  files: { type: [String], default: undefined },
  topic: { type: String },
  state: { type: String, required: true },
  bookedAt: { type: Date, required: true },
  bookedBy: { type: String, default: '' },
  cancellation: {
    type: new Schema<Cancellation>({ at: Date, by: String, side: String, reason: String }, { _id: false }),
    default: null,
  },
  movedFrom: {
    type: new Schema<MovedFrom>(
      { slotId: String, startsAt: Date, at: Date, by: String, side: String },
      { _id: false },
    ),
    default: null,
  },
  tellOnly: { type: Boolean, default: false },
  offeredUntil: { type: Date, default: null },
  onlyWaited: { type: Boolean },
  teacherToldAt: { type: Date },
  placeToldAt: { type: Date },
  moving: {
    type: new Schema<Moving>({ token: String, slotId: String, claims: [String] }, { _id: false }),
    default: undefined,
  },
});
schema.plugin(withMark(BOOKING_MARK));
schema.index({ slotId: 1, state: 1 }, { sparse: true });
schema.index({ 'moving.slotId': 1 }, { sparse: true });
schema.index({ kind: 1, courseId: 1, personIds: 1, startsAt: 1 });
// What is active is found past any number of cancelled bookings.
schema.index({ kind: 1, courseId: 1, personIds: 1, state: 1, startsAt: 1 });
schema.index({ kind: 1, seriesId: 1, state: 1 });
schema.index({ kind: 1, state: 1, startsAt: 1 });
schema.index({ kind: 1, personIds: 1, state: 1, startsAt: 1 });
schema.index({ kind: 1, personIds: 1, startsAt: 1 });

export const bookingsModel = (connection: Connection) =>
  timeModel<BookingRow>(connection, { name: 'ConsultationBooking', kind: 'booking' }, schema);

/** Leaves out what only the database needs. */
export function plainBooking(row: BookingRow): Booking {
  const { _id, courseId, slotId, seriesId, personId, startsAt, endsAt, question, state, bookedAt } = row;
  return {
    id: _id.toString(),
    ...{ courseId, slotId, seriesId, personId, startsAt, endsAt, question, state, bookedAt },
    ...(row.topic !== undefined && { topic: row.topic }),
    personIds: [...row.personIds],
    files: [...(row.files ?? [])],
    bookedBy: row.bookedBy || personId,
    cancellation: row.cancellation && { ...row.cancellation },
    movedFrom: row.movedFrom ? { ...row.movedFrom } : null,
    tellOnly: row.tellOnly,
    offeredUntil: row.offeredUntil ?? null,
    onlyWaited: row.onlyWaited ?? false,
    ...(row.placeToldAt && { placeToldAt: row.placeToldAt }),
  };
}
