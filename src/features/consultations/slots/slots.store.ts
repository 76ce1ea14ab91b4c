import { Schema, type Connection, type Types } from 'mongoose';
import { withMark, type AnyModel } from '../../../infra/events/index.js';
import { modelOf } from '../../../storage/index.js';
import { unlessTaken } from '../series/duplicate.store.js';
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
  readonly state: SlotState;
  /** How it was removed or cancelled, or is being. */
  readonly cancellation: Cancellation | null;
  /** Rises with every change of state. */
  readonly version: number;
}

interface Row {
  courseId: string;
  seriesId: string;
  teacherId: string;
  startsAt: Date;
  endsAt: Date;
  state: SlotState;
  cancellation: Cancellation | null;
  version: number;
  /**
   * `<person id>:<five minutes>` for the time the slot takes of its teacher; gone when the slot is. The unique
   * index makes a double booking impossible in all courses. Absent rather than empty: an empty array is a
   * value to a unique index.
   */
  occupied?: string[];
  /** The mark that makes the job look whether work on this slot was left unfinished. */
  settleAt?: Date;
}

export const SLOT_MARK = 'settleAt';

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    seriesId: { type: String, required: true },
    teacherId: { type: String, required: true },
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    state: { type: String, required: true },
    cancellation: {
      type: new Schema<Cancellation>({ at: Date, by: String, side: String, reason: String }, { _id: false }),
      default: null,
    },
    version: { type: Number, default: 1 },
    occupied: { type: [String], default: undefined },
  },
  { collection: 'consultation_slots', versionKey: false },
);
schema.index({ occupied: 1 }, { unique: true, sparse: true });
// With _id, so that a page is read in its order and no further.
schema.index({ courseId: 1, startsAt: 1, _id: 1 });
schema.index({ teacherId: 1, startsAt: 1, _id: 1 });
schema.index({ seriesId: 1, startsAt: 1, _id: 1 });
schema.index({ startsAt: 1 });
schema.plugin(withMark(SLOT_MARK));

type Found = Row & { _id: Types.ObjectId };

/** A slot as it is stored. */
export type SlotRow = Found;
export const slotsModel = (connection: Connection) => modelOf(connection, 'ConsultationSlot', schema);

function plain(row: Found): Slot {
  const { _id, occupied: _occupied, settleAt: _mark, cancellation, ...rest } = row;
  return {
    ...rest,
    cancellation: cancellation && { ...cancellation },
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
     * @param occupied the keys of the teacher's time
     * @returns false when the time is taken
     */
    async make(slot: Omit<Slot, 'state' | 'cancellation' | 'version'>, occupied: string[]): Promise<boolean> {
      const { id, ...rest } = slot;
      const result = await unlessTaken(
        () => model.create({ ...rest, _id: id, state: 'open', occupied }),
        ['occupied', '_id'],
      );
      // Made before, its own time stands in the way of making it again.
      return 'value' in result || (await model.exists({ _id: id })) !== null;
    },

    async findOptional(courseId: string, id: string): Promise<Slot | null> {
      return optional(await model.findOne({ _id: id, courseId }).lean<Found>());
    },

    /** In no particular order, of any course. */
    async findMany(ids: readonly string[]): Promise<Slot[]> {
      return (await model.find({ _id: { $in: ids } }).lean<Found[]>()).map(plain);
    },

    page,

    /** Returns the teacher's claimed time in all courses, of slots that begin between two moments. */
    async takenOf(teacherId: string, from: Date, to: Date): Promise<Span[]> {
      const rows = await model
        .find({ teacherId, startsAt: { $gte: from, $lt: to }, state: { $in: ['open', 'closing'] } })
        .select({ startsAt: 1, endsAt: 1 })
        .lean<Found[]>();
      return rows.map(({ startsAt, endsAt }) => ({ startsAt, endsAt }));
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
        { $set: { state: 'cancelled', cancellation, settleAt }, $unset: { occupied: 1 } },
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
      change({ _id: id, state: 'closing', version }, { $set: { state: 'removed' }, $unset: { occupied: 1 } }),
  };
}

export type SlotsStore = ReturnType<typeof createSlotsStore>;
