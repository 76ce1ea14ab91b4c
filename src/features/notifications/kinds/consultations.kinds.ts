import {
  bookingCancelled,
  bookingCreated,
  type ToldBooking,
  type ToldBookings,
} from '../../consultations/index.js';
import { on, type CalendarEntry, type Description, type NotificationKind, type Occurrence } from './kind.js';

const SAMPLE = {
  title: 'Алгебра: вопросы по домашней работе',
  when: new Date('2026-12-01T12:00:00Z'),
  teacher: { surname: 'Соколова', givenName: 'Анна', patronymic: 'Ильинична' },
  student: { surname: 'Ёлкин', givenName: 'Семён', patronymic: 'Аркадьевич' },
  place: 'Кабинет 214',
  link: 'https://meet.example.org/algebra-9',
  question: 'Как решать неравенства с модулем?',
  reason: 'Преподаватель заболел',
};

const valuesOf = (booking: ToldBooking): Description['values'] => ({
  title: booking.title,
  when: booking.startsAt,
  teacher: booking.teacher,
  student: booking.student,
  place: booking.place,
  link: booking.link,
  question: booking.question,
  reason: booking.cancellation?.reason ?? '',
});

const calendarOf = (booking: ToldBooking): CalendarEntry => ({
  method: booking.state === 'booked' ? 'REQUEST' : 'CANCEL',
  uid: booking.id,
  sequence: booking.state === 'booked' ? 0 : 1,
  startsAt: booking.startsAt,
  endsAt: booking.endsAt,
  title: booking.title,
  place: booking.place,
  link: booking.link,
});

const pathOf = ({ slotId }: { readonly slotId: string }): string => `consultations/slots/${slotId}`;

/** Messages about bookings of consultations. */
export function consultationKinds(told: ToldBookings): NotificationKind[] {
  const student = ({ id, personId, courseId }: ToldBooking): Occurrence => ({
    subjectId: id,
    personId,
    courseId,
  });
  const teacher = ({ id, teacherId, courseId }: ToldBooking): Occurrence => ({
    subjectId: id,
    personId: teacherId,
    courseId,
  });

  const booked = async ({ subjectId }: Occurrence): Promise<Description | null> => {
    const booking = await told.find(subjectId);
    if (booking?.state !== 'booked') return null;
    return {
      values: valuesOf(booking),
      path: pathOf(booking),
      zone: booking.zone,
      expiresAt: booking.startsAt,
      calendar: calendarOf(booking),
    };
  };

  const cancelledBy =
    (side: 'student' | 'teacher') =>
    async ({ subjectId }: Occurrence): Promise<Description | null> => {
      const booking = await told.find(subjectId);
      if (booking?.cancellation?.side !== side) return null;
      return {
        values: valuesOf(booking),
        path: side === 'teacher' ? 'consultations' : pathOf(booking),
        zone: booking.zone,
        ...(side === 'teacher' && { calendar: calendarOf(booking) }),
      };
    };

  return [
    {
      name: 'booking-made',
      topic: 'consultations',
      to: 'student',
      obligatory: false,
      by: ['mail', 'messenger'],
      sample: SAMPLE,
      parents: true,
      sources: [
        on(bookingCreated, async ({ documentId }) => {
          const booking = await told.find(documentId);
          return booking?.state === 'booked' ? [student(booking)] : [];
        }),
      ],
      describe: booked,
    },
    {
      name: 'booking-taken',
      topic: 'consultations',
      to: 'teacher',
      obligatory: false,
      by: ['page'],
      sample: SAMPLE,
      sources: [
        on(bookingCreated, async ({ documentId }) => {
          const booking = await told.find(documentId);
          return booking?.state === 'booked' ? [teacher(booking)] : [];
        }),
      ],
      describe: booked,
    },
    {
      name: 'booking-cancelled',
      topic: 'consultations',
      to: 'student',
      obligatory: true,
      by: ['page', 'mail', 'messenger', 'push'],
      sample: SAMPLE,
      parents: true,
      sources: [
        on(bookingCancelled, async ({ documentId, data }) => {
          const booking = data.side === 'teacher' ? await told.find(documentId) : null;
          return booking === null ? [] : [student(booking)];
        }),
      ],
      describe: cancelledBy('teacher'),
    },
    {
      name: 'booking-withdrawn',
      topic: 'consultations',
      to: 'teacher',
      obligatory: false,
      by: ['page', 'mail', 'messenger', 'push'],
      sample: SAMPLE,
      sources: [
        on(bookingCancelled, async ({ documentId, data }) => {
          const booking = data.side === 'student' ? await told.find(documentId) : null;
          return booking === null ? [] : [teacher(booking)];
        }),
      ],
      describe: cancelledBy('student'),
    },
    ...(['booking-confirmed', 'booking-late'] as const).map((name): NotificationKind => ({
      name,
      topic: 'consultations',
      to: 'teacher',
      obligatory: false,
      by: name === 'booking-late' ? ['page', 'messenger', 'push', 'mail'] : ['page'],
      sample: SAMPLE,
      // A student presses a button of a message.
      sources: [],
      describe: booked,
    })),
  ];
}

/** `<booking or slot>@<minutes before>@<its start>`: a moved booking has new reminders, and none is sent twice. */
export const reminderSubject = (id: string, minutes: number, startsAt: Date): string =>
  `${id}@${minutes}@${startsAt.getTime()}`;

const idOf = (subjectId: string): string => subjectId.split('@', 1)[0] ?? '';
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
      async describe({ subjectId }) {
        const booking = await told.find(idOf(subjectId));
        if (booking?.state !== 'booked' || booking.startsAt.getTime() !== startOf(subjectId)) return null;
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
        const { title, startsAt: when, place, link, booked, teacher } = slot;
        return {
          values: { title, when, place, link, booked, teacher, student: null, question: '', reason: '' },
          path: pathOf(slot),
          zone: slot.zone,
          expiresAt: slot.startsAt,
        };
      },
    },
  };
}
