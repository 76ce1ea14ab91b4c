import {
  bookingApproved,
  bookingCancelled,
  bookingCreated,
  bookingMoved,
  bookingPlaceChanged,
  bookingTeacherChanged,
  type ToldBooking,
  type ToldBookings,
} from '../../consultations/index.js';
import type { PersonName } from '../../../shared/names.js';
import type { NotificationKind } from './kind.js';
import {
  bookingKind as kind,
  bookingSubjects,
  calendarOf,
  describedBooking,
  idOf,
  movedSubject,
  pathOf,
  peopleOf,
  pressedOf,
  SAMPLE,
  students,
  teacher,
  valuesOf,
} from './told-bookings.js';
import { waitingListKinds } from './waiting-list.kinds.js';

type FindPerson = (id: string) => Promise<{ readonly name: PersonName } | null>;

/** Messages about bookings of consultations. */
export const consultationKinds = (told: ToldBookings, findPerson: FindPerson): NotificationKind[] => [
  ...studentsKinds(told),
  ...teachersKinds(told, findPerson),
  ...waitingListKinds(told),
];

/**
 * Says that a booking was cancelled.
 * @param side that did it
 * @param to students get the cancellation for their calendar
 */
const cancelledBy =
  (
    told: ToldBookings,
    side: 'student' | 'teacher',
    to: 'student' | 'teacher',
  ): NotificationKind['describe'] =>
  async ({ subjectId }) => {
    const booking = await told.find(subjectId);
    // An offer that has run out has no canceller.
    if (booking?.cancellation?.side !== side || booking.cancellation.by === '') return null;
    return {
      values: valuesOf(booking),
      people: peopleOf(booking),
      path: to === 'student' ? 'consultations' : pathOf(booking),
      zone: booking.zone,
      ...(to === 'student' && { calendar: calendarOf(booking) }),
    };
  };

function studentsKinds(told: ToldBookings): NotificationKind[] {
  const { when, inState, whileTrue } = bookingSubjects(told);
  return [
    kind('booking-made', 'student', {
      by: ['mail', 'messenger'],
      parents: true,
      sources: [when(bookingCreated, (booking) => (booking.state === 'booked' ? students(booking) : []))],
      describe: inState(['booked'], { calendar: true }),
    }),
    kind('booking-approved', 'student', {
      parents: true,
      sources: [when(bookingApproved, (booking) => students(booking))],
      describe: inState(['booked'], { calendar: true }),
    }),
    kind('booking-moved', 'student', {
      obligatory: true,
      parents: true,
      sources: [when(bookingMoved, (booking) => students(booking, movedSubject(booking)))],
      describe: inState(['booked', 'requested'], { calendar: true }),
    }),
    kind('booking-substituted', 'student', {
      obligatory: true,
      parents: true,
      sources: [
        when(bookingTeacherChanged, (booking) => students(booking, `${booking.id}@${booking.teacherId}`)),
      ],
      // Of several substitutions the last one is told.
      describe: whileTrue(
        ({ state, teacherId }, { subjectId }) =>
          (state === 'booked' || state === 'requested') && subjectId.endsWith(`@${teacherId}`),
      ),
    }),
    kind('booking-relocated', 'student', {
      obligatory: true,
      parents: true,
      sources: [
        when(bookingPlaceChanged, (booking) =>
          students(booking, `${booking.id}@place@${booking.placeToldAt?.getTime() ?? 0}`),
        ),
      ],
      // Of several changes the last one is told, with the place in the calendar.
      describe: whileTrue(
        ({ state, placeToldAt }, { subjectId }) =>
          (state === 'booked' || state === 'requested') && subjectId.endsWith(`@${placeToldAt?.getTime()}`),
        { calendar: true },
      ),
    }),
    kind('booking-cancelled', 'student', {
      obligatory: true,
      parents: true,
      sources: [when(bookingCancelled, (booking, { side }) => (side === 'teacher' ? students(booking) : []))],
      describe: cancelledBy(told, 'teacher', 'student'),
    }),
    // The student who cancels gets it too: the calendar, the parents and the others of a group booking follow.
    kind('booking-dropped', 'student', {
      sample: { ...SAMPLE, reason: 'Заболел' },
      by: ['mail', 'messenger'],
      parents: true,
      sources: [
        when(bookingCancelled, (booking, { side }) =>
          side === 'student' && !booking.onlyWaited ? students(booking) : [],
        ),
      ],
      describe: cancelledBy(told, 'student', 'student'),
    }),
  ];
}

function teachersKinds(told: ToldBookings, findPerson: FindPerson): NotificationKind[] {
  const { when, inState } = bookingSubjects(told);
  return [
    kind('booking-requested', 'teacher', {
      sources: [when(bookingCreated, (booking) => (booking.state === 'requested' ? teacher(booking) : []))],
      describe: inState(['requested']),
    }),
    kind('booking-taken', 'teacher', {
      by: ['page'],
      sources: [
        when(bookingCreated, (booking) =>
          booking.state === 'booked' && booking.bookedBy !== booking.teacherId ? teacher(booking) : [],
        ),
      ],
      describe: inState(['booked']),
    }),
    kind('booking-shifted', 'teacher', {
      sources: [
        when(bookingMoved, (booking, { side }) =>
          side === 'student' ? teacher(booking, movedSubject(booking)) : [],
        ),
      ],
      describe: inState(['booked', 'requested']),
    }),
    kind('booking-withdrawn', 'teacher', {
      sample: { ...SAMPLE, reason: 'Заболел' },
      sources: [
        // Who leaves the waiting list had booked nothing.
        when(bookingCancelled, (booking, { side }) =>
          side === 'student' && !booking.onlyWaited ? teacher(booking) : [],
        ),
      ],
      describe: cancelledBy(told, 'student', 'teacher'),
    }),
    // A student presses a button of a message.
    kind('booking-confirmed', 'teacher', {
      by: ['page'],
      sources: [],
      describe: pressedBy(told, findPerson, ({ startsAt }) => startsAt),
    }),
    kind('booking-late', 'teacher', {
      sources: [],
      describe: pressedBy(told, findPerson, ({ endsAt }) => endsAt),
    }),
  ];
}

/** Says which student of a booking has pressed a button, who need not be the one who booked. */
const pressedBy =
  (
    told: ToldBookings,
    findPerson: FindPerson,
    until: (booking: ToldBooking) => Date,
  ): NotificationKind['describe'] =>
  async ({ subjectId }) => {
    const booking = await told.find(idOf(subjectId));
    const { personId, startsAt } = pressedOf(subjectId);
    if (booking?.state !== 'booked' || booking.startsAt.getTime() !== startsAt) return null;
    const student = (await findPerson(personId))?.name ?? null;
    return {
      ...describedBooking(booking),
      values: { ...valuesOf(booking), student },
      people: { teacher: booking.teacherId, student: personId },
      expiresAt: until(booking),
    };
  };
