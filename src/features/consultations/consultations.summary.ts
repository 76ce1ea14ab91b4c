import type { ConsultationType } from './series/series-settings.js';
import type { FreeSlot, HeldSlot, OwnBooking } from './slots/slot-list.service.js';
import { isOnline, isVideoOpen } from './video/video.policy.js';
import type { PersonName } from '../../shared/names.js';

/* What other features are told of consultations. */

/** One of the actor's next consultations. */
export interface Upcoming {
  readonly role: 'student' | 'teacher';
  readonly slotId: string;
  readonly title: string;
  readonly type: ConsultationType;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly place: string;
  /** Whether there is a video call. */
  readonly online: boolean;
  /** Whether the person may join it by now, at `<path>/video`. */
  readonly videoOpen: boolean;
  readonly teacher: PersonName | null;
  readonly capacity: number;
  /** How many have booked; for a student, nothing is told: 0. */
  readonly booked: number;
  /** Its page, below `/c/<course key>/`. */
  readonly path: string;
}

/** @param at the moment, and how long before the beginning a call opens, in minutes */
export function upcomingView(
  item: OwnBooking | HeldSlot,
  { now, videoMinutes }: { readonly now: Date; readonly videoMinutes: number },
): Upcoming {
  const { slot, series, teacher } = item;
  return {
    role: 'bookings' in item ? 'teacher' : 'student',
    slotId: slot.id,
    title: series.title,
    type: series.type,
    startsAt: slot.startsAt,
    endsAt: slot.endsAt,
    place: slot.place || series.place,
    online: isOnline(series),
    videoOpen: isOnline(series) && ('bookings' in item || isVideoOpen(slot, videoMinutes, now)),
    teacher: teacher?.name ?? null,
    capacity: series.capacity,
    booked:
      'bookings' in item
        ? item.bookings
            .filter(({ booking: { state } }) => state === 'booked' || state === 'requested')
            .reduce((sum, { booking }) => sum + booking.personIds.length, 0)
        : 0,
    path: `consultations/slots/${slot.id}`,
  };
}

/** A time at which a teacher can be met. */
export interface NextFree {
  readonly courseId: string;
  readonly seriesId: string;
  readonly slotId: string;
  readonly title: string;
  readonly type: ConsultationType;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly seatsLeft: number;
}

export const nextFreeView = ({ slot, series, seatsLeft }: FreeSlot): NextFree => ({
  courseId: slot.courseId,
  seriesId: series.id,
  slotId: slot.id,
  title: series.title,
  type: series.type,
  startsAt: slot.startsAt,
  endsAt: slot.endsAt,
  seatsLeft,
});
