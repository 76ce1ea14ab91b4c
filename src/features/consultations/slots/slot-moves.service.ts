import type { Actor } from '../../../shared/actor.js';
import { MINUTE, type Clock } from '../../../shared/clock.js';
import { badInput, conflict } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import { instantAt } from '../../../shared/zoned.js';
import type { Person } from '../../membership/index.js';
import { personClaims, type Identities, type TimesStore } from '../../schedule/index.js';
import type { BookingService } from '../bookings/booking.service.js';
import type { BookingsStore } from '../bookings/bookings.store.js';
import type { FollowSlot } from './follow-slot.js';
import type { Span } from './intervals.js';
import { claimedBy, slotClaimsOf } from './slot-claims.js';
import type { Slot, SlotsStore } from './slots.store.js';

/** Longer than any request lives. */
const UNFINISHED_MS = 2 * MINUTE;

export interface SlotMovesDeps {
  readonly find: Pick<BookingService, 'findManaged'>;
  readonly slots: Pick<SlotsStore, 'move'>;
  readonly bookings: Pick<BookingsStore, 'taken' | 'hasActive'>;
  readonly followSlot: FollowSlot;
  readonly times: TimesStore;
  readonly identities: Pick<Identities, 'idsOf'>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
  readonly clock: Clock;
}

export interface SlotMoves {
  /**
   * Moves a slot with all its bookings; those who have booked are told, and why.
   * @param local the new beginning, `YYYY-MM-DD` and `HH:MM`, in the series' zone
   * @throws DomainError `bad-input` on `start` or `reason`; 409 `slot-move-clash` naming who is busy then, `slot-past`,
   *   `try-again`; `forbidden`, `not-found`
   */
  moveSlot(
    actor: Actor,
    slotId: string,
    local: { readonly date: string; readonly start: string; readonly reason: string },
  ): Promise<void>;
}

export function createSlotMoves(deps: SlotMovesDeps): SlotMoves {
  const { find, slots, bookings, times, identities, followSlot, clock } = deps;

  /** Names of those who have booked and are busy at the new time. */
  async function clashesAt(slot: Slot, span: Span): Promise<string> {
    const taken = await bookings.taken([slot.id]);
    const personIds = taken.flatMap((booking) => booking.personIds);
    const ids = await identities.idsOf(personIds);
    const busy: string[] = [];
    for (const id of personIds) {
      // The booking itself moves: its own time is no clash.
      const now = new Set(personClaims(ids.get(id) ?? [id], slot));
      const then = personClaims(ids.get(id) ?? [id], span).filter((claim) => !now.has(claim));
      if ((await times.listHeld(then)).size > 0) busy.push(id);
    }
    return (await deps.findPeople(busy)).map(({ name }) => fullName(name)).join(', ');
  }

  return {
    async moveSlot(actor, slotId, { date, start, reason }) {
      const { slot, series } = await find.findManaged(actor, slotId);
      if (slot.state !== 'open') throw conflict('slot-cancelled');
      const now = clock.now();
      if (now >= slot.startsAt) throw conflict('slot-past');
      if (reason === '' && (await bookings.hasActive(slotId))) {
        throw badInput({ reason: 'errors.field.missing' });
      }
      const startsAt = instantAt(`${date}T${start}`, series.pattern.zone);
      if (startsAt === null) throw badInput({ start: 'errors.field.wrong' });
      if (startsAt <= now) throw badInput({ start: 'errors.field.pastTime' });
      if (startsAt.getTime() === slot.startsAt.getTime()) return;
      const length = slot.endsAt.getTime() - slot.startsAt.getTime();
      const span = { startsAt, endsAt: new Date(startsAt.getTime() + length) };
      const clashes = await clashesAt(slot, span);
      if (clashes !== '') throw conflict('slot-move-clash', { names: clashes });
      const claimsOf = await slotClaimsOf(identities, claimedBy(series, slot));
      const moved = await slots.move(slot, {
        ...span,
        claims: claimsOf(span),
        movedFrom: { startsAt: slot.startsAt, endsAt: slot.endsAt, at: now, by: actor.personId, reason },
        settleAt: new Date(now.getTime() + UNFINISHED_MS),
      });
      if (moved === null) throw conflict('try-again');
      if ('refused' in moved) throw badInput({ start: 'errors.field.timeTaken' });
      await followSlot(moved);
    },
  };
}
