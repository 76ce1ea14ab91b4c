import { Schema, type Connection, type Types } from 'mongoose';
import { withMark } from '../../../infra/events/index.js';
import { timeModel, type TimeRow } from '../../schedule/index.js';
import type { Cancellation } from '../series/series-settings.js';
import type { Span } from './intervals.js';

/**
 * `closing`: being removed unless booked; takes no bookings meanwhile.
 * `removed`: removed without bookings. `cancelled`: with a reason, for those who had booked.
 */
export type SlotState = 'open' | 'closing' | 'removed' | 'cancelled';

export interface Slot extends Span {
  readonly id: string;
  readonly courseId: string;
  readonly seriesId: string;
  /** Person id. */
  readonly teacherId: string;
  /** The room whose time the slot claims; '' for none. */
  readonly roomId: string;
  /** Where it takes place, if not where the series says; may be empty. */
  readonly place: string;
  readonly state: SlotState;
  /** How it was removed or cancelled, or is being. */
  readonly cancellation: Cancellation | null;
  /** Rises with every change of state or time. */
  readonly version: number;
  /** Where it was before it was moved, and why it was; null while it is where it was planned. */
  readonly movedFrom: SlotMove | null;
  /** When it was last given to another teacher, and to another place; absent: never. */
  readonly teacherChangedAt?: Date;
  readonly placeChangedAt?: Date;
}

/** The move of a slot to another time. */
export interface SlotMove {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly at: Date;
  /** Person id. */
  readonly by: string;
  readonly reason: string;
}

export interface StoredSlot extends TimeRow {
  courseId: string;
  seriesId: string;
  teacherId: string;
  startsAt: Date;
  endsAt: Date;
  roomId?: string;
  place?: string;
  state: SlotState;
  cancellation: Cancellation | null;
  version: number;
  movedFrom: SlotMove | null;
  teacherChangedAt?: Date;
  placeChangedAt?: Date;
  /** The mark that makes the job look whether work on this slot was left unfinished. */
  settleAt?: Date;
}

export const SLOT_MARK = 'settleAt';

const schema = new Schema<StoredSlot>({
  courseId: { type: String, required: true },
  seriesId: { type: String, required: true },
  teacherId: { type: String, required: true },
  roomId: { type: String },
  place: { type: String },
  state: { type: String, required: true },
  cancellation: {
    type: new Schema<Cancellation>({ at: Date, by: String, side: String, reason: String }, { _id: false }),
    default: null,
  },
  version: { type: Number, default: 1 },
  movedFrom: {
    type: new Schema<SlotMove>(
      { startsAt: Date, endsAt: Date, at: Date, by: String, reason: String },
      { _id: false },
    ),
    default: null,
  },
  teacherChangedAt: { type: Date },
  placeChangedAt: { type: Date },
});
// With _id, so that a page is read in its order and no further.
schema.index({ kind: 1, courseId: 1, startsAt: 1, _id: 1 });
schema.index({ kind: 1, teacherId: 1, startsAt: 1, _id: 1 });
schema.index({ kind: 1, seriesId: 1, startsAt: 1, _id: 1 });
schema.index({ kind: 1, startsAt: 1 });
schema.index({ roomId: 1 }, { sparse: true });
schema.plugin(withMark(SLOT_MARK));

/** A slot as it is stored. */
export type SlotRow = StoredSlot & { _id: Types.ObjectId };

export const slotsModel = (connection: Connection) =>
  timeModel<StoredSlot>(connection, { name: 'ConsultationSlot', kind: 'slot' }, schema);

/** Leaves out what only the database needs. */
export function plainSlot(row: SlotRow): Slot {
  const { _id, courseId, seriesId, teacherId, startsAt, endsAt, state, cancellation, version } = row;
  return {
    ...{ courseId, seriesId, teacherId, startsAt, endsAt, state, version },
    cancellation: cancellation && { ...cancellation },
    // Absent in slots without a room of their own.
    roomId: row.roomId ?? '',
    place: row.place ?? '',
    movedFrom: row.movedFrom ? { ...row.movedFrom } : null,
    ...(row.teacherChangedAt && { teacherChangedAt: row.teacherChangedAt }),
    ...(row.placeChangedAt && { placeChangedAt: row.placeChangedAt }),
    id: _id.toString(),
  };
}
