import { DAY, type Clock } from '../../../shared/clock.js';
import { conflict } from '../../../shared/errors.js';
import { limitLock, type Limit } from '../../schedule/index.js';
import { LONGEST_SLOT } from '../series/series-settings.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import { dateIn, mondayOf } from '../../../shared/days.js';
import type { Span } from '../slots/intervals.js';
import type { BookingsStore, Counted, CountedWithin } from './bookings.store.js';
import { termOf } from './school-terms.js';

/** What claims are made of: the slot's id and time, and its series' rules. */
export interface Bookable {
  readonly slot: Span & { readonly id: string };
  readonly series: Pick<
    Series,
    'id' | 'type' | 'capacity' | 'limitAtOnce' | 'limitWeek' | 'limitTerm' | 'limitSeries' | 'pattern'
  >;
}

/** The booking for which limits are asked, where there is one already. */
export interface OwnBooking {
  readonly id: string;
  /** Where it counts now: in a limit in which it counts already it takes no second place. */
  readonly counted?: Bookable;
}

export interface Limits {
  /**
   * One document of a person and a type of consultation at a time comes into limits.
   * @param personIds of one person, who may be known to several LMSs
   */
  lockOf(bookable: Bookable, personIds: readonly string[]): string;
  /** The limits of a person into which a booking of this slot would come. */
  of(bookable: Bookable, personIds: readonly string[], own: OwnBooking): Promise<Limit[]>;
}

export interface LimitsDeps {
  readonly series: Pick<SeriesStore, 'findMany'>;
  readonly bookings: Pick<BookingsStore, 'listCounted'>;
  /** Days on which terms begin, "01.09, 01.01". */
  readonly termStarts: () => Promise<string>;
  readonly clock: Clock;
}

/** A rule of a series, and which bookings of a person count in it. */
interface Rule {
  readonly most: number;
  readonly refusal: string;
  /** All that counts begins there. */
  readonly within: CountedWithin;
  readonly counts: (booking: Counted) => boolean;
}

/** More days than a week, and than the longest term. */
const DAYS = { week: 8, term: 367 } as const;

const around = ({ startsAt }: Span, days: number): CountedWithin => ({
  from: new Date(startsAt.getTime() - days * DAY),
  to: new Date(startsAt.getTime() + days * DAY),
});

export function createLimits({ series, bookings, termStarts, clock }: LimitsDeps): Limits {
  /** The rules that a series has, by its zone. */
  async function rulesOf({ slot, series: of }: Bookable): Promise<Rule[]> {
    const now = clock.now();
    const starts = of.limitTerm === 0 ? '' : await termStarts();
    const week = ({ startsAt }: Counted | Span): string => mondayOf(dateIn(of.pattern.zone, startsAt));
    const term = ({ startsAt }: Counted | Span): string => termOf(dateIn(of.pattern.zone, startsAt), starts);
    const rules: Rule[] = [
      {
        ...{ most: of.limitAtOnce, refusal: 'limit-at-once' },
        within: { from: new Date(now.getTime() - LONGEST_SLOT) },
        counts: ({ endsAt }) => endsAt > now,
      },
      {
        ...{ most: of.limitWeek, refusal: 'limit-week', within: around(slot, DAYS.week) },
        counts: (booking) => week(booking) === week(slot),
      },
      {
        ...{ most: of.limitTerm, refusal: 'limit-term', within: around(slot, DAYS.term) },
        counts: (booking) => term(booking) === term(slot),
      },
      {
        ...{ most: of.limitSeries, refusal: 'limit-series', within: { seriesId: of.id } },
        counts: ({ seriesId }) => seriesId === of.id,
      },
    ];
    return rules.filter(({ most }) => most > 0);
  }

  /** How many of these are of a type; of a limit all series of its type count, in all courses. */
  async function ofType(found: readonly Counted[], type: string): Promise<number> {
    const ids = [...new Set(found.map(({ seriesId }) => seriesId))];
    const same = new Set((await series.findMany(ids)).filter((of) => of.type === type).map(({ id }) => id));
    return found.filter(({ seriesId }) => same.has(seriesId)).length;
  }

  return {
    lockOf: ({ series: { type } }, personIds) => limitLock(`${type}:${[...personIds].sort()[0] ?? ''}`),

    async of(bookable, personIds, { id, counted }) {
      const { type } = bookable.series;
      const before = counted?.series.type === type ? countedOf(id, counted) : null;
      const rules = await rulesOf(bookable);
      return rules
        .filter((rule) => before === null || !rule.counts(before))
        .map(({ most, refusal, within, counts }) => ({
          async isReached() {
            const all = await bookings.listCounted(personIds, within);
            const found = all.filter((booking) => booking.id !== id && counts(booking));
            return found.length >= most && (await ofType(found, type)) >= most;
          },
          refusal: () => conflict(refusal, { count: most }),
        }));
    },
  };
}

const countedOf = (id: string, { slot, series }: Bookable): Counted => ({
  ...{ id, seriesId: series.id, startsAt: slot.startsAt, endsAt: slot.endsAt },
});
