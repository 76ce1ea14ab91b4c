import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { assertNever, badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import type { Booking, BookingsStore, NewBooking } from './bookings.store.js';
import { cancelUntil, mayBook, mayManage, standing, type Standing } from '../consultations.policy.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Settling } from '../slots/settling.service.js';
import type { Slot, SlotsStore } from '../slots/slots.store.js';
import { occupancy } from '../slots/intervals.js';

export interface BookingServiceDeps {
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly bookings: BookingsStore;
  readonly settling: Settling;
  readonly clock: Clock;
}

/** @throws DomainError 409 when a slot takes no bookings */
function demandOpen(now: Standing): void {
  switch (now) {
    case 'open':
      return;
    case 'gone':
      throw conflict('slot-cancelled');
    case 'ended':
      throw conflict('series-ended');
    case 'past':
      throw conflict('slot-past');
    case 'closed':
      throw conflict('booking-closed');
    default:
      assertNever(now);
  }
}

export interface BookingService {
  find(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }>;
  /** A booking that the actor may cancel: their own, or of a series they manage. */
  findBooking(actor: Actor, bookingId: string): Promise<Booking>;
  /**
   * Books a seat of a slot for the actor. The insert of `claimSeat` decides; nothing before it does.
   *
   * A slot may be cancelled while the booking is on its way. Cancelling writes the slot first and looks
   * for bookings after; here the booking is written first and the slot looked at after. So one of the two
   * always sees the other: either the cancellation finds this booking, or the slot is found gone here and the
   * booking taken back before anybody was told. A slot that is just being taken away because it is free
   * (`closing`) is free no more: it is opened again. A process killed between the two steps leaves a
   * booking that `settle` finds and cancels.
   *
   * @throws DomainError 409: `slot-full`, `booking-overlaps`, `already-booked`, `booking-closed`, `slot-past`,
   *   `slot-cancelled`, `series-ended`, `try-again`; `bad-input` on `question`; `forbidden`, `not-found`
   */
  book(actor: Actor, slotId: string, question: string, when: (moment: Date) => string): Promise<Booking>;
  /**
   * Cancels a booking: the student's own until the series' deadline, anyone's by those who manage the series,
   * with a reason. Cancelling what is cancelled changes nothing.
   * @throws DomainError 409 `cancel-closed`, `slot-past`; `bad-input` on `reason`; `forbidden`, `not-found`
   */
  cancelBooking(actor: Actor, bookingId: string, reason: string): Promise<void>;
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

export function createBookingService({
  series,
  slots,
  bookings,
  settling,
  clock,
}: BookingServiceDeps): BookingService {
  async function find(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }> {
    const slot = await slots.findOptional(actor.courseId, slotId);
    const found = slot && (await series.findOptional(actor.courseId, slot.seriesId));
    if (slot === null || found === null) throw notFound();
    return { slot, series: found };
  }

  async function findManaged(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }> {
    const found = await find(actor, slotId);
    if (!mayManage(actor, found.series)) throw forbidden();
    return found;
  }

  /** A booking that the actor may cancel: their own, or of a series they manage. */
  async function findBooking(actor: Actor, bookingId: string): Promise<Booking> {
    const booking = await bookings.findOptional(actor.courseId, bookingId);
    if (booking === null) throw notFound();
    if (booking.personId === actor.personId) return booking;
    // To a student, another's booking does not exist.
    if (mayBook(actor)) throw notFound();
    await findManaged(actor, booking.slotId);
    return booking;
  }

  /** The second look at a slot, when the booking is written. */
  async function demandStillOpen(actor: Actor, slotId: string): Promise<void> {
    let seen = await find(actor, slotId);
    if (seen.slot.state === 'closing' && seen.series.state === 'active') {
      await slots.reopen(seen.slot);
      seen = await find(actor, slotId);
    }
    demandOpen(standing(seen.series, seen.slot, clock.now()));
  }

  /** @param when writes a moment for the person who reads the error */
  async function claim(
    booking: NewBooking,
    capacity: number,
    when: (moment: Date) => string,
  ): Promise<Booking> {
    const { slotId, personId } = booking;
    const taken = await bookings.taken([slotId]);
    if (taken.some((other) => other.personId === personId)) throw conflict('already-booked');
    const held = new Set(taken.map(({ seat }) => seat));
    const free = Array.from({ length: capacity }, (_, seat) => seat).filter((seat) => !held.has(seat));
    // Those who come at the same moment begin at different seats, and so seldom want the same one.
    const first = Math.floor(Math.random() * free.length);
    const occupied = occupancy(personId, booking);
    for (const seat of [...free.slice(first), ...free.slice(0, first)]) {
      const claimed = await bookings.claimSeat(booking, seat, occupied);
      if (claimed === 'occupied') throw await overlapping(booking, occupied, when);
      if (claimed !== 'seat') return claimed;
    }
    throw conflict('slot-full');
  }

  async function overlapping(
    { slotId }: NewBooking,
    occupied: readonly string[],
    when: (moment: Date) => string,
  ): Promise<Error> {
    const other = await bookings.holding(occupied);
    // Freed at this very moment.
    if (other === null) return conflict('try-again');
    if (other.slotId === slotId) return conflict('already-booked');
    const [otherSeries] = await series.findMany([other.seriesId]);
    return conflict('booking-overlaps', { title: otherSeries?.title ?? '', when: when(other.startsAt) });
  }

  return {
    find,
    findBooking,

    async book(
      actor: Actor,
      slotId: string,
      question: string,
      when: (moment: Date) => string,
    ): Promise<Booking> {
      const found = await find(actor, slotId);
      if (!mayBook(actor)) throw forbidden();
      const { slot, series: bookedSeries } = found;
      demandOpen(standing(bookedSeries, slot, clock.now()));
      if (bookedSeries.question === 'required' && question === '') {
        throw badInput({ question: 'errors.field.missing' });
      }
      const booking = await claim(
        {
          courseId: actor.courseId,
          slotId,
          seriesId: bookedSeries.id,
          personId: actor.personId,
          startsAt: slot.startsAt,
          endsAt: slot.endsAt,
          question: bookedSeries.question === 'none' ? '' : question,
          bookedAt: clock.now(),
        },
        bookedSeries.capacity,
        when,
      );
      try {
        await demandStillOpen(actor, slotId);
      } catch (error) {
        await bookings.takeBack(booking.id);
        throw error;
      }
      await bookings.announce(booking.id, clock.now());
      return booking;
    },

    async cancelBooking(actor: Actor, bookingId: string, reason: string): Promise<void> {
      const booking = await findBooking(actor, bookingId);
      const { slot, series: bookedSeries } = await find(actor, booking.slotId);
      const own = booking.personId === actor.personId;
      if (booking.state === 'cancelled') return;
      const now = clock.now();
      if (now >= slot.startsAt) throw conflict('slot-past');
      if (own && now > cancelUntil(bookedSeries, slot)) throw conflict('cancel-closed');
      if (!own && reason === '') throw badInput({ reason: 'errors.field.missing' });
      const side = own ? 'student' : 'teacher';
      await bookings.cancel(actor.courseId, bookingId, { at: now, by: actor.personId, side, reason });
    },

    async cancelSlot(actor: Actor, slotId: string, reason: string): Promise<void> {
      const { slot } = await findManaged(actor, slotId);
      if (reason === '') throw badInput({ reason: 'errors.field.missing' });
      const at = clock.now();
      if (slot.state === 'removed' || slot.state === 'cancelled') return;
      if (at >= slot.startsAt) throw conflict('slot-past');
      const cancellation = { at, by: actor.personId, side: 'teacher', reason } as const;
      const cancelled = await slots.cancel(actor.courseId, slotId, cancellation, settling.lookAgain());
      if (cancelled === null) throw conflict('try-again');
      await bookings.cancelAll(slotId, cancellation);
    },

    async removeSlot(actor: Actor, slotId: string): Promise<void> {
      const { slot } = await findManaged(actor, slotId);
      const at = clock.now();
      if (at >= slot.startsAt) throw conflict('slot-past');
      const cancellation = { at, by: actor.personId, side: 'teacher', reason: '' } as const;
      if (!(await settling.removeIfFree(actor.courseId, slotId, cancellation))) throw conflict('slot-booked');
    },
  };
}
