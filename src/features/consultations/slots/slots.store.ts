import type { Connection } from 'mongoose';
import type { AnyModel } from '../../../infra/events/index.js';
import { refusedClaim } from '../../schedule/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import type { Cancellation } from '../series/series-settings.js';
import type { Span } from './intervals.js';
import {
  plainSlot,
  slotsModel,
  type Slot,
  type SlotMove,
  type SlotRow,
  type StoredSlot,
} from './slot-row.store.js';
import { createSlotsReading } from './slots-reading.store.js';

export {
  SLOT_MARK,
  slotsModel,
  type Slot,
  type SlotMove,
  type SlotRow,
  type SlotState,
} from './slot-row.store.js';
export type { SlotPage, SlotQuery } from './slots-reading.store.js';

/** A change of which those who have booked are told. */
export type SlotChange = Partial<Pick<StoredSlot, 'teacherChangedAt' | 'placeChangedAt' | 'settleAt'>>;

export function createSlotsStore(connection: Connection) {
  const model = slotsModel(connection);
  const optional = (row: SlotRow | null): Slot | null => row && plainSlot(row);
  const change = async (
    filter: Partial<StoredSlot> & { _id: string },
    update: object,
  ): Promise<Slot | null> =>
    optional(
      await model
        .findOneAndUpdate(filter, { ...update, $inc: { version: 1 } }, { returnDocument: 'after' })
        .lean<SlotRow>(),
    );

  return {
    ...createSlotsReading(connection),

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

    /**
     * Gives an open slot another teacher or another place in one write, with the time of both.
     * @param claims of its time from now on
     * @param told what those who have booked are to be told of, and when a job looks whether they were
     * @returns the slot; null when it is not as it was; or the claim that is held by another
     */
    async reassign(
      { id, version }: Slot,
      other: Partial<Pick<Slot, 'teacherId' | 'roomId' | 'place'>>,
      claims: readonly string[],
      told: SlotChange = {},
    ): Promise<Slot | null | { readonly refused: string }> {
      try {
        return await change(
          { _id: id, version, state: 'open' },
          { $set: { ...other, ...told, claims: [...claims] } },
        );
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
