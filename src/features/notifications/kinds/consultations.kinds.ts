import type { EventType } from '../../../infra/events/index.js';
import {
  bookingApproved,
  bookingCancelled,
  bookingCreated,
  bookingMoved,
  bookingTeacherChanged,
  seatFreed,
  seatOffered,
  type ToldBooking,
  type ToldBookings,
} from '../../consultations/index.js';
import {
  on,
  type CalendarEntry,
  type Description,
  type NotificationKind,
  type Occurrence,
  type Source,
  type Way,
} from './kind.js';

const SAMPLE = {
  title: 'Алгебра: вопросы по домашней работе',
  when: new Date('2026-12-01T12:00:00Z'),
  before: new Date('2026-12-01T10:00:00Z'),
  until: new Date('2026-11-30T12:00:00Z'),
  teacher: { surname: 'Соколова', givenName: 'Анна', patronymic: 'Ильинична' },
  student: { surname: 'Ёлкин', givenName: 'Семён', patronymic: 'Аркадьевич' },
  place: 'Кабинет 214',
  link: 'https://meet.example.org/algebra-9',
  question: 'Как решать неравенства с модулем?',
  reason: 'Преподаватель заболел',
};

const ALL: readonly Way[] = ['page', 'mail', 'messenger', 'push'];

const valuesOf = (booking: ToldBooking): Description['values'] => ({
  title: booking.title,
  when: booking.startsAt,
  before: booking.movedFrom?.startsAt ?? null,
  until: booking.offeredUntil,
  teacher: booking.teacher,
  student: booking.student,
  place: booking.place,
  link: booking.link,
  question: booking.question,
  reason: booking.cancellation?.reason ?? booking.moveReason,
});

function calendarOf(booking: ToldBooking): CalendarEntry {
  const { id, bookedAt, state, movedFrom, cancellation, startsAt, endsAt, title, place, link } = booking;
  const changedAt = cancellation?.at ?? movedFrom?.at ?? bookedAt;
  return {
    method: state === 'cancelled' ? 'CANCEL' : 'REQUEST',
    uid: id,
    sequence: Math.max(0, Math.ceil((changedAt.getTime() - bookedAt.getTime()) / 1_000)),
    ...{ startsAt, endsAt, title, place, link },
  };
}

const pathOf = ({ slotId }: { readonly slotId: string }): string => `consultations/slots/${slotId}`;

/** A subject of the move to this very time: a booking that is moved twice is told of twice. */
const movedSubject = (booking: ToldBooking): string => `${booking.id}@0@${booking.startsAt.getTime()}`;

const students = (booking: ToldBooking, subjectId = booking.id): Occurrence[] =>
  booking.personIds.map((personId) => ({ subjectId, personId, courseId: booking.courseId }));

const teacher = (booking: ToldBooking, subjectId = booking.id): Occurrence[] => [
  { subjectId, personId: booking.teacherId, courseId: booking.courseId },
];

