import { conflict } from '../../../shared/errors.js';
import {
  limitClaims,
  personClaims,
  seatClaims,
  type ClaimRequest,
  type Identities,
  type Pool,
} from '../../schedule/index.js';
import type { Series } from '../series/series.store.js';
import { addDays, dateIn, weekdayOf } from '../slots/days.js';
import { termOf } from './school-terms.js';
import type { Span } from '../slots/intervals.js';

/** What claims are made of: the slot's id and time, and its series' rules. */
export interface Bookable {
  readonly slot: Span & { readonly id: string };
  readonly series: Pick<
    Series,
    'id' | 'type' | 'capacity' | 'limitAtOnce' | 'limitWeek' | 'limitTerm' | 'limitSeries' | 'pattern'
  >;
}

/** Monday of the week, in the series' zone. */
function weekOf(zone: string, startsAt: Date): string {
  const date = dateIn(zone, startsAt);
  return addDays(date, 1 - weekdayOf(date));
}

/** Claims of the limit that counts only what is not over. */
export const atOnceClaims = ({ series }: Bookable, personId: string): string[] =>
  limitClaims(`A${series.type}:${personId}`, series.limitAtOnce);

const limited = (keys: readonly string[], code: string, count: number): Pool[] =>
  count === 0 ? [] : [{ keys, take: 1, refusal: () => conflict(code, { count }) }];

function limitPools(bookable: Bookable, personId: string, termStarts: string): Pool[] {
  const { slot, series } = bookable;
  const { type, limitAtOnce, limitWeek, limitTerm, limitSeries, pattern } = series;
  const week = weekOf(pattern.zone, slot.startsAt);
  const term = termOf(dateIn(pattern.zone, slot.startsAt), termStarts);
  return [
    ...limited(atOnceClaims(bookable, personId), 'limit-at-once', limitAtOnce),
    ...limited(limitClaims(`W${type}:${personId}:${week}`, limitWeek), 'limit-week', limitWeek),
    ...limited(limitClaims(`T${type}:${personId}:${term}`, limitTerm), 'limit-term', limitTerm),
    ...limited(limitClaims(`S${series.id}:${personId}`, limitSeries), 'limit-series', limitSeries),
  ];
}

/** Returns what a booking claims: everybody's time, a seat each, and a place in each of their limits. */
export type BookingClaims = (bookable: Bookable, personIds: readonly string[]) => Promise<ClaimRequest>;

export interface BookingClaimsDeps {
  readonly identities: Pick<Identities, 'idsOf'>;
  /** Days on which terms begin, "01.09, 01.01". */
  readonly termStarts: () => Promise<string>;
}

export const createBookingClaims =
  ({ identities, termStarts }: BookingClaimsDeps): BookingClaims =>
  async (bookable, personIds) => {
    const ids = await identities.idsOf(personIds);
    const { slot, series } = bookable;
    const starts = series.limitTerm === 0 ? '' : await termStarts();
    return {
      fixed: personIds.flatMap((personId) => personClaims(ids.get(personId) ?? [personId], slot)),
      pools: [
        {
          keys: seatClaims(slot.id, series.capacity),
          take: personIds.length,
          refusal: () => conflict('slot-full'),
        },
        ...personIds.flatMap((personId) => limitPools(bookable, personId, starts)),
      ],
    };
  };
