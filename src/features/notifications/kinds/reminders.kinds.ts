import type { ToldBookings } from '../../consultations/index.js';
import type { NotificationKind } from './kind.js';
import {
  buttonSubject,
  describedBooking,
  idOf,
  minutesOf,
  pathOf,
  SAMPLE,
  startOf,
} from './told-bookings.js';

/** Earlier before the start, no student knows yet that they will be late. */
const LATE_MINUTES = 180;

/** Reminders of consultations, for those who have booked and those who teach. A schedule makes them. */
export function reminderKinds(told: ToldBookings): Record<'student' | 'teacher', NotificationKind> {
  return {
    student: {
      name: 'booking-reminder',
      topic: 'reminders',
      to: 'student',
      obligatory: false,
      by: ['mail', 'messenger', 'push'],
      sample: SAMPLE,
      parents: true,
      sources: [],
      async describe({ subjectId, personId }) {
        const booking = await told.find(idOf(subjectId));
        if (booking?.state !== 'booked' || booking.startsAt.getTime() !== startOf(subjectId)) return null;
        if (!booking.personIds.includes(personId)) return null;
        const late = minutesOf(subjectId) <= LATE_MINUTES ? ['booking-late'] : [];
        const actions = ['booking-confirm', 'booking-cancel', ...late];
        return {
          ...describedBooking(booking),
          // A booking that is moved has new buttons.
          actions: actions.map((name) => ({ name, subjectId: buttonSubject(booking) })),
        };
      },
    },
    teacher: {
      name: 'slot-reminder',
      topic: 'reminders',
      to: 'teacher',
      obligatory: false,
      by: ['mail', 'messenger', 'push'],
      sample: { ...SAMPLE, booked: 3 },
      sources: [],
      async describe({ subjectId, courseId }) {
        const slot = await told.findTaught(idOf(subjectId), courseId);
        if (slot?.startsAt.getTime() !== startOf(subjectId)) return null;
        const { title, startsAt: when, place, link, booked, teacher: name } = slot;
        return {
          values: { title, when, place, link, booked, teacher: name },
          path: pathOf(slot),
          zone: slot.zone,
          expiresAt: slot.startsAt,
        };
      },
    },
  };
}
