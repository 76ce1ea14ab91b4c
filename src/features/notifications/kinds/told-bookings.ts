import type { EventType } from '../../../infra/events/index.js';
import type { ToldBooking, ToldBookings } from '../../consultations/index.js';
import {
  on,
  WAYS,
  type CalendarEntry,
  type Description,
  type NotificationKind,
  type Occurrence,
  type Source,
} from './kind.js';

export const SAMPLE = {
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

export const valuesOf = (booking: ToldBooking): Description['values'] => ({
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

export function calendarOf(booking: ToldBooking): CalendarEntry {
  const { id, bookedAt, state, movedFrom, cancellation, startsAt, endsAt, title, place, link } = booking;
  const changes = [cancellation?.at, movedFrom?.at, booking.placeToldAt].filter((at) => at !== undefined);
  const changedAt = new Date(Math.max(bookedAt.getTime(), ...changes.map((at) => at.getTime())));
  return {
    method: state === 'cancelled' ? 'CANCEL' : 'REQUEST',
    uid: id,
    sequence: Math.max(0, Math.ceil((changedAt.getTime() - bookedAt.getTime()) / 1_000)),
    ...{ startsAt, endsAt, title, place, link },
  };
}

export const peopleOf = ({ teacherId, personId }: ToldBooking): Description['people'] => ({
  teacher: teacherId,
  student: personId,
});

export const pathOf = ({ slotId }: { readonly slotId: string }): string => `consultations/slots/${slotId}`;

/** A subject of the move to this very time: a booking that is moved twice is told of twice. */
export const movedSubject = (booking: ToldBooking): string => `${booking.id}@0@${booking.startsAt.getTime()}`;

export const students = (booking: ToldBooking, subjectId = booking.id): Occurrence[] =>
  booking.personIds.map((personId) => ({ subjectId, personId, courseId: booking.courseId }));

export const teacher = (booking: ToldBooking, subjectId = booking.id): Occurrence[] => [
  { subjectId, personId: booking.teacherId, courseId: booking.courseId },
];

/** `<booking or slot>@<minutes before>@<its start>`: a moved booking has new reminders, and none is sent twice. */
export const reminderSubject = (id: string, minutes: number, startsAt: Date): string =>
  `${id}@${minutes}@${startsAt.getTime()}`;

export const idOf = (subjectId: string): string => subjectId.split('@', 1)[0] ?? '';
/** Of a reminder: how long before the start it is. */
export const minutesOf = (subjectId: string): number => Number(subjectId.split('@')[1]);
/** NaN where the subject names no start. */
export const startOf = (subjectId: string): number => Number(subjectId.split('@')[2]);

/** `<booking>@<who pressed>@<its start>`: each student of a booking may say it, and anew after a move. */
export const pressedSubject = ({ id, startsAt }: ToldBooking, personId: string): string =>
  `${id}@${personId}@${startsAt.getTime()}`;
export const pressedOf = (subjectId: string) => ({
  personId: subjectId.split('@')[1] ?? '',
  startsAt: startOf(subjectId),
});

/** `<booking>@@<its start>`, of a reminder's button. */
export const buttonSubject = ({ id, startsAt }: ToldBooking): string => `${id}@@${startsAt.getTime()}`;

/** A kind of message about bookings; by all ways unless it says otherwise. */
export const bookingKind = (
  name: string,
  to: 'student' | 'teacher',
  rest: Pick<NotificationKind, 'sources' | 'describe'> & Partial<NotificationKind>,
): NotificationKind => ({
  ...{ name, to, topic: 'consultations', obligatory: false, by: WAYS, sample: SAMPLE },
  ...rest,
});

/** Finds and describes the bookings that messages are about. */
export interface BookingSubjects {
  /** Finds who is told when an event of a booking comes. */
  readonly when: <D>(
    type: EventType<D>,
    who: (booking: ToldBooking, data: D) => readonly Occurrence[],
  ) => Source;
  /** Says what is true of a booking while it is in one of these states. */
  readonly inState: (
    states: readonly ToldBooking['state'][],
    more?: { readonly calendar?: boolean },
  ) => Describe;
  /** Says what is true of the subject's booking while this holds. */
  readonly whileTrue: (
    holds: (booking: ToldBooking, occurrence: Occurrence) => boolean,
    more?: { readonly calendar?: boolean },
  ) => Describe;
}

type Describe = NotificationKind['describe'];

/** What a message says of a booking. */
export const describedBooking = (booking: ToldBooking): Description => ({
  values: valuesOf(booking),
  people: peopleOf(booking),
  path: pathOf(booking),
  zone: booking.zone,
  expiresAt: booking.startsAt,
});

export function bookingSubjects(told: ToldBookings): BookingSubjects {
  const whileTrue: BookingSubjects['whileTrue'] =
    (holds, { calendar = false } = {}) =>
    async (occurrence) => {
      const booking = await told.find(idOf(occurrence.subjectId));
      if (booking === null || !holds(booking, occurrence)) return null;
      return { ...describedBooking(booking), ...(calendar && { calendar: calendarOf(booking) }) };
    };
  return {
    when: (type, who) =>
      on(type, async ({ documentId, data }) => {
        const booking = await told.find(documentId);
        return booking === null ? [] : who(booking, data);
      }),
    whileTrue,
    inState: (states, more) =>
      whileTrue(({ state, startsAt }, { subjectId }) => {
        const moment = startOf(subjectId);
        return states.includes(state) && (Number.isNaN(moment) || startsAt.getTime() === moment);
      }, more),
  };
}
