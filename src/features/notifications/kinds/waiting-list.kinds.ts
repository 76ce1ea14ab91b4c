import { bookingCancelled, seatFreed, seatOffered, type ToldBookings } from '../../consultations/index.js';
import type { NotificationKind } from './kind.js';
import {
  bookingKind as kind,
  bookingSubjects,
  pathOf,
  peopleOf,
  students,
  valuesOf,
} from './told-bookings.js';

/** Messages to those who wait for a seat. */
export function waitingListKinds(told: ToldBookings): NotificationKind[] {
  const { when, inState, whileTrue } = bookingSubjects(told);
  return [
    kind('seat-offered', 'student', {
      sources: [when(seatOffered, (booking) => students(booking))],
      async describe(occurrence) {
        const description = await inState(['offered'])(occurrence);
        const until = description?.values.until;
        return description && { ...description, ...(until instanceof Date && { expiresAt: until }) };
      },
    }),
    kind('seat-freed', 'student', {
      sources: [when(seatFreed, (booking) => students(booking))],
      describe: whileTrue(() => true),
    }),
    kind('seat-lost', 'student', {
      sources: [
        when(bookingCancelled, (booking) => (booking.cancellation?.by === '' ? students(booking) : [])),
      ],
      async describe({ subjectId }) {
        const booking = await told.find(subjectId);
        if (booking?.cancellation?.by !== '') return null;
        return {
          values: valuesOf(booking),
          people: peopleOf(booking),
          path: pathOf(booking),
          zone: booking.zone,
        };
      },
    }),
  ];
}
