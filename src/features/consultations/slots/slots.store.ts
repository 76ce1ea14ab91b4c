import { Schema, type Connection, type Types } from 'mongoose';
import { withMark, type AnyModel } from '../../../infra/events/index.js';
import { refusedClaim, timeModel, type TimeRow } from '../../schedule/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import type { Span } from './intervals.js';
import type { Cancellation } from '../series/series-settings.js';

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

interface Row extends TimeRow {
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
  /** The mark that makes the job look whether work on this slot was left unfinished. */
  settleAt?: Date;
}

export const SLOT_MARK = 'settleAt';

const schema = new Schema<Row>({
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
});
// With _id, so that a page is read in its order and no further.
schema.index({ kind: 1, courseId: 1, startsAt: 1, _id: 1 });
schema.index({ kind: 1, teacherId: 1, startsAt: 1, _id: 1 });
schema.index({ kind: 1, seriesId: 1, startsAt: 1, _id: 1 });
schema.index({ kind: 1, startsAt: 1 });
schema.index({ roomId: 1 }, { sparse: true });
schema.plugin(withMark(SLOT_MARK));

type Found = Row & { _id: Types.ObjectId };

/** A slot as it is stored. */
export type SlotRow = Found;
export const slotsModel = (connection: Connection) =>
  timeModel<Row>(connection, { name: 'ConsultationSlot', kind: 'slot' }, schema);

function plain(row: Found): Slot {
  const { _id, courseId, seriesId, teacherId, startsAt, endsAt, state, cancellation, version } = row;
  return {
    ...{ courseId, seriesId, teacherId, startsAt, endsAt, state, version },
    cancellation: cancellation && { ...cancellation },
    // Absent in slots without a room of their own.
    roomId: row.roomId ?? '',
    place: row.place ?? '',
    movedFrom: row.movedFrom ? { ...row.movedFrom } : null,
    id: _id.toString(),
  };
}

/** Which slots, in which order of time, and where to begin. */
export interface SlotQuery {
  readonly courseId?: string;
  readonly teacherIds?: readonly string[];
  readonly seriesIds?: readonly string[];
  readonly states: readonly SlotState[];
  /** Slots beginning at or after this moment; at or before it when `backwards`. */
  readonly from: Date;
  readonly backwards?: boolean;
  /** Only those that are over by this moment, or are not. */
  readonly overBy?: Date;
  readonly notOverBy?: Date;
  readonly limit: number;
}

export interface SlotPage {
  readonly slots: Slot[];
  /** Where the next page begins, or null when there is none. */
  readonly next: Date | null;
}

