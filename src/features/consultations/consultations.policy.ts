import type { Actor } from '../../shared/actor.js';
import { HOUR } from '../../shared/clock.js';
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
export type Standing = 'open' | 'gone' | 'ended' | 'past' | 'closed';

/** The last moment for booking a slot. */
export const closesAt = (series: Pick<Series, 'closesHours'>, slot: Pick<Slot, 'startsAt'>): Date =>
  new Date(slot.startsAt.getTime() - series.closesHours * HOUR);

/** The last moment at which a student may cancel. */
export const cancelUntil = (series: Pick<Series, 'cancelHours'>, slot: Pick<Slot, 'startsAt'>): Date =>
  new Date(slot.startsAt.getTime() - series.cancelHours * HOUR);

export function standing(
  series: Pick<Series, 'state' | 'closesHours'>,
  slot: Pick<Slot, 'state' | 'startsAt'>,
  now: Date,
): Standing {
  if (slot.state !== 'open') return 'gone';
  if (now >= slot.startsAt) return 'past';
  if (series.state === 'ended') return 'ended';
  return now > closesAt(series, slot) ? 'closed' : 'open';
}
