import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict, forbidden } from '../../../shared/errors.js';
import { mayManage } from '../consultations.policy.js';
import type { BookingService } from './booking.service.js';
import type { BookingsStore } from './bookings.store.js';

export interface ApprovalDeps {
  readonly find: Pick<BookingService, 'find' | 'findBooking'>;
  readonly bookings: Pick<BookingsStore, 'approve'>;
  readonly clock: Clock;
}

export interface Approval {
  /**
   * Says yes to a booking that waits for it; a second yes changes nothing. No is a cancellation with a reason.
   * @throws DomainError 409 `slot-past`, `try-again`; `forbidden`, `not-found`
   */
  approve(actor: Actor, bookingId: string): Promise<void>;
}

export const createApproval = ({ find, bookings, clock }: ApprovalDeps): Approval => ({
  async approve(actor, bookingId) {
    const booking = await find.findBooking(actor, bookingId);
    const { slot, series } = await find.find(actor, booking.slotId);
    if (!mayManage(actor, series, slot)) throw forbidden();
    const now = clock.now();
    if (now >= slot.startsAt) throw conflict('slot-past');
    if (booking.state === 'booked') return;
    if ((await bookings.approve(actor.courseId, bookingId, now)) === null) throw conflict('try-again');
  },
});
