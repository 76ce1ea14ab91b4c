import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict, forbidden } from '../../../shared/errors.js';
import { newToken } from '../../../shared/ids.js';
import { kindOfClaim, type Claims } from '../../schedule/index.js';
import { mayBook, mayManage, rescheduleUntil, standing } from '../consultations.policy.js';
import type { BookingClaims } from './booking-claims.js';
import { demandBookable, demandOpen } from './booking-rules.js';
import { UNFINISHED_BOOKING_MS, type BookingService } from './booking.service.js';
import { COMING, type Booking, type BookingsStore } from './bookings.store.js';
import type { MovesStore } from './moves.store.js';
import type { Overlaps, SayMoment } from './overlaps.service.js';

export interface MovingDeps {
  readonly find: Pick<BookingService, 'find' | 'findBooking' | 'demandStillOpen'>;
  readonly bookings: Pick<BookingsStore, 'claimsOf' | 'hasWaiting'>;
  readonly moves: MovesStore;
  readonly claims: Claims;
  readonly claimsOf: BookingClaims;
  readonly overlaps: Overlaps;
  readonly clock: Clock;
}

export interface Moving {
  /**
   * Moves a booking to another slot of the course. First the booking holds the claims of both slots, then the new slot
   * is looked at again, and one write gives up the old ones: at no moment is it without a seat, and when anything is
   * refused it is where it was.
   * @throws DomainError 409 as `book` does, and `reschedule-closed`; `forbidden`, `not-found`
   */
  moveBooking(actor: Actor, bookingId: string, slotId: string, when: SayMoment): Promise<Booking>;
}

/** A student asks anew where a yes is wanted; a teacher's move is neither yes nor no. */
function movedState(
  { state }: Booking,
  { approval }: { readonly approval: string },
  byTeacher: boolean,
): Booking['state'] {
  if (byTeacher) return state;
  return approval === 'required' ? 'requested' : 'booked';
}

export function createMoving(deps: MovingDeps): Moving {
  const { find, bookings, moves, clock } = deps;

  async function prepare(actor: Actor, bookingId: string, slotId: string) {
    const booking = await find.findBooking(actor, bookingId);
    if (!COMING.includes(booking.state)) throw conflict('try-again');
    if (booking.slotId === slotId) throw conflict('already-booked');
    const [from, to] = await Promise.all([find.find(actor, booking.slotId), find.find(actor, slotId)]);
    const now = clock.now();
    if (now >= from.slot.startsAt) throw conflict('slot-past');
    const byTeacher = !mayBook(actor);
    if (byTeacher) {
      if (![from, to].every(({ series, slot }) => mayManage(actor, series, slot))) throw forbidden();
      demandBookable(standing(to.series, to.slot, now));
    } else {
      if (now > rescheduleUntil(from.series, from.slot)) throw conflict('reschedule-closed');
      demandOpen(standing(to.series, to.slot, now));
      if (await bookings.hasWaiting(slotId)) throw conflict('slot-full');
    }
    return { booking, from, to, byTeacher, now };
  }

  return {
    async moveBooking(actor, bookingId, slotId, when) {
      const { booking, from, to, byTeacher, now } = await prepare(actor, bookingId, slotId);
      const own = await bookings.claimsOf(bookingId);
      const token = newToken();
      let next: string[] = [];
      const claimed = await deps.claims.claim(
        { ...(await deps.claimsOf(to, booking.personIds, { id: bookingId, counted: from })), own },
        {
          write: (claims, locks) => {
            next = claims;
            return moves.begin(booking, {
              ...{ token, slotId, own, claims: [...claims, ...locks] },
              unfinishedAt: new Date(now.getTime() + UNFINISHED_BOOKING_MS),
            });
          },
          takeBack: async (begun) => begun && (await moves.giveUp(bookingId, token)),
        },
      );
      if ('refused' in claimed) {
        throw kindOfClaim(claimed.refused) === 'person'
          ? await deps.overlaps.refusal(actor, slotId, claimed.refused, when)
          : conflict('try-again');
      }
      if (!claimed.value) throw conflict('try-again');
      try {
        await find.demandStillOpen(actor, slotId, to.slot.startsAt, byTeacher);
      } catch (error) {
        await moves.giveUp(bookingId, token);
        throw error;
      }
      const moved = await moves.finish(bookingId, token, {
        ...{
          slotId,
          seriesId: to.series.id,
          startsAt: to.slot.startsAt,
          endsAt: to.slot.endsAt,
          claims: next,
        },
        state: movedState(booking, to.series, byTeacher),
        movedFrom: {
          slotId: booking.slotId,
          startsAt: booking.startsAt,
          at: clock.now(),
          by: actor.personId,
          side: byTeacher ? 'teacher' : 'student',
        },
      });
      if (moved === null) throw conflict('try-again');
      return moved;
    },
  };
}