export function createSlotsStore(connection: Connection) {
  const model = slotsModel(connection);
  const optional = (row: Found | null): Slot | null => row && plain(row);
  const change = async (filter: Partial<Row> & { _id: string }, update: object): Promise<Slot | null> =>
    optional(
      await model
        .findOneAndUpdate(filter, { ...update, $inc: { version: 1 } }, { returnDocument: 'after' })
        .lean<Found>(),
    );

  async function page(query: SlotQuery): Promise<SlotPage> {
    const { courseId, teacherIds, seriesIds, states, from, backwards = false, limit } = query;
    const { overBy, notOverBy } = query;
    const rows = await model
      .find({
        ...(courseId !== undefined && { courseId }),
        ...(teacherIds !== undefined && { teacherId: { $in: teacherIds } }),
        ...(seriesIds !== undefined && { seriesId: { $in: seriesIds } }),
        state: { $in: states },
        ...(overBy !== undefined && { endsAt: { $lte: overBy } }),
        ...(notOverBy !== undefined && { endsAt: { $gt: notOverBy } }),
        startsAt: backwards ? { $lte: from } : { $gte: from },
      })
      .sort(backwards ? { startsAt: -1, _id: -1 } : { startsAt: 1, _id: 1 })
      .limit(limit + 1)
      .lean<Found[]>();
    const next = rows[limit]?.startsAt;
    if (next === undefined) return { slots: rows.map(plain), next: null };
    // What begins at one moment stays on one page: then a moment is all that the next page needs to know.
    const whole = rows.filter(({ startsAt }) => startsAt.getTime() !== next.getTime());
    return whole.length === 0 ? page({ ...query, limit: limit * 2 }) : { slots: whole.map(plain), next };
  }

  return {
    /** Has the mark `SLOT_MARK`. */
    model: model as AnyModel,

    /**
     * Makes a slot, once: an existing slot with this id is left unchanged.
     * @param claims of the teacher's time, and the place's
     * @returns false when the time is taken
     */
    async make(
      slot: Omit<Slot, 'state' | 'cancellation' | 'version' | 'movedFrom' | 'place'>,
      claims: string[],
    ): Promise<boolean> {
      const { id, roomId, ...others } = slot;
      const rest = { ...others, ...(roomId !== '' && { roomId }) };
      try {
        await model.create({ ...rest, _id: id, state: 'open', claims });
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // Made before, its own time stands in the way of making it again.
        return (await model.exists({ _id: id })) !== null;
      }
    },

    /**
     * Moves an open slot to another time in one write.
     * @returns the slot; null when it is not as it was; or the claim that is held by another
     */
    async move(
      { id, version }: Slot,
      to: Span & {
        readonly claims: readonly string[];
        readonly movedFrom: SlotMove;
        readonly settleAt: Date;
      },
    ): Promise<Slot | null | { readonly refused: string }> {
      const { startsAt, endsAt, claims, movedFrom, settleAt } = to;
      try {
        return await change(
          { _id: id, state: 'open', version },
          { $set: { startsAt, endsAt, claims: [...claims], movedFrom, settleAt } },
        );
      } catch (error) {
        const refused = refusedClaim(error);
        if (refused === null) throw error;
        return { refused };
      }
    },

    async findOptional(courseId: string, id: string): Promise<Slot | null> {
      return optional(await model.findOne({ _id: id, courseId }).lean<Found>());
    },

    /** In no particular order, of any course. */
    async findMany(ids: readonly string[]): Promise<Slot[]> {
      return (await model.find({ _id: { $in: ids } }).lean<Found[]>()).map(plain);
    },

    page,

    /** Returns the slot of any course that holds this claim. */
    async findHolding(claim: string): Promise<Slot | null> {
      return optional(await model.findOne({ claims: claim }).lean<Found>());
    },

    /** Returns the teacher's slots that begin between two moments, by time; those removed unbooked are left out. */
    async listOfTeacher(
      teacherId: string,
      { from, to, courseId }: { readonly from: Date; readonly to: Date; readonly courseId?: string },
    ): Promise<Slot[]> {
      const rows = await model
        .find({
          teacherId,
          startsAt: { $gte: from, $lt: to },
          state: { $in: ['open', 'closing', 'cancelled'] },
          ...(courseId !== undefined && { courseId }),
        })
        .sort({ startsAt: 1, _id: 1 })
        .lean<Found[]>();
      return rows.map(plain);
    },

    /**
     * Gives an open slot another teacher or another place in one write, with the time of both.
     * @param claims of its time from now on
     * @returns the slot; null when it is not as it was; or the claim that is held by another
     */
    async reassign(
      { id, version }: Slot,
      other: Partial<Pick<Slot, 'teacherId' | 'roomId' | 'place'>>,
      claims: readonly string[],
    ): Promise<Slot | null | { readonly refused: string }> {
      try {
        return await change({ _id: id, version, state: 'open' }, { $set: { ...other, claims: [...claims] } });
      } catch (error) {
        const refused = refusedClaim(error);
        if (refused === null) throw error;
        return { refused };
      }
    },

    /** Slots in a room of their own bear its name. */
    async renameRoom(roomId: string, title: string): Promise<void> {
      await model.updateMany(
        { roomId, place: { $exists: true, $nin: ['', title] } },
        { $set: { place: title }, $inc: { version: 1 } },
      );
    },

    /** Cancels a slot and frees its time. @returns null when it was gone already */
    cancel: (
      courseId: string,
      id: string,
      cancellation: Cancellation,
      settleAt: Date,
    ): Promise<Slot | null> =>
      change(
        { _id: id, courseId, state: 'open' },
        { $set: { state: 'cancelled', cancellation, settleAt }, $unset: { claims: 1 } },
      ),

    /** First step of taking a slot away: no more bookings. @returns null when it is not open */
    beginClosing: (
      courseId: string,
      id: string,
      cancellation: Cancellation,
      settleAt: Date,
    ): Promise<Slot | null> =>
      change({ _id: id, courseId, state: 'open' }, { $set: { state: 'closing', cancellation, settleAt } }),

    /** Second step if the slot is booked: it stays. @returns null if that closing has ended */
    reopen: ({ id, version }: Slot): Promise<Slot | null> =>
      change({ _id: id, state: 'closing', version }, { $set: { state: 'open', cancellation: null } }),

    /** Second step if the slot is not booked. @returns null if that closing has ended */
    remove: ({ id, version }: Slot): Promise<Slot | null> =>
      change({ _id: id, state: 'closing', version }, { $set: { state: 'removed' }, $unset: { claims: 1 } }),
  };
}

export type SlotsStore = ReturnType<typeof createSlotsStore>;
