import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict, forbidden, notFound } from '../../../shared/errors.js';
import { mayBook, mayManage, standing } from '../consultations.policy.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Slot, SlotsStore } from '../slots/slots.store.js';
import { demandBookable, demandOpen } from './booking-rules.js';
import type { Booking, BookingsStore } from './bookings.store.js';

export interface FindingDeps {
  readonly series: Pick<SeriesStore, 'findOptional'>;
  readonly slots: Pick<SlotsStore, 'findOptional' | 'reopen'>;
  readonly bookings: Pick<BookingsStore, 'findOptional'>;
  readonly clock: Clock;
}

/** Finds slots and bookings of the actor's course. @throws DomainError `forbidden`, `not-found` */
export interface Finding {
  find(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }>;
  findManaged(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }>;
  /** A booking that the actor may change: their own, or of a series they manage. */
  findBooking(actor: Actor, bookingId: string): Promise<Booking>;
  /**
   * Looks at a slot again after a booking was written.
   * @param at the time for which it was written
   * @throws DomainError 409: why the slot takes no bookings any more, or `try-again` if it has moved
   */
  demandStillOpen(actor: Actor, slotId: string, at: Date, byTeacher: boolean): Promise<void>;
}

export function createFinding({ series, slots, bookings, clock }: FindingDeps): Finding {
  async function find(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }> {
    const slot = await slots.findOptional(actor.courseId, slotId);
    const found = slot && (await series.findOptional(actor.courseId, slot.seriesId));
    if (slot === null || found === null) throw notFound();
    return { slot, series: found };
  }

  async function findManaged(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }> {
    const found = await find(actor, slotId);
    if (!mayManage(actor, found.series, found.slot)) throw forbidden();
    return found;
  }

  return {
    find,
    findManaged,

    async findBooking(actor, bookingId) {
      const booking = await bookings.findOptional(actor.courseId, bookingId);
      if (booking === null) throw notFound();
      if (booking.personIds.includes(actor.personId)) return booking;
      // To a student, another's booking does not exist.
      if (mayBook(actor)) throw notFound();
      await findManaged(actor, booking.slotId);
      return booking;
    },

    async demandStillOpen(actor, slotId, at, byTeacher) {
      let seen = await find(actor, slotId);
      if (seen.slot.state === 'closing' && seen.series.state === 'active') {
        await slots.reopen(seen.slot);
        seen = await find(actor, slotId);
      }
      if (seen.slot.startsAt.getTime() !== at.getTime()) throw conflict('try-again');
      const now = standing(seen.series, seen.slot, clock.now());
      if (byTeacher) demandBookable(now);
      else demandOpen(now);
    },
  };
}
