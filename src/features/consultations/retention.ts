import type { Connection } from 'mongoose';
import { NOTHING_WAITS } from '../../infra/events/index.js';
import type { RetentionRule } from '../../shared/retention.js';
import { bookingsModel, type BookingRow } from './bookings/booking-row.store.js';
import { heldModel } from './held/held.store.js';
import { messagesModel } from './messages/messages.store.js';
import { slotsModel, type SlotRow } from './slots/slots.store.js';

export interface ConsultationsRetentionDeps {
  readonly connection: Connection;
  readonly removeBookingFiles: (fileIds: readonly string[]) => Promise<void>;
  /** Removes the minutes of a slot. */
  readonly removeMinutes: (slotId: string) => Promise<void>;
}

/**
 * Consultations are removed with their bookings, attendance, notes and files, and so is what teachers wrote to
 * students. Series stay: links in courses and grades lead to them.
 */
export function consultationsRetention(deps: ConsultationsRetentionDeps): RetentionRule {
  const { connection } = deps;
  const slots = slotsModel(connection);
  const bookings = bookingsModel(connection);
  const records = heldModel(connection);
  const messages = messagesModel(connection);
  const oldSlots = (before: Date) => ({ startsAt: { $lt: before }, ...NOTHING_WAITS }) as const;
  const oldMessages = (before: Date) => ({ at: { $lt: before }, ...NOTHING_WAITS }) as const;

  /** Returns whether the slot is gone; one that tells of something first stays until the next night. */
  async function removeSlot({ _id, version }: SlotRow): Promise<boolean> {
    const slotId = _id.toString();
    // A booking of a slot that is moved meanwhile stays with it.
    if ((await slots.exists({ _id, version, ...NOTHING_WAITS })) === null) return false;
    const booked = await bookings.find({ slotId }).select({ files: 1 }).lean<BookingRow[]>();
    await bookings.deleteMany({ slotId, ...NOTHING_WAITS });
    if ((await bookings.exists({ slotId })) !== null) return false;
    await records.deleteOne({ slotId });
    const { deletedCount } = await slots.deleteOne({ _id, version, ...NOTHING_WAITS });
    // Files that a kill leaves behind are swept.
    await deps.removeBookingFiles(booked.flatMap(({ files }) => files ?? []));
    await deps.removeMinutes(slotId);
    return deletedCount === 1;
  }

  return {
    name: 'consultations',
    months: [12, 24, 36, 60, 120],
    usual: null,
    async count(before) {
      const [ofSlots, ofMessages] = await Promise.all([
        slots.countDocuments(oldSlots(before)),
        messages.countDocuments(oldMessages(before)),
      ]);
      return ofSlots + ofMessages;
    },
    async remove(before, limit) {
      const rows = await slots
        .find(oldSlots(before))
        .sort({ startsAt: 1 })
        .limit(limit)
        .select({ version: 1 })
        .lean<SlotRow[]>();
      let removed = 0;
      for (const row of rows) removed += Number(await removeSlot(row));
      if (rows.length === limit) return removed;
      const sent = await messages
        .find(oldMessages(before))
        .limit(limit - rows.length)
        .select({ _id: 1 })
        .lean<{ _id: unknown }[]>();
      const { deletedCount } = await messages.deleteMany({ _id: { $in: sent.map(({ _id }) => _id) } });
      return removed + deletedCount;
    },
  };
}
