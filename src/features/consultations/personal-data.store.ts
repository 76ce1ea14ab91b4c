import type { Connection } from 'mongoose';
import type { Clock } from '../../shared/clock.js';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData, Blocker, PersonRef } from '../../shared/personal-data.js';
import { heldCollections, heldPersonalData } from './held/held.personal-data.store.js';
import { claimsFor } from '../schedule/index.js';
import type { BookingFiles } from './bookings/booking-files.js';
import { bookingsModel, SEATED, type BookingRow } from './bookings/booking-row.store.js';
import { messagesModel } from './messages/messages.store.js';
import { seriesModel, type FoundSeries } from './series/series-row.store.js';
import { slotsModel, type SlotRow } from './slots/slots.store.js';

const consultationCollections: readonly PersonalCollection[] = [
  {
    model: 'ConsultationBooking',
    holds: 'who booked, the question and its files, who cancelled and why',
    exported: { as: 'consultationBookings' },
    erasure: 'clears',
    merge: 'moves',
    retention: 'without end; an erasure cancels future bookings and removes questions, files and reasons',
  },
  {
    model: 'ConsultationSlot',
    holds: 'the teacher, who cancelled and why',
    exported: { as: 'consultationSlots' },
    erasure: 'clears',
    merge: 'moves',
    retention: 'without end; future slots block an erasure',
  },
  {
    model: 'ConsultationSeries',
    holds: 'the teacher, who created and ended it, place and video link',
    exported: { as: 'consultationSeries' },
    erasure: 'clears',
    merge: 'moves',
    retention: 'without end; an erasure removes place, link and description',
  },
  {
    model: 'ConsultationMessage',
    holds: 'who invited or wrote to whom, and the text',
    exported: { as: 'consultationMessages' },
    erasure: 'clears',
    merge: 'moves',
    retention: 'without end; an erasure removes the person from those written to, and the texts they wrote',
  },
];

/** What consultations keep of a person: as a student, as a teacher. */
export function createConsultationsPersonalData(
  connection: Connection,
  clock: Clock,
  files: Pick<BookingFiles, 'remove'>,
): PersonalData {
  const bookings = bookingsModel(connection);
  const slots = slotsModel(connection);
  const series = seriesModel(connection);
  const messages = messagesModel(connection);
  const records = heldPersonalData(connection);

  const booked = ({ personId, courseIds }: PersonRef) => ({
    courseId: { $in: [...courseIds] },
    personIds: personId,
  });
  const taught = ({ personId, courseIds }: PersonRef) => ({
    courseId: { $in: [...courseIds] },
    teacherId: personId,
  });
  const held = ({ personId }: PersonRef) => ({ teacherId: personId });

  async function titlesOf(ids: readonly string[]): Promise<Blocker['name'][]> {
    const found = await series.find({ _id: { $in: [...new Set(ids)] } }).lean<FoundSeries[]>();
    return [...new Set(found.map(({ title }) => title))];
  }

  return {
    collections: [...consultationCollections, ...heldCollections],

    async dataOf(person) {
      const { personId } = person;
      const [received, sent] = await Promise.all([
        messages.find({ personIds: personId }).select({ personIds: 0 }).lean(),
        messages.find({ by: personId }).select({ personIds: 0 }).lean(),
      ]);
      const [asStudent, asTeacher, offered, recorded] = await Promise.all([
        bookings.find(booked(person)).select({ claims: 0, requestKey: 0, moving: 0 }).lean<BookingRow[]>(),
        slots.find(held(person)).select({ claims: 0 }).lean<SlotRow[]>(),
        series.find(taught(person)).lean<FoundSeries[]>(),
        records.dataOf(person),
      ]);
      return {
        consultationBookings: asStudent,
        consultationSlots: asTeacher,
        consultationSeries: offered,
        consultationMessages: [...received, ...sent],
        consultationRecords: recorded,
      };
    },

    async holds(person) {
      const ahead = await slots
        .find({ ...held(person), startsAt: { $gt: clock.now() }, state: { $in: ['open', 'closing'] } })
        .lean<SlotRow[]>();
      const names = await titlesOf(ahead.map(({ seriesId }) => seriesId));
      return names.map((name) => ({ what: 'teaches', name }));
    },

    async erase(person) {
      const now = clock.now();
      // Seats that are still to come are free again for others.
      await bookings.updateMany(
        { ...booked(person), state: { $ne: 'cancelled' }, startsAt: { $gt: now } },
        {
          $set: {
            state: 'cancelled',
            cancellation: { at: now, by: person.personId, side: 'student', reason: '' },
          },
          $unset: { claims: 1, moving: 1, requestKey: 1 },
        },
      );
      const withFiles = await bookings
        .find({ ...booked(person), 'files.0': { $exists: true } })
        .select({ files: 1 })
        .lean<BookingRow[]>();
      await files.remove(withFiles.flatMap((row) => row.files ?? []));
      await bookings.updateMany(booked(person), { $set: { question: '' }, $unset: { files: 1, topic: 1 } });
      await bookings.updateMany(
        { ...booked(person), 'cancellation.by': person.personId },
        { $set: { 'cancellation.reason': '' } },
      );
      await messages.updateMany({ by: person.personId }, { $set: { text: '' } });
      await messages.updateMany({ personIds: person.personId }, { $pull: { personIds: person.personId } });
      await records.erase(person);
      await series.updateMany(taught(person), { $set: { link: '', place: '', description: '' } });
    },

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
      const names = await titlesOf(taken.flat().map(({ seriesId }) => seriesId));
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
