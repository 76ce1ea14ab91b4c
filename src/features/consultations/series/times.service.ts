import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict } from '../../../shared/errors.js';
import { newToken } from '../../../shared/ids.js';
import type { Identities, TimesStore } from '../../schedule/index.js';
import type { BookingsStore } from '../bookings/bookings.store.js';
import type { Pattern, Span } from '../slots/intervals.js';
import { slotClaimsOf } from '../slots/slot-claims.js';
import type { Settling } from '../slots/settling.service.js';
import type { Slot, SlotsStore } from '../slots/slots.store.js';
import type { SeriesService } from './series.service.js';
import type { Series, SeriesStore } from './series.store.js';

/** What a change of a series' days and hours would do. */
export interface TimesChange {
  readonly add: readonly Span[];
  readonly remove: readonly Slot[];
  /** Booked, and so left as they are. */
  readonly stay: readonly (Slot & { readonly booked: number })[];
  /** Not added, because the teacher's time is taken. */
  readonly taken: readonly Span[];
}

export interface SeriesTimesDeps {
  readonly seriesService: Pick<SeriesService, 'findManaged' | 'spansOfPattern'>;
  readonly series: Pick<SeriesStore, 'reschedule'>;
  readonly slots: Pick<SlotsStore, 'page'>;
  readonly bookings: Pick<BookingsStore, 'taken'>;
  readonly times: TimesStore;
  readonly identities: Pick<Identities, 'idsOf'>;
  readonly settling: Pick<Settling, 'removeIfFree' | 'carryOut' | 'lookAgain'>;
  readonly newId: () => string;
  readonly clock: Clock;
}

export type NewTimes = Omit<Pattern, 'zone'>;

export interface SeriesTimes {
  /** @throws DomainError `bad-input`, `forbidden`, `not-found` */
  preview(actor: Actor, seriesId: string, wish: NewTimes): Promise<{ series: Series; change: TimesChange }>;
  /** Adds what is new, removes what is free and no longer wanted, and leaves what is booked. */
  apply(actor: Actor, seriesId: string, wish: NewTimes): Promise<void>;
}

const READ = 200;
const CLAIMED_AT_ONCE = 50;

const keyOf = ({ startsAt, endsAt }: Span): string => `${startsAt.getTime()}-${endsAt.getTime()}`;

export function createSeriesTimes(deps: SeriesTimesDeps): SeriesTimes {
  const { seriesService, series, slots, bookings, settling, clock } = deps;

  async function slotsAhead({ courseId, id }: Series): Promise<Slot[]> {
    const found: Slot[] = [];
    let from: Date | null = clock.now();
    while (from !== null) {
      const page = await slots.page({ courseId, seriesIds: [id], states: ['open'], from, limit: READ });
      found.push(...page.slots);
      from = page.next;
    }
    return found;
  }

  async function heldOf(claims: readonly (readonly string[])[]): Promise<Set<string>> {
    const held = new Set<string>();
    for (let done = 0; done < claims.length; done += CLAIMED_AT_ONCE) {
      const some = claims.slice(done, done + CLAIMED_AT_ONCE).flat();
      for (const claim of await deps.times.listHeld(some)) held.add(claim);
    }
    return held;
  }

  async function changeOf(found: Series, wish: NewTimes): Promise<TimesChange> {
    const spans = seriesService.spansOfPattern(found, { ...wish, zone: found.pattern.zone });
    const wanted = new Set(spans.map(keyOf));
    const ahead = await slotsAhead(found);
    const there = new Set(ahead.map(keyOf));
    const unwanted = ahead.filter((slot) => !wanted.has(keyOf(slot)));
    const taken = await bookings.taken(unwanted.map(({ id }) => id));
    const seats = new Map<string, number>();
    for (const { slotId, seats: count } of taken) seats.set(slotId, (seats.get(slotId) ?? 0) + count);
    const remove = unwanted.filter(({ id }) => !seats.has(id));
    const claimsOf = await slotClaimsOf(deps.identities, found);
    const fresh = spans
      .filter((span) => !there.has(keyOf(span)))
      .map((span) => ({ span, claims: claimsOf(span) }));
    const held = await heldOf(fresh.map(({ claims }) => claims));
    // Given up with the slots that go.
    for (const claim of remove.flatMap(claimsOf)) held.delete(claim);
    const isTaken = ({ claims }: { claims: readonly string[] }): boolean =>
      claims.some((claim) => held.has(claim));
    return {
      add: fresh.filter((item) => !isTaken(item)).map(({ span }) => span),
      remove,
      stay: unwanted.flatMap((slot) => {
        const booked = seats.get(slot.id);
        return booked === undefined ? [] : [{ ...slot, booked }];
      }),
      taken: fresh.filter(isTaken).map(({ span }) => span),
    };
  }

  return {
    async preview(actor, seriesId, wish) {
      const found = await seriesService.findManaged(actor, seriesId);
      return { series: found, change: await changeOf(found, wish) };
    },

    async apply(actor, seriesId, wish) {
      const found = await seriesService.findManaged(actor, seriesId);
      if (found.state !== 'active') throw conflict('series-ended');
      await settling.carryOut(found);
      const { add, remove } = await changeOf(found, wish);
      const at = clock.now();
      const cancellation = { at, by: actor.personId, side: 'teacher', reason: '' } as const;
      // First what goes, for its time may be needed.
      for (const { id } of remove) await settling.removeIfFree(actor.courseId, id, cancellation);
      const plan = {
        key: newToken(),
        slots: add.map(({ startsAt, endsAt }) => ({ id: deps.newId(), startsAt, endsAt })),
      };
      const pattern = { ...wish, zone: found.pattern.zone };
      const kept = await series.reschedule(actor.courseId, seriesId, pattern, plan, settling.lookAgain());
      if (kept === null) throw conflict('try-again');
      await settling.carryOut(kept);
    },
  };
}