/** Messages about bookings of consultations. */
export function consultationKinds(told: ToldBookings): NotificationKind[] {
  /** Finds who is told when an event of a booking comes. */
  const when = <D>(
    type: EventType<D>,
    who: (booking: ToldBooking, data: D) => readonly Occurrence[],
  ): Source =>
    on(type, async ({ documentId, data }) => {
      const booking = await told.find(documentId);
      return booking === null ? [] : who(booking, data);
    });

  /** Says what is true of a booking while it is in one of these states. */
  const inState =
    (states: readonly ToldBooking['state'][], more: { calendar?: boolean; path?: string } = {}) =>
    async ({ subjectId }: Occurrence): Promise<Description | null> => {
      const booking = await told.find(idOf(subjectId));
      if (booking === null || !states.includes(booking.state)) return null;
      const moment = startOf(subjectId);
      if (!Number.isNaN(moment) && booking.startsAt.getTime() !== moment) return null;
      return {
        values: valuesOf(booking),
        path: more.path ?? pathOf(booking),
        zone: booking.zone,
        expiresAt: booking.startsAt,
        ...(more.calendar === true && { calendar: calendarOf(booking) }),
      };
    };

  const cancelledBy =
    (side: 'student' | 'teacher') =>
    async ({ subjectId }: Occurrence): Promise<Description | null> => {
      const booking = await told.find(subjectId);
      // An offer that has run out was cancelled by nobody.
      if (booking?.cancellation?.side !== side || booking.cancellation.by === '') return null;
      return {
        values: valuesOf(booking),
        path: side === 'teacher' ? 'consultations' : pathOf(booking),
        zone: booking.zone,
        ...(side === 'teacher' && { calendar: calendarOf(booking) }),
      };
    };

  const kind = (
    name: string,
    to: 'student' | 'teacher',
    rest: Pick<NotificationKind, 'by' | 'sources' | 'describe'> & Partial<NotificationKind>,
  ): NotificationKind => ({ name, to, topic: 'consultations', obligatory: false, sample: SAMPLE, ...rest });

  return [
    kind('booking-made', 'student', {
      by: ['mail', 'messenger'],
      parents: true,
      sources: [when(bookingCreated, (booking) => (booking.state === 'booked' ? students(booking) : []))],
      describe: inState(['booked'], { calendar: true }),
    }),
    kind('booking-requested', 'teacher', {
      by: ALL,
      sources: [when(bookingCreated, (booking) => (booking.state === 'requested' ? teacher(booking) : []))],
      describe: inState(['requested']),
    }),
    kind('booking-approved', 'student', {
      by: ALL,
      parents: true,
      sources: [when(bookingApproved, (booking) => students(booking))],
      describe: inState(['booked'], { calendar: true }),
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
    kind('booking-moved', 'student', {
      by: ALL,
      obligatory: true,
      parents: true,
      sources: [when(bookingMoved, (booking) => students(booking, movedSubject(booking)))],
      describe: inState(['booked', 'requested'], { calendar: true }),
    }),
    kind('booking-substituted', 'student', {
      by: ALL,
      obligatory: true,
      parents: true,
      sources: [
        when(bookingTeacherChanged, (booking) => students(booking, `${booking.id}@${booking.teacherId}`)),
      ],
      async describe({ subjectId }) {
        const [id = '', teacherId] = subjectId.split('@');
        const booking = await told.find(id);
        const expected = booking?.state === 'booked' || booking?.state === 'requested';
        // Of several substitutions the last one is told.
        if (booking === null || !expected || booking.teacherId !== teacherId) return null;
        return {
          values: valuesOf(booking),
          path: pathOf(booking),
          zone: booking.zone,
          expiresAt: booking.startsAt,
        };
      },
    }),
    kind('booking-shifted', 'teacher', {
      by: ALL,
      sources: [
        when(bookingMoved, (booking, { side }) =>
          side === 'student' ? teacher(booking, movedSubject(booking)) : [],
        ),
      ],
      describe: inState(['booked', 'requested']),
    }),
    kind('booking-cancelled', 'student', {
      by: ALL,
      obligatory: true,
      parents: true,
      sources: [when(bookingCancelled, (booking, { side }) => (side === 'teacher' ? students(booking) : []))],
      describe: cancelledBy('teacher'),
    }),
    kind('booking-withdrawn', 'teacher', {
      by: ALL,
      sources: [when(bookingCancelled, (booking, { side }) => (side === 'student' ? teacher(booking) : []))],
      describe: cancelledBy('student'),
    }),
    kind('seat-offered', 'student', {
      by: ALL,
      sources: [when(seatOffered, (booking) => students(booking))],
      async describe(occurrence) {
        const description = await inState(['offered'])(occurrence);
        const until = description?.values.until;
        return description && { ...description, ...(until instanceof Date && { expiresAt: until }) };
      },
    }),
    kind('seat-freed', 'student', {
      by: ALL,
      sources: [when(seatFreed, (booking) => students(booking))],
      async describe({ subjectId }) {
        const booking = await told.find(subjectId);
        if (booking === null) return null;
        return {
          values: valuesOf(booking),
          path: pathOf(booking),
          zone: booking.zone,
          expiresAt: booking.startsAt,
        };
      },
    }),
    kind('seat-lost', 'student', {
      by: ALL,
      sources: [
        when(bookingCancelled, (booking) => (booking.cancellation?.by === '' ? students(booking) : [])),
      ],
      async describe({ subjectId }) {
        const booking = await told.find(subjectId);
        if (booking?.cancellation?.by !== '') return null;
        return { values: valuesOf(booking), path: pathOf(booking), zone: booking.zone };
      },
    }),
    // A student presses a button of a message.
    kind('booking-confirmed', 'teacher', { by: ['page'], sources: [], describe: inState(['booked']) }),
    kind('booking-late', 'teacher', { by: ALL, sources: [], describe: inState(['booked']) }),
  ];
}

/** `<booking or slot>@<minutes before>@<its start>`: a moved booking has new reminders, and none is sent twice. */
export const reminderSubject = (id: string, minutes: number, startsAt: Date): string =>
  `${id}@${minutes}@${startsAt.getTime()}`;

const idOf = (subjectId: string): string => subjectId.split('@', 1)[0] ?? '';
/** NaN where the subject names no start. */
const startOf = (subjectId: string): number => Number(subjectId.split('@')[2]);

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
        const actions = ['booking-confirm', 'booking-cancel', 'booking-late'];
        return {
          values: valuesOf(booking),
          path: pathOf(booking),
          zone: booking.zone,
          expiresAt: booking.startsAt,
          actions: actions.map((name) => ({ name, subjectId: booking.id })),
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
