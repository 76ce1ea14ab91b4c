import type { Connection } from 'mongoose';
import type { Clock } from '../../shared/clock.js';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import { heldCollections, heldPersonalData } from './held/held.personal-data.store.js';
import type { BookingFiles } from './bookings/booking-files.js';
import { bookingsModel, type BookingRow } from './bookings/booking-row.store.js';
import { messagesModel } from './messages/messages.store.js';
import { createConsultationsMerge } from './personal-data.merge.store.js';
import { booked, held, taught, titlesOf } from './person-filters.store.js';
import { consultationsRetention } from './retention.js';
import { seriesModel, type FoundSeries } from './series/series-row.store.js';
import { slotsModel, type SlotRow } from './slots/slots.store.js';

const consultationCollections: readonly PersonalCollection[] = [
  {
    model: 'ConsultationBooking',
    holds: 'who booked, the question and its files, who cancelled and why',
    exported: { as: 'consultationBookings' },
    erasure: 'clears',
    merge: 'moves',
    retention:
      'without end, or as the administrator sets: from 1 to 10 years after the consultation; an erasure cancels future bookings and removes questions, files and reasons',
  },
  {
    model: 'ConsultationSlot',
    holds: 'the teacher, who cancelled and why',
    exported: { as: 'consultationSlots' },
    erasure: 'clears',
    merge: 'moves',
    retention:
      'without end, or as the administrator sets: from 1 to 10 years after the consultation; future slots block an erasure',
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
    retention:
      'without end, or as the administrator sets: from 1 to 10 years; an erasure removes the person from those written to, and the texts they wrote',
  },
];

/** What consultations keep of a person: as a student, as a teacher. */
export function createConsultationsPersonalData(
  connection: Connection,
  clock: Clock,
  files: Pick<BookingFiles, 'remove'>,
  removeMinutes: (slotId: string) => Promise<void>,
): PersonalData {
  const bookings = bookingsModel(connection);
  const slots = slotsModel(connection);
  const series = seriesModel(connection);
  const messages = messagesModel(connection);
  const records = heldPersonalData(connection);

  return {
    collections: [...consultationCollections, ...heldCollections],
    retention: [
      consultationsRetention({ connection, removeBookingFiles: (ids) => files.remove(ids), removeMinutes }),
    ],

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
      const names = await titlesOf(
        connection,
        ahead.map(({ seriesId }) => seriesId),
      );
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

    ...createConsultationsMerge(connection),
  };
}
