import type { Actor } from '../../shared/actor.js';
import { DAY, HOUR, MINUTE } from '../../shared/clock.js';
import { instantAt } from '../../shared/zoned.js';
import type { Booking } from './bookings/bookings.store.js';
import { atLeast } from '../../shared/roles.js';
import type { Series } from './series/series.store.js';
import type { Slot } from './slots/slots.store.js';

/*
 * Who may do what, and until when. Everything here is about records of the actor's own course: stores find no
 * others.
 */

/** Makes series. */
export const mayTeach = (actor: Actor): boolean => atLeast(actor.role, 'teacher');

/** Chooses who teaches a series, and manages everybody's. */
export const mayManageAll = (actor: Actor): boolean => atLeast(actor.role, 'methodist');

/** Changes and ends a series, cancels its slots and bookings. A draft belongs to the first teacher who schedules it. */
export const mayManage = (
  actor: Actor,
  series: Pick<Series, 'teacherId' | 'state'>,
  slot?: Pick<Slot, 'teacherId'>,
): boolean =>
  mayManageAll(actor) ||
  (mayTeach(actor) &&
    (series.teacherId === actor.personId ||
      series.state === 'draft' ||
      // A substitute runs the slots of the substitution.
      slot?.teacherId === actor.personId));

/** Sees everybody's calendar and not their own alone. */
export const maySeeAll = (actor: Actor): boolean => mayManageAll(actor) || actor.role === 'assistant';

/** Sees who has booked, and what they ask. */
export const maySeeBookings = (
  actor: Actor,
  series: Pick<Series, 'teacherId' | 'state'>,
  slot?: Pick<Slot, 'teacherId'>,
): boolean => maySeeAll(actor) || mayManage(actor, series, slot);

export const mayBook = (actor: Actor): boolean => actor.role === 'student';

/** Whether a slot takes bookings now, and if not, why. */
export type Standing = 'open' | 'gone' | 'ended' | 'past' | 'early' | 'closed';

type Opening = Pick<Series, 'opensDays' | 'attestationOn'> & {
  readonly pattern: Pick<Series['pattern'], 'zone'>;
};

/**
 * The first moment for booking a slot; null: any. Series before an attestation open so many days before its date, all
 * others before each slot.
 */
export function opensAt(series: Opening, slot: Pick<Slot, 'startsAt'>): Date | null {
  if (series.opensDays === 0) return null;
  const attestation =
    series.attestationOn === '' ? null : instantAt(`${series.attestationOn}T00:00`, series.pattern.zone);
  return new Date((attestation ?? slot.startsAt).getTime() - series.opensDays * DAY);
}

const hoursBefore = (slot: Pick<Slot, 'startsAt'>, hours: number): Date =>
  new Date(slot.startsAt.getTime() - hours * HOUR);

/** The last moment for booking a slot. */
export const closesAt = (series: Pick<Series, 'closesHours'>, slot: Pick<Slot, 'startsAt'>): Date =>
  hoursBefore(slot, series.closesHours);

/** The last moment at which a student may cancel. */
export const cancelUntil = (series: Pick<Series, 'cancelHours'>, slot: Pick<Slot, 'startsAt'>): Date =>
  hoursBefore(slot, series.cancelHours);

/** The last moment at which a student may move the booking to another slot. */
export const rescheduleUntil = (
  series: Pick<Series, 'rescheduleHours'>,
  slot: Pick<Slot, 'startsAt'>,
): Date => hoursBefore(slot, series.rescheduleHours);

/** A booking can be undone by who made it for so long, whatever the deadline for cancelling. */
const UNDO_MS = MINUTE;

export const mayUndo = (
  booking: Pick<Booking, 'bookedAt' | 'bookedBy' | 'state'>,
  personId: string,
  now: Date,
): boolean =>
  (booking.state === 'booked' || booking.state === 'requested') &&
  booking.bookedBy === personId &&
  now.getTime() - booking.bookedAt.getTime() <= UNDO_MS;

export function standing(
  series: Pick<Series, 'state' | 'closesHours'> & Opening,
  slot: Pick<Slot, 'state' | 'startsAt'>,
  now: Date,
): Standing {
  if (slot.state !== 'open') return 'gone';
  if (now >= slot.startsAt) return 'past';
  if (series.state === 'ended') return 'ended';
  const opens = opensAt(series, slot);
  if (opens !== null && now < opens) return 'early';
  return now > closesAt(series, slot) ? 'closed' : 'open';
}
