import type { Actor } from '../../../shared/actor.js';
import { HOUR, type Clock } from '../../../shared/clock.js';
import { conflict, forbidden } from '../../../shared/errors.js';
import { kindOfClaim, refusedClaim, seatClaims, type Claims, type TimesStore } from '../../schedule/index.js';
import type { Person } from '../../membership/index.js';
import { closesAt, mayBook, standing } from '../consultations.policy.js';
import type { SeriesStore } from '../series/series.store.js';
import type { SlotsStore } from '../slots/slots.store.js';
import type { BookingClaims } from './booking-claims.js';
import { demandOpen } from './booking-rules.js';
import { UNFINISHED_BOOKING_MS, type BookingService } from './booking.service.js';
import { COMING, type Booking, type BookingsStore } from './bookings.store.js';
import type { Overlaps, SayMoment } from './overlaps.service.js';
import type { WaitingStore } from './waiting.store.js';

/** A seat is held so long for who is next on the list, or until booking closes. */
const OFFER_MS = 12 * HOUR;

export interface WaitingDeps {
  readonly find: Pick<BookingService, 'find' | 'findBooking'>;
  readonly series: Pick<SeriesStore, 'findMany'>;
  readonly slots: Pick<SlotsStore, 'findMany'>;
  readonly bookings: BookingsStore;
  readonly waiting: WaitingStore;
  readonly claims: Claims;
  readonly times: TimesStore;
  readonly claimsOf: BookingClaims;
  readonly overlaps: Overlaps;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
  readonly clock: Clock;
}

/** Someone on the waiting list of a slot, as its teacher sees it. */
export interface InLine {
  readonly person: Person | null;
  readonly tellOnly: boolean;
  /** Until when a seat is held; null while no seat is offered. */
  readonly offeredUntil: Date | null;
}

export interface Waiting {
  /**
   * Puts the actor on the waiting list of a full slot, once.
   * @param tellOnly only wants word of a free seat
   * @throws DomainError 409 `already-booked`, `slot-free`, or why the slot takes no bookings
   */
  join(actor: Actor, slotId: string, tellOnly: boolean): Promise<void>;
  /** The place of a booking on its slot's list, from 1. */
  positionOf(booking: Pick<Booking, 'id' | 'slotId' | 'tellOnly'>): Promise<number>;
  /** The waiting list of a slot, the first first; those who only want word of a seat last. */
  lineOf(slotId: string): Promise<InLine[]>;
  /** Takes the seat that is held. @throws DomainError 409 `offer-over`, `booking-overlaps`, `limit-…` */
  accept(actor: Actor, bookingId: string, when: SayMoment): Promise<Booking>;
  /** Offers the free seats of a slot to those who are next; may be repeated. */
  offerSeats(slotId: string): Promise<void>;
  /** The same for all slots of a series for which someone waits. */
  offerSeatsOf(seriesId: string): Promise<void>;
}

