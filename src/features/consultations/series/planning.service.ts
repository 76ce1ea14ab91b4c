import type { Clock } from '../../../shared/clock.js';
import { badInput } from '../../../shared/errors.js';
import type { ClosedDay, Identities, TimesStore } from '../../schedule/index.js';
import { addDays, dateIn } from '../../../shared/days.js';
import { overlap, spansOf, type Pattern, type Span } from '../slots/intervals.js';
import { slotClaimsOf, type ClaimedBy } from '../slots/slot-claims.js';
import type { Terms } from './series.fields.js';
import type { PlannedSlot } from './series.store.js';

/** A slot that is to be, and whether its teacher's time is taken already. */
export interface PreviewedSlot extends Span {
  readonly taken: boolean;
  /** Why the centre is closed on its day; null on a day like any other. */
  readonly closed: string | null;
}

export type TakenSpan = Omit<PreviewedSlot, 'closed'>;

export const MOST_SLOTS = 500;
export const MOST_DAYS = 366;
/** For so many slots at a time it is asked whether their teacher's time is taken. */
const CLAIMED_AT_ONCE = 50;

/** Names of the form's fields for what is wrong with a pattern. */
export interface SpanFields {
  readonly from: string;
  readonly days: string;
  readonly fit: string;
}

export const buffersOf = ({
  bufferBefore,
  bufferAfter,
}: Pick<Terms, 'bufferBefore' | 'bufferAfter'>): number => bufferBefore + bufferAfter;

export interface PlanningDeps {
  readonly times: TimesStore;
  /** Days on which the centre is closed, from one date to another. */
  readonly closedDays: (from: string, to: string) => Promise<readonly ClosedDay[]>;
  readonly identities: Pick<Identities, 'idsOf'>;
  readonly clock: Clock;
  /** A new id of a slot. */
  readonly newId: () => string;
}

/** Makes slots of days and hours, before anything is stored. */
export interface Planning {
  /**
   * The spans of a pattern that are still to come.
   * @param names of the form's fields. @param apart minutes between slots at least
   * @throws DomainError `bad-input` naming the field that leaves no slot to make, or too many
   */
  readonly plannedSpans: (pattern: Pattern, names: SpanFields, apart: number) => Span[];
  /** Says of each span whether the teacher or the room has no time. */
  readonly withTaken: (claimed: ClaimedBy, spans: readonly Span[]) => Promise<TakenSpan[]>;
  /** Says whether the centre is closed, by the date of the series' zone. */
  readonly withClosed: (zone: string, slots: readonly TakenSpan[]) => Promise<PreviewedSlot[]>;
  /** The same spans with ids for their slots. */
  readonly planned: (spans: readonly Span[]) => PlannedSlot[];
}

export function createPlanning(deps: PlanningDeps): Planning {
  const { clock } = deps;
  return {
    plannedSpans(pattern: Pattern, names: SpanFields, apart: number): Span[] {
      const now = clock.now();
      const today = dateIn(pattern.zone, now);
      if (pattern.from < today) throw badInput({ [names.from]: 'errors.field.pastDate' });
      if (pattern.to > addDays(today, MOST_DAYS)) throw badInput({ [names.days]: 'errors.field.tooFar' });
      const all = spansOf(pattern, apart);
      if (all.length === 0) {
        const everyDay = spansOf({ ...pattern, weekdays: [1, 2, 3, 4, 5, 6, 7] });
        throw badInput(
          everyDay.length === 0
            ? { [names.fit]: 'errors.field.doesNotFit' }
            : { weekdays: 'errors.field.noSuchDay' },
        );
      }
      const spans = all.filter(({ startsAt }) => startsAt > now);
      if (spans.length === 0) throw badInput({ start: 'errors.field.pastTime' });
      if (spans.some((span, index) => index > 0 && overlap(span, spans[index - 1] ?? span))) {
        throw badInput({ start2: 'errors.field.bandsOverlap' });
      }
      if (spans.length > MOST_SLOTS) throw badInput({ [names.days]: 'errors.field.tooManySlots' });
      return spans;
    },

    async withTaken(claimed: ClaimedBy, spans: readonly Span[]): Promise<TakenSpan[]> {
      const claimsOf = await slotClaimsOf(deps.identities, claimed);
      const held = new Set<string>();
      for (let done = 0; done < spans.length; done += CLAIMED_AT_ONCE) {
        const claims = spans.slice(done, done + CLAIMED_AT_ONCE).flatMap(claimsOf);
        for (const claim of await deps.times.listHeld(claims)) held.add(claim);
      }
      return spans.map((span) => ({ ...span, taken: claimsOf(span).some((claim) => held.has(claim)) }));
    },

    async withClosed(zone: string, slots: readonly TakenSpan[]): Promise<PreviewedSlot[]> {
      const dates = slots.map(({ startsAt }) => dateIn(zone, startsAt));
      const days = await deps.closedDays(dates[0] ?? '', dates.at(-1) ?? '');
      const titles = new Map(days.map(({ date, title }) => [date, title]));
      return slots.map((slot, index) => ({ ...slot, closed: titles.get(dates[index] ?? '') ?? null }));
    },

    planned: (spans) => spans.map(({ startsAt, endsAt }) => ({ id: deps.newId(), startsAt, endsAt })),
  };
}
