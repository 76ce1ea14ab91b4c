import type { Clock } from '../../../shared/clock.js';
import type { BookingsStore } from './bookings.store.js';
import type { MovesStore } from './moves.store.js';
import type { WaitingStore } from './waiting.store.js';

export interface SettleBookingDeps {
  readonly bookings: Pick<BookingsStore, 'findUnfinished' | 'takeBack' | 'expireOffer'>;
  readonly moves: Pick<MovesStore, 'giveUp'>;
  readonly waiting: Pick<WaitingStore, 'letGo'>;
  readonly clock: Clock;
}

/**
 * Ends what a killed request has left of a booking: one that was not looked at again was never told of and is taken
 * back, a move goes back to where it was, an offer whose acceptance was not finished is an offer again. And what has a
 * time of its own: an offer that is over.
 */
export const createSettleBooking =
  ({ bookings, moves, waiting, clock }: SettleBookingDeps) =>
  async (bookingId: string): Promise<void> => {
    const found = await bookings.findUnfinished(bookingId);
    if (found === null) return;
    const { booking, movingToken } = found;
    if (movingToken !== null) await moves.giveUp(bookingId, movingToken);
    else if (booking.state === 'pending') await bookings.takeBack(bookingId);
    else if (booking.state === 'offered') {
      await waiting.letGo(bookingId);
      await bookings.expireOffer(bookingId, clock.now());
    }
  };
