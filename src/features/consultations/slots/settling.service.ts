import { MINUTE, type Clock } from '../../../shared/clock.js';
import type { BookingsStore } from '../bookings/bookings.store.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Slot, SlotsStore } from './slots.store.js';
import type { Identities } from '../../schedule/index.js';
import type { Span } from './intervals.js';
import { slotClaimsOf } from './slot-claims.js';
import type { Cancellation } from '../series/series-settings.js';

export interface SettlingDeps {
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly bookings: BookingsStore;
  readonly identities: Pick<Identities, 'idsOf'>;
  /** Lets the bookings of a slot follow it to its new time. */
  readonly followSlot: (slot: Slot) => Promise<void>;
  readonly clock: Clock;
}

/** Longer than any request lives: by then a process has finished its work, or was killed. */
const UNFINISHED_MS = 2 * MINUTE;
/** How many slots are made or taken away at a time. */
const BATCH = 50;

/**
 * Work that needs more than one document, and no transaction. Each piece begins with one write that says what
 * is to become (a plan, an end, a cancellation) and sets the mark `settleAt`; every later step may be done twice. The
 * request that began it carries it through at once; a job repeats it when the mark is due, so that it comes to its
 * end even when a process was killed between two steps.
 */
export function createSettling({ series, slots, bookings, identities, followSlot, clock }: SettlingDeps) {
  const lookAgain = (): Date => new Date(clock.now().getTime() + UNFINISHED_MS);

  /** Makes the slots that a series' plan names; those for which the teacher or the room has no time are left out. */
  async function carryOut(planned: Series): Promise<void> {
    const { id, courseId, teacherId, roomId, state, plan } = planned;
    if (plan === null) return;
    const claimsOf = await slotClaimsOf(identities, planned);
    const leftOut: Span[] = [];
    const todo = state === 'active' ? plan.slots : [];
    for (let done = 0; done < todo.length; done += BATCH) {
      await Promise.all(
        todo.slice(done, done + BATCH).map(async (slot) => {
          const { startsAt, endsAt } = slot;
          const made = await slots.make(
            { id: slot.id, courseId, seriesId: id, teacherId, roomId, startsAt, endsAt },
            claimsOf(slot),
          );
          if (!made) leftOut.push({ startsAt, endsAt });
        }),
      );
    }
    leftOut.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
    await series.carriedOut(id, plan.key, leftOut);
  }

  /**
   * Takes an open slot away unless it is booked. While it is `closing`, a booking sees so after
   * the booking is written, and opens it again (see `book`): then `remove` finds that closing over. So of the
   * two exactly one succeeds.
   * @returns false when it is booked, and stays
   */
  async function removeIfFree(courseId: string, id: string, cancellation: Cancellation): Promise<boolean> {
    const closing = await slots.beginClosing(courseId, id, cancellation, lookAgain());
    // Another request is taking it away, or has.
    return closing === null || decide(closing);
  }

  async function decide(closing: Slot): Promise<boolean> {
    if (await bookings.hasActive(closing.id)) {
      await slots.reopen(closing);
      return false;
    }
    return (await slots.remove(closing)) !== null;
  }

  /** Takes away what nobody has booked of a series that has ended; what is booked takes place. */
  async function release({ id, courseId, endedAt, endedBy }: Series): Promise<void> {
    const now = clock.now();
    const cancellation: Cancellation = { at: endedAt ?? now, by: endedBy, side: 'teacher', reason: '' };
    let from: Date | null = now;
    while (from !== null) {
      const page = await slots.page({ courseId, seriesIds: [id], states: ['open'], from, limit: BATCH });
      await Promise.all(page.slots.map((slot) => removeIfFree(courseId, slot.id, cancellation)));
      from = page.next;
    }
  }

  /** Tells those who have booked a slot that another teacher holds it, or that it takes place elsewhere. */
  async function tellChanges({ id, teacherChangedAt, placeChangedAt }: Slot): Promise<void> {
    if (teacherChangedAt !== undefined) await bookings.noteChanged(id, 'teacher', teacherChangedAt);
    if (placeChangedAt !== undefined) await bookings.noteChanged(id, 'place', placeChangedAt);
  }

  /** Tells those who have booked a slot to come of a series that it takes place elsewhere. */
  async function tellPlace({ id, courseId, placeChanged }: Series): Promise<void> {
    if (placeChanged === undefined) return;
    let from: Date | null = clock.now();
    while (from !== null) {
      const page = await slots.page({ courseId, seriesIds: [id], states: ['open'], from, limit: BATCH });
      for (const slot of page.slots) {
        // What has a place of its own stays there, but follows the address of the call.
        if (slot.place === '' || placeChanged.everywhere)
          await bookings.noteChanged(slot.id, 'place', placeChanged.at);
      }
      from = page.next;
    }
  }

  return {
    tellChanges,
    tellPlace,
    lookAgain,
    carryOut,
    release,
    removeIfFree,

    /** Finishes what was begun with a series. */
    async settleSeries(seriesId: string): Promise<void> {
      const [begun] = await series.findMany([seriesId]);
      if (begun === undefined) return;
      await carryOut(begun);
      if (begun.state === 'ended') await release(begun);
      await tellPlace(begun);
    },

    /** Finishes what was begun with a slot. */
    async settleSlot(slotId: string): Promise<void> {
      const [slot] = await slots.findMany([slotId]);
      if (slot === undefined) return;
      if (slot.state === 'closing') await decide(slot);
      else if (slot.state !== 'open' && slot.cancellation !== null) {
        // A booking whose process was killed before it could look at the slot again.
        await bookings.cancelAll(slot.id, slot.cancellation);
      }
      if (slot.state !== 'open') return;
      if (slot.movedFrom !== null) await followSlot(slot);
      await tellChanges(slot);
    },
  };
}

export type Settling = ReturnType<typeof createSettling>;
