import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict } from '../../../shared/errors.js';
import type { Identities } from '../../schedule/index.js';
import { cancelUntil, mayBook, mayUndo } from '../consultations.policy.js';
import type { Settling } from '../slots/settling.service.js';
import type { SlotsStore } from '../slots/slots.store.js';
import type { BookingService } from './booking.service.js';
import { COMING, type BookingsStore } from './bookings.store.js';

export interface CancellingDeps {
  readonly find: Pick<BookingService, 'find' | 'findManaged' | 'findBooking'>;
  readonly slots: Pick<SlotsStore, 'cancel'>;
  readonly bookings: BookingsStore;
  readonly settling: Settling;
  readonly identities: Pick<Identities, 'idsOf'>;
  readonly clock: Clock;
}

export interface Cancelling {
  /**
   * Cancels a booking: the student's own until the series' deadline, anyone's by those who manage the series,
   * with a reason. One of several who were booked together leaves alone. Cancelling what is cancelled changes nothing.
   * @throws DomainError 409 `cancel-closed`, `slot-past`; `bad-input` on `reason`; `forbidden`, `not-found`
   */
  cancelBooking(actor: Actor, bookingId: string, reason: string): Promise<void>;
  /**
   * Takes a booking back within a minute, by who made it, whatever the deadlines.
   * @throws DomainError 409 `undo-late`; `not-found`
   */
  undo(actor: Actor, bookingId: string): Promise<void>;
  /**
   * Cancels a slot with everybody's bookings. Cancelling what is gone changes nothing.
   * @throws DomainError `bad-input` on `reason`; 409 `slot-past`, `try-again`; `forbidden`, `not-found`
   */
  cancelSlot(actor: Actor, slotId: string, reason: string): Promise<void>;
  /**
   * Removes a slot without bookings.
   * @throws DomainError 409 `slot-booked` if it is booked, `slot-past`; `forbidden`, `not-found`
   */
  removeSlot(actor: Actor, slotId: string): Promise<void>;
}

export function createCancelling({
  find,
  slots,
  bookings,
  settling,
  identities,
  clock,
}: CancellingDeps): Cancelling {
  return {
    async cancelBooking(actor, bookingId, reason) {
      const booking = await find.findBooking(actor, bookingId);
      const { slot, series } = await find.find(actor, booking.slotId);
      const own = booking.personIds.includes(actor.personId);
      if (booking.state === 'cancelled') return;
      const now = clock.now();
      if (now >= slot.startsAt) throw conflict('slot-past');
      const expected = COMING.includes(booking.state);
      // Who only waits may leave at any time.
      if (own && expected && now > cancelUntil(series, slot)) throw conflict('cancel-closed');
      if (!own && reason === '') throw badInput({ reason: 'errors.field.missing' });
      if (own && expected && booking.personIds.length > 1 && booking.bookedBy !== actor.personId) {
        const ids = (await identities.idsOf([actor.personId])).get(actor.personId) ?? [actor.personId];
        if ((await bookings.leave(booking, actor.personId, ids, now)) === null) throw conflict('try-again');
        return;
      }
      const side = own ? 'student' : 'teacher';
      await bookings.cancel(actor.courseId, bookingId, { at: now, by: actor.personId, side, reason });
    },

    async undo(actor, bookingId) {
      const booking = await find.findBooking(actor, bookingId);
      const { slot } = await find.find(actor, booking.slotId);
      const now = clock.now();
      if (booking.state === 'cancelled') return;
      if (!mayUndo(booking, actor.personId, now) || now >= slot.startsAt) throw conflict('undo-late');
      const side = mayBook(actor) ? 'student' : 'teacher';
      const cancellation = { at: now, by: actor.personId, side, reason: '' } as const;
      await bookings.cancel(actor.courseId, bookingId, cancellation);
    },

    async cancelSlot(actor, slotId, reason) {
      const { slot } = await find.findManaged(actor, slotId);
      if (reason === '') throw badInput({ reason: 'errors.field.missing' });
      const at = clock.now();
      if (slot.state === 'removed' || slot.state === 'cancelled') return;
      if (at >= slot.startsAt) throw conflict('slot-past');
      const cancellation = { at, by: actor.personId, side: 'teacher', reason } as const;
      const gone = await slots.cancel(actor.courseId, slotId, cancellation, settling.lookAgain());
      if (gone === null) throw conflict('try-again');
      await bookings.cancelAll(slotId, cancellation);
    },

    async removeSlot(actor, slotId) {
      const { slot } = await find.findManaged(actor, slotId);
      const at = clock.now();
      if (at >= slot.startsAt) throw conflict('slot-past');
      const cancellation = { at, by: actor.personId, side: 'teacher', reason: '' } as const;
      if (!(await settling.removeIfFree(actor.courseId, slotId, cancellation))) throw conflict('slot-booked');
    },
  };
}
