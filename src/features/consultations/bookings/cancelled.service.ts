import type { PersonName } from '../../../shared/names.js';
import type { SeriesStore } from '../series/series.store.js';
import type { SlotsStore } from '../slots/slots.store.js';
import type { BookingsStore } from './bookings.store.js';

/** A booking that the teacher's side has cancelled, as its student is told of it. */
export interface CancelledBooking {
  readonly courseId: string;
  /** The student. */
  readonly personId: string;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** IANA name of the series' time zone. */
  readonly zone: string;
  readonly teacher: PersonName | null;
  readonly reason: string;
  readonly cancelledAt: Date;
}

export interface CancelledBookingsDeps {
  readonly bookings: Pick<BookingsStore, 'findAny'>;
  readonly slots: Pick<SlotsStore, 'findOptional'>;
  readonly series: Pick<SeriesStore, 'findMany'>;
  readonly findPeople: (ids: readonly string[]) => Promise<{ readonly name: PersonName }[]>;
}

/** Finds out what there is to say of a cancelled booking. Returns null unless the teacher's side cancelled it. */
export const findCancelledBooking =
  ({ bookings, slots, series, findPeople }: CancelledBookingsDeps) =>
  async (bookingId: string): Promise<CancelledBooking | null> => {
    const booking = await bookings.findAny(bookingId);
    if (booking?.state !== 'cancelled' || booking.cancellation?.side !== 'teacher') return null;
    const { courseId, personId, slotId, seriesId, startsAt, endsAt, cancellation } = booking;
    const [[found], slot] = await Promise.all([
      series.findMany([seriesId]),
      slots.findOptional(courseId, slotId),
    ]);
    if (found === undefined) return null;
    const [teacher] = slot === null ? [] : await findPeople([slot.teacherId]);
    return {
      courseId,
      personId,
      title: found.title,
      startsAt,
      endsAt,
      zone: found.pattern.zone,
      teacher: teacher?.name ?? null,
      reason: cancellation.reason,
      cancelledAt: cancellation.at,
    };
  };