export function createWaiting(deps: WaitingDeps): Waiting {
  const { find, bookings, waiting, clock } = deps;

  async function bookableOf(slotId: string) {
    const [slot] = await deps.slots.findMany([slotId]);
    if (slot === undefined) return null;
    const [series] = await deps.series.findMany([slot.seriesId]);
    return series === undefined ? null : { slot, series };
  }

  return {
    async offerSeatsOf(seriesId) {
      for (const slotId of await waiting.listSlots(seriesId)) await this.offerSeats(slotId);
    },

    async join(actor, slotId, tellOnly) {
      if (!mayBook(actor)) throw forbidden();
      const { slot, series } = await find.find(actor, slotId);
      const now = clock.now();
      demandOpen(standing(series, slot, now));
      const own = await bookings.findOfPerson(slotId, actor.personId);
      if (own?.state === 'waiting') return;
      if (own !== null) throw conflict('already-booked');
      const taken = await bookings.taken([slotId]);
      const seats = taken.reduce((sum, item) => sum + item.seats, 0);
      if (seats < series.capacity && !(await bookings.hasWaiting(slotId))) throw conflict('slot-free');
      const { courseId, personId } = actor;
      await waiting.join({
        ...{ courseId, slotId, personId, tellOnly, seriesId: series.id, question: '', bookedAt: now },
        ...{ startsAt: slot.startsAt, endsAt: slot.endsAt },
      });
      // A seat may have become free between the look and the list.
      await this.offerSeats(slotId);
    },

    async positionOf({ id, slotId, tellOnly }) {
      const list = await waiting.list(slotId, tellOnly);
      return list.findIndex((item) => item.id === id) + 1;
    },

    async lineOf(slotId) {
      const line = await waiting.listLine(slotId);
      if (line.length === 0) return [];
      const found = await deps.findPeople(line.map(({ personId }) => personId));
      const people = new Map(found.map((person) => [person.id, person]));
      return [...line]
        .sort((a, b) => Number(a.tellOnly) - Number(b.tellOnly))
        .map(({ personId, tellOnly, offeredUntil }) => ({
          ...{ person: people.get(personId) ?? null, tellOnly, offeredUntil },
        }));
    },

    async accept(actor, bookingId, when) {
      const booking = await find.findBooking(actor, bookingId);
      // Nobody takes a seat for another.
      if (!booking.personIds.includes(actor.personId)) throw forbidden();
      const bookable = await find.find(actor, booking.slotId);
      const now = clock.now();
      if (COMING.includes(booking.state)) return booking;
      const ends = Math.min(booking.offeredUntil?.getTime() ?? 0, bookable.slot.startsAt.getTime());
      if (booking.state !== 'offered' || now.getTime() >= ends) throw conflict('offer-over');
      const own = await bookings.claimsOf(bookingId);
      // Another request accepts it, or was killed while it did.
      if (own.length > 1) throw conflict('try-again');
      const request = { ...(await deps.claimsOf(bookable, booking.personIds, { id: bookingId })), own };
      const claimed = await deps.claims.claim(request, {
        write: async (claims, locks) => {
          const held = [...claims, ...locks];
          const unfinishedAt = new Date(now.getTime() + UNFINISHED_BOOKING_MS);
          return (await waiting.hold(bookingId, { own, claims: held, at: now, unfinishedAt }))
            ? { held, claims }
            : null;
        },
        takeBack: async (hold) => hold !== null && (await waiting.letGo(bookingId)),
      });
      if ('refused' in claimed) {
        throw kindOfClaim(claimed.refused) === 'person'
          ? await deps.overlaps.refusal(actor, booking.slotId, claimed.refused, when)
          : conflict('try-again');
      }
      const state = bookable.series.approval === 'required' ? 'requested' : 'booked';
      const hold = claimed.value;
      const accepted = hold && (await waiting.accept(bookingId, { ...hold, state, at: now }));
      if (accepted === null) throw conflict('offer-over');
      return accepted;
    },

    async offerSeats(slotId) {
      const bookable = await bookableOf(slotId);
      const now = clock.now();
      if (bookable === null || standing(bookable.series, bookable.slot, now) !== 'open') return;
      const { slot, series } = bookable;
      const until = new Date(
        Math.min(now.getTime() + OFFER_MS, closesAt(series, slot).getTime(), slot.startsAt.getTime()),
      );
      const seats = seatClaims(slotId, series.capacity);
      for (const next of await waiting.list(slotId, false)) {
        const held = await deps.times.listHeld(seats);
        const seat = seats.find((claim) => !held.has(claim));
        if (seat === undefined) return;
        try {
          await waiting.offer(next.id, seat, until, now);
        } catch (error) {
          // Taken meanwhile: the job is asked again when it is free.
          if (refusedClaim(error) === null) throw error;
          return;
        }
      }
      const held = await deps.times.listHeld(seats);
      if (held.size >= seats.length) return;
      for (const next of await waiting.list(slotId, true)) await waiting.tell(next.id, now);
    },
  };
}
