import { Types, type Connection, type mongo } from 'mongoose';
import { keepReads } from '../../../storage/index.js';
import { plainSlot, slotsModel, type Slot, type SlotRow, type SlotState } from './slot-row.store.js';

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

/** Finds slots and lists them by time. */
export function createSlotsReading(connection: Connection) {
  const model = slotsModel(connection);
  const optional = (row: SlotRow | null): Slot | null => row && plainSlot(row);
  // Straight to the collection: each booking asks, and there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<SlotRow>;
  const kept = keepReads<Slot | null>(connection, {
    collection: model.collection.name,
    keysOf: ({ kind, _id }) => (kind === 'slot' ? [String(_id)] : []),
  });

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
      .lean<SlotRow[]>();
    const next = rows[limit]?.startsAt;
    if (next === undefined) return { slots: rows.map(plainSlot), next: null };
    // What begins at one moment stays on one page: then a moment is all that the next page needs to know.
    const whole = rows.filter(({ startsAt }) => startsAt.getTime() !== next.getTime());
    return whole.length === 0 ? page({ ...query, limit: limit * 2 }) : { slots: whole.map(plainSlot), next };
  }

  return {
    page,

    async findOptional(courseId: string, id: string): Promise<Slot | null> {
      if (!Types.ObjectId.isValid(id)) return null;
      const found = await kept.get(id, async () =>
        optional(await rows.findOne({ _id: new Types.ObjectId(id), kind: 'slot' } as object)),
      );
      return found?.courseId === courseId ? found : null;
    },

    /** In no particular order, of any course. */
    async findMany(ids: readonly string[]): Promise<Slot[]> {
      return (await model.find({ _id: { $in: ids } }).lean<SlotRow[]>()).map(plainSlot);
    },

    /** How many of these slots have been made. */
    async countMade(ids: readonly string[]): Promise<number> {
      return model.countDocuments({ _id: { $in: [...ids] } });
    },

    /** Returns the slot of any course that holds this claim. */
    async findHolding(claim: string): Promise<Slot | null> {
      return optional(await model.findOne({ claims: claim }).lean<SlotRow>());
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
        .lean<SlotRow[]>();
      return rows.map(plainSlot);
    },
  };
}
