import type { Connection } from 'mongoose';
import type { PersonalData } from '../../shared/personal-data.js';
import { claimsFor } from '../schedule/index.js';
import { bookingsModel, SEATED, type BookingRow } from './bookings/booking-row.store.js';
import { heldPersonalData } from './held/held.personal-data.store.js';
import { messagesModel } from './messages/messages.store.js';
import { booked, held, taught, titlesOf } from './person-filters.store.js';
import { seriesModel } from './series/series-row.store.js';
import { slotsModel, type SlotRow } from './slots/slots.store.js';

/** Moves what consultations keep of a person to another, when the two are one. */
export function createConsultationsMerge(connection: Connection): Pick<PersonalData, 'clashes' | 'move'> {
  const bookings = bookingsModel(connection);
  const slots = slotsModel(connection);
  const series = seriesModel(connection);
  const messages = messagesModel(connection);
  const records = heldPersonalData(connection);

  return {
    async clashes(from, to) {
      const [own, lessons] = await Promise.all([
        bookings.find({ ...booked(from), state: { $in: SEATED } }).lean<BookingRow[]>(),
        slots.find(held(from)).lean<SlotRow[]>(),
      ]);
      const wanted = [...own, ...lessons].flatMap(({ claims = [] }) =>
        claimsFor(claims, from.personId, to.personId).filter((claim) => !claims.includes(claim)),
      );
      const taken = await Promise.all([
        bookings.find({ claims: { $in: wanted } }).lean<BookingRow[]>(),
        slots.find({ claims: { $in: wanted } }).lean<SlotRow[]>(),
      ]);
      const names = await titlesOf(
        connection,
        taken.flat().map(({ seriesId }) => seriesId),
      );
      return names.map((name) => ({ what: 'time', name }));
    },

    async move(from, to) {
      const moved = (claims: readonly string[] = []) => {
        const rewritten = claimsFor(claims, from.personId, to.personId);
        return rewritten.length > 0 ? { claims: rewritten } : {};
      };
      for (const row of await bookings.find(booked(from)).lean<BookingRow[]>()) {
        const personIds = row.personIds.map((id) => (id === from.personId ? to.personId : id));
        const personId = row.personId === from.personId ? to.personId : row.personId;
        await bookings.updateOne(
          { _id: row._id, personIds: from.personId, state: row.state },
          {
            $set: { personId, personIds: [...new Set(personIds)], ...moved(row.claims) },
            $unset: { requestKey: 1, moving: 1 },
          },
        );
      }
      for (const row of await slots.find(held(from)).lean<SlotRow[]>()) {
        await slots.updateOne(
          { _id: row._id, teacherId: from.personId, state: row.state },
          { $set: { teacherId: to.personId, ...moved(row.claims) } },
        );
      }
      await series.updateMany(taught(from), { $set: { teacherId: to.personId } });
      await messages.updateMany({ by: from.personId }, { $set: { by: to.personId } });
      for (const { _id, personIds } of await messages.find({ personIds: from.personId }).lean()) {
        const ids = personIds.map((id) => (id === from.personId ? to.personId : id));
        await messages.updateOne({ _id }, { $set: { personIds: [...new Set(ids)] } });
      }
      // Who created, ended or cancelled what, also where another teaches or has booked.
      const inCourses = { courseId: { $in: [...from.courseIds] } };
      for (const field of ['createdBy', 'endedBy'] as const) {
        await series.updateMany({ ...inCourses, [field]: from.personId }, { $set: { [field]: to.personId } });
      }
      await records.move(from, to);
      const cancelled = { ...inCourses, 'cancellation.by': from.personId };
      await bookings.updateMany(cancelled, { $set: { 'cancellation.by': to.personId } });
      await slots.updateMany(cancelled, { $set: { 'cancellation.by': to.personId } });
      const movedBy = { ...inCourses, 'movedFrom.by': from.personId };
      await bookings.updateMany(movedBy, { $set: { 'movedFrom.by': to.personId } });
      await slots.updateMany(movedBy, { $set: { 'movedFrom.by': to.personId } });
      const bookedBy = { ...inCourses, bookedBy: from.personId };
      await bookings.updateMany(bookedBy, { $set: { bookedBy: to.personId } });
      if ((await bookings.exists(booked(from))) ?? (await slots.exists(held(from)))) {
        // Cancelled between reading and writing: the next turn takes it as it is by then.
        throw new Error('consultations changed while they were moved');
      }
    },
  };
}
