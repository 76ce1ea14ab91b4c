import type { Actor } from '../../../shared/actor.js';
import { conflict, type DomainError } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import type { Person } from '../../membership/index.js';
import { holderOf } from '../../schedule/index.js';
import type { SeriesStore } from '../series/series.store.js';
import type { SlotsStore } from '../slots/slots.store.js';
import type { BookingsStore } from './bookings.store.js';

/** Writes a moment for the person who reads the error. */
export type SayMoment = (moment: Date) => string;

export interface OverlapsDeps {
  readonly series: Pick<SeriesStore, 'findMany'>;
  readonly slots: Pick<SlotsStore, 'findHolding'>;
  readonly bookings: Pick<BookingsStore, 'findHolding'>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
}

/** What stands in the way of a booking, in words for who wanted it. */
export interface Overlaps {
  /** @param claim the person's time that is held already */
  refusal(actor: Actor, slotId: string, claim: string, when: SayMoment): Promise<DomainError>;
}

export function createOverlaps({ series, slots, bookings, findPeople }: OverlapsDeps): Overlaps {
  return {
    async refusal(actor, slotId, claim, when) {
      const booking = await bookings.findHolding(claim);
      if (booking?.slotId === slotId) return conflict('already-booked');
      const other = booking ?? (await slots.findHolding(claim));
      // Freed at this very moment.
      if (other === null) return conflict('try-again');
      const mine =
        booking === null ? holderOf(claim) === actor.personId : booking.personIds.includes(actor.personId);
      if (!mine && holderOf(claim) !== actor.personId) {
        const [person] = await findPeople([holderOf(claim)]);
        return conflict('companion-busy', { name: person ? fullName(person.name) : '' });
      }
      const [otherSeries] = await series.findMany([other.seriesId]);
      return conflict('booking-overlaps', {
        title: otherSeries?.title ?? '',
        when: when(other.startsAt),
        booking: booking !== null && booking.courseId === actor.courseId ? booking.id : '',
      });
    },
  };
}
