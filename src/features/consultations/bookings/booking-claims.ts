import { conflict } from '../../../shared/errors.js';
import {
  limitClaims,
  limitLock,
  overLimitClaims,
  personClaims,
  seatClaims,
  type ClaimRequest,
  type Identities,
  type Pool,
} from '../../schedule/index.js';
import { MOST_OF_ONE } from '../series/series.fields.js';
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

const atOnce = ({ type }: Pick<Series, 'type'>, personId: string): string => `A${type}:${personId}`;

/** So many bookings of one student are counted in a limit, those beyond it included. */
const MOST_COUNTED = MOST_OF_ONE + 10;

/** Claims of the limit that counts only what is not over. */
export const atOnceClaims = ({ series }: Bookable, personId: string): string[] =>
  series.limitAtOnce === 0 ? [] : limitClaims(atOnce(series, personId), MOST_COUNTED);

/** @param limit says of what; asked for only where there is a limit */
const limited = (limit: () => string, code: string, count: number): Pool[] =>
  count === 0
    ? []
    : [
        {
          keys: limitClaims(limit(), count),
          over: overLimitClaims(limit(), count, MOST_COUNTED),
          lock: limitLock(limit()),
          take: 1,
          refusal: () => conflict(code, { count }),
        },
      ];

function limitPools({ slot, series }: Bookable, personId: string, termStarts: string): Pool[] {
  const { type, limitAtOnce, limitWeek, limitTerm, limitSeries, pattern } = series;
  const { zone } = pattern;
  const week = (): string => `W${type}:${personId}:${weekOf(zone, slot.startsAt)}`;
  const term = (): string => `T${type}:${personId}:${termOf(dateIn(zone, slot.startsAt), termStarts)}`;
  return [
    ...limited(() => atOnce(series, personId), 'limit-at-once', limitAtOnce),
    ...limited(week, 'limit-week', limitWeek),
    ...limited(term, 'limit-term', limitTerm),
    ...limited(() => `S${series.id}:${personId}`, 'limit-series', limitSeries),
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
