import { kindOfClaim, type Claims } from '../../schedule/index.js';
import type { BookingClaims } from '../bookings/booking-claims.js';
import type { Booking, BookingsStore } from '../bookings/bookings.store.js';
import type { MovesStore } from '../bookings/moves.store.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Slot } from './slots.store.js';

export interface FollowSlotDeps {
  readonly series: Pick<SeriesStore, 'findOptional'>;
  readonly bookings: Pick<BookingsStore, 'cancel' | 'claimsOf'>;
  readonly moves: Pick<MovesStore, 'listBehind' | 'takeLocks' | 'follow'>;
  readonly claims: Claims;
  readonly claimsOf: BookingClaims;
}

/** Lets the bookings of a moved slot follow it; may be repeated. */
export type FollowSlot = (slot: Slot) => Promise<void>;

/** A booking that another request changes meanwhile is looked at again so often. */
const TRIES = 5;

export function createFollowSlot({ series, bookings, moves, claims, claimsOf }: FollowSlotDeps): FollowSlot {
  /** Returns null if the booking is not as it was, and whether its people have time otherwise. */
  async function follow(booking: Booking, slot: Slot, of: Series): Promise<boolean | null> {
    const { startsAt, endsAt, movedFrom } = slot;
    const time = { startsAt, endsAt, by: movedFrom?.by ?? '', at: movedFrom?.at ?? startsAt };
    const before = await bookings.claimsOf(booking.id);
    // Who waits, or was offered a seat, holds no time.
    if (!before.some((claim) => kindOfClaim(claim) === 'person'))
      return (await moves.follow(booking, time, { own: before, claims: before })) ? true : null;
    const { id, personIds, state } = booking;
    const { fixed, pools, locks = [] } = await claimsOf({ slot, series: of }, personIds, { id });
    const own = [...new Set([...before, ...locks])];
    // Not while another booking of these people is counted: this one may come into another week's or term's limits.
    // The teacher may move a slot into a week in which a student has used up a limit; it counts there all the same.
    const locked = await claims.lock(() => moves.takeLocks(booking, before, own));
    if (locked !== true) return null;
    // A booking that is only being made gives its locks up itself.
    const kept = state === 'pending' ? locks : [];
    const claimed = await claims.claim(
      { fixed: [...fixed, ...kept], pools, own },
      { write: (wanted) => moves.follow(booking, time, { own, claims: wanted }) },
    );
    if ('refused' in claimed) return false;
    return claimed.value ? true : null;
  }

  return async (slot) => {
    const of = await series.findOptional(slot.courseId, slot.seriesId);
    if (slot.movedFrom === null || of === null) return;
    const { by, at, reason } = slot.movedFrom;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const behind = await moves.listBehind(slot.id, slot.startsAt);
      if (behind.length === 0) return;
      for (const booking of behind) {
        if ((await follow(booking, slot, of)) === false) {
          // Busy at the new time since the teacher looked.
          await bookings.cancel(slot.courseId, booking.id, { at, by, side: 'teacher', reason });
        }
      }
    }
  };
}
