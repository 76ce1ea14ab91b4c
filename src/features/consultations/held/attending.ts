import type { Person } from '../../membership/index.js';
import type { Booking } from '../bookings/bookings.store.js';
import type { HeldSlot } from '../slots/slot-list.service.js';

/** A person who has booked a slot, or was booked together with another. */
export interface Attendee {
  readonly booking: Booking;
  readonly personId: string;
  readonly person: Person | null;
}

/** Those whose attendance is marked, in the order of booking. */
export const attending = ({ bookings }: Pick<HeldSlot, 'bookings'>): Attendee[] =>
  bookings
    .filter(({ booking }) => booking.state === 'booked')
    .flatMap(({ booking, person, companions }) =>
      booking.personIds.map((personId) => ({
        booking,
        personId,
        person: [person, ...companions].find((known) => known?.id === personId) ?? null,
      })),
    );
