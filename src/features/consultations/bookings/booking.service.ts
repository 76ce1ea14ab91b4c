import type { Actor } from '../../../shared/actor.js';
import { MINUTE, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import { kindOfClaim, type Claims, type Identities } from '../../schedule/index.js';
import { mayBook, mayManage, standing } from '../consultations.policy.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Slot, SlotsStore } from '../slots/slots.store.js';
import { atOnceClaims, bookingClaims } from './booking-claims.js';
import { demandBookable, demandOpen } from './booking-rules.js';
import type { Booking, BookingsStore } from './bookings.store.js';
import type { Companions } from './companions.service.js';
import type { Topics } from './topics.js';
import type { Overlaps, SayMoment } from './overlaps.service.js';

export interface BookingServiceDeps {
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly bookings: BookingsStore;
  readonly claims: Claims;
  readonly identities: Pick<Identities, 'idsOf'>;
  readonly companions: Companions;
  readonly overlaps: Overlaps;
  readonly topics: Topics;
  readonly clock: Clock;
}

export interface BookingOptions {
  /** Everyone to be booked, all or none; the actor when absent. */
  readonly personIds?: readonly string[] | undefined;
  /** What it is about beside the question; '' for nothing. */
  readonly topic?: string | undefined;
  /** Made by the form or the client: a request that is repeated books once. */
  readonly key?: string | undefined;
}

/** A booking whose request was killed between two steps is looked at after this long. */
export const UNFINISHED_BOOKING_MS = MINUTE / 6;

export interface BookingService {
  find(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }>;
  findManaged(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }>;
  /** A booking that the actor may change: their own, or of a series they manage. */
  findBooking(actor: Actor, bookingId: string): Promise<Booking>;
  /**
   * Looks at a slot again after a booking was written.
   * @param at the time for which it was written
   */
  demandStillOpen(actor: Actor, slotId: string, at: Date, byTeacher: boolean): Promise<void>;
  /**
   * Books a seat of a slot for each person. The unique index on claims decides; nothing before it does.
   *
   * A slot may be cancelled or moved while the booking is on its way. Cancelling writes the slot first and looks for
   * bookings after; here the booking is written first, as pending, and the slot looked at after. So the cancellation
   * finds this booking, or the slot is found gone here and the booking taken back before anybody was told. A slot that
   * is just being taken away because it is free (`closing`) is free no more: it is opened again. A pending booking
   * of a killed process is removed by a job.
   *
   * @param when writes a moment for the person who reads the error
   * @throws DomainError 409: `slot-full`, `booking-overlaps`, `companion-busy`, `already-booked`, `booking-early`,
   *   `booking-closed`, `slot-past`, `slot-cancelled`, `series-ended`, `limit-…`, `too-many-bookings`, `try-again`; `bad-input`; `forbidden`,
   *   `not-found`
   */
  book(
    actor: Actor,
    slotId: string,
    question: string,
    when: SayMoment,
    options?: BookingOptions,
  ): Promise<Booking>;
}

/** Of one person in one course, not over yet: no timetable has room for more. */
const MOST_ACTIVE = 100;

export function createBookingService(deps: BookingServiceDeps): BookingService {
  const { series, slots, bookings, clock } = deps;

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

  async function findBooking(actor: Actor, bookingId: string): Promise<Booking> {
    const booking = await bookings.findOptional(actor.courseId, bookingId);
    if (booking === null) throw notFound();
    if (booking.personIds.includes(actor.personId)) return booking;
    // To a student, another's booking does not exist.
    if (mayBook(actor)) throw notFound();
    await findManaged(actor, booking.slotId);
    return booking;
  }

  async function demandStillOpen(actor: Actor, slotId: string, at: Date, byTeacher: boolean): Promise<void> {
    let seen = await find(actor, slotId);
    if (seen.slot.state === 'closing' && seen.series.state === 'active') {
      await slots.reopen(seen.slot);
      seen = await find(actor, slotId);
    }
    if (seen.slot.startsAt.getTime() !== at.getTime()) throw conflict('try-again');
    const now = standing(seen.series, seen.slot, clock.now());
    if (byTeacher) demandBookable(now);
    else demandOpen(now);
  }

  /** Who comes, and whether the teacher's side books them. */
  async function peopleOf(actor: Actor, of: Series, asked: readonly string[] | undefined) {
    const byTeacher = !mayBook(actor);
    if (byTeacher && !mayManage(actor, of)) throw forbidden();
    const others = asked ?? (byTeacher ? [] : [actor.personId]);
    const personIds = [...new Set(byTeacher ? others : [actor.personId, ...others])];
    if (personIds.length === 0) throw badInput({ person: 'errors.field.chooseOne' });
    if (personIds.some((id) => id !== actor.personId) || byTeacher) {
      await deps.companions.demandAllowed(actor, of, personIds);
    }
    return { personIds, byTeacher };
  }

  async function demandNotHeld(slotId: string, personIds: readonly string[]): Promise<void> {
    const taken = await bookings.taken([slotId]);
    if (taken.some((other) => other.personIds.some((id) => personIds.includes(id)))) {
      throw conflict('already-booked');
    }
  }

  return {
    find,
    findManaged,
    findBooking,
    demandStillOpen,

    async book(actor, slotId, question, when, { personIds: asked, topic = '', key } = {}) {
      const { slot, series: bookedSeries } = await find(actor, slotId);
      const { personIds, byTeacher } = await peopleOf(actor, bookedSeries, asked);
      const requestKey = key === undefined || key === '' ? undefined : `${actor.personId}:${key}`;
      const made = requestKey === undefined ? null : await bookings.findByRequest(requestKey);
      if (made !== null) return made;
      const now = clock.now();
      if (byTeacher) demandBookable(standing(bookedSeries, slot, now));
      else demandOpen(standing(bookedSeries, slot, now));
      if (!byTeacher && bookedSeries.question === 'required' && question === '') {
        throw badInput({ question: 'errors.field.missing' });
      }
      if (topic !== '' && (await deps.topics.describe(actor, topic)) === null) throw notFound();
      await demandNotHeld(slotId, personIds);
      const active = await bookings.countActive(actor.courseId, personIds[0] ?? '', now, MOST_ACTIVE);
      if (active >= MOST_ACTIVE) throw conflict('too-many-bookings');
      // A seat that has become free belongs to those who wait.
      if (!byTeacher && (await bookings.hasWaiting(slotId))) throw conflict('slot-full');
      const bookable = { slot, series: bookedSeries };
      for (const id of personIds) await bookings.releaseOver(atOnceClaims(bookable, id), now);
      const claimed = await deps.claims.claim(
        await bookingClaims(deps.identities, bookable, personIds),
        (claims) =>
          bookings.insert(
            {
              courseId: actor.courseId,
              slotId,
              seriesId: bookedSeries.id,
              personId: personIds[0] ?? actor.personId,
              personIds,
              startsAt: slot.startsAt,
              endsAt: slot.endsAt,
              question: bookedSeries.question === 'none' ? '' : question,
              ...(topic !== '' && { topic }),
              bookedAt: now,
              bookedBy: actor.personId,
              requestKey,
            },
            claims,
            new Date(now.getTime() + UNFINISHED_BOOKING_MS),
          ),
      );
      if ('refused' in claimed) {
        throw kindOfClaim(claimed.refused) === 'person'
          ? await deps.overlaps.refusal(actor, slotId, claimed.refused, when)
          : conflict('try-again');
      }
      const { booking, repeated } = claimed.value;
      if (repeated) return booking;
      try {
        await demandStillOpen(actor, slotId, slot.startsAt, byTeacher);
      } catch (error) {
        await bookings.takeBack(booking.id);
        throw error;
      }
      const state = bookedSeries.approval === 'required' && !byTeacher ? 'requested' : 'booked';
      const side = byTeacher ? 'teacher' : 'student';
      const stands = await bookings.confirm(booking.id, state, side, clock.now());
      // Cancelled with its slot between the second look and now.
      return stands ?? (await bookings.findAny(booking.id)) ?? booking;
    },
  };
}
