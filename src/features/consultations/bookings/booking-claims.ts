import { conflict } from '../../../shared/errors.js';
import { personClaims, seatClaims, type ClaimRequest, type Identities } from '../../schedule/index.js';
import type { Bookable, Limits, OwnBooking } from './limits.js';

/**
 * Returns what a booking claims: everybody's time and a seat each; with the locks under which it comes into everybody's
 * limits, and these limits.
 */
export type BookingClaims = (
  bookable: Bookable,
  personIds: readonly string[],
  own: OwnBooking,
) => Promise<ClaimRequest>;

export interface BookingClaimsDeps {
  readonly identities: Pick<Identities, 'idsOf'>;
  readonly limits: Limits;
}

export const createBookingClaims =
  ({ identities, limits }: BookingClaimsDeps): BookingClaims =>
  async (bookable, personIds, own) => {
    const ids = await identities.idsOf(personIds);
    const people = personIds.map((personId) => ids.get(personId) ?? [personId]);
    const { slot, series } = bookable;
    const limitsOf = await Promise.all(people.map((person) => limits.of(bookable, person, own)));
    return {
      fixed: people.flatMap((person) => personClaims(person, slot)),
      pools: [
        {
          keys: seatClaims(slot.id, series.capacity),
          take: personIds.length,
          refusal: () => conflict('slot-full'),
        },
      ],
      locks: [...new Set(people.map((person) => limits.lockOf(bookable, person)))],
      limits: limitsOf.flat(),
    };
  };
