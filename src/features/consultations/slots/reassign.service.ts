import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden } from '../../../shared/errors.js';
import type { Person } from '../../membership/index.js';
import type { BookingService } from '../bookings/booking.service.js';
import { mayManage } from '../consultations.policy.js';
import type { FindRoom } from '../series/series-room.js';
import type { Series } from '../series/series.store.js';
import { kindOfClaim, type Identities } from '../../schedule/index.js';
import { claimedBy, slotClaimsOf } from './slot-claims.js';
import type { Settling } from './settling.service.js';
import type { Slot, SlotChange, SlotsStore } from './slots.store.js';

export interface Reassign {
  /** Teachers of the course who can substitute. Empty for those who do not manage the slot. */
  substitutes(actor: Actor, slot: Slot, series: Series): Promise<Person[]>;
  /**
   * Gives a slot that has not begun to another teacher; the database decides whether that teacher has time.
   * @throws DomainError `bad-input` on `teacher`; 409 `slot-past`, `slot-cancelled`, `try-again`; `forbidden`, `not-found`
   */
  substitute(actor: Actor, slotId: string, teacherId: string): Promise<void>;
  /**
   * Moves a slot that has not begun into another room; '' for none.
   * @throws DomainError `bad-input` on `roomId`; as `substitute`
   */
  moveTo(actor: Actor, slotId: string, roomId: string): Promise<void>;
  /** Moves all slots to come into the series' room. Returns how many stay, because the room is taken. */
  followSeries(series: Series): Promise<number>;
}

export interface ReassignDeps {
  readonly slots: SlotsStore;
  readonly settling: Pick<Settling, 'lookAgain' | 'tellChanges'>;
  readonly find: Pick<BookingService, 'find'>;
  readonly teachersOf: (courseId: string) => Promise<Person[]>;
  readonly findRoom: FindRoom;
  readonly identities: Pick<Identities, 'idsOf'>;
  readonly clock: Clock;
}

const BATCH = 50;

export function createReassign(deps: ReassignDeps): Reassign {
  const { slots, settling, find, teachersOf, findRoom, identities, clock } = deps;

  /** Writes the change, with the claims that go with it. Returns null when it is done, else what is taken. */
  async function reassign(
    slot: Slot,
    series: Series,
    other: Partial<Pick<Slot, 'teacherId' | 'roomId' | 'place'>>,
    told: SlotChange = {},
  ): Promise<'person' | 'place' | 'changed' | null> {
    const claimsOf = await slotClaimsOf(identities, claimedBy(series, { ...slot, ...other }));
    const done = await slots.reassign(slot, other, claimsOf(slot), told);
    if (done === null) return 'changed';
    if ('refused' in done) return kindOfClaim(done.refused) === 'place' ? 'place' : 'person';
    await settling.tellChanges(done);
    return null;
  }

  async function findOpen(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }> {
    const found = await find.find(actor, slotId);
    if (!mayManage(actor, found.series, found.slot)) throw forbidden();
    if (found.slot.state !== 'open') throw conflict('slot-cancelled');
    if (clock.now() >= found.slot.startsAt) throw conflict('slot-past');
    return found;
  }

  const others = async (slot: Slot): Promise<Person[]> =>
    (await teachersOf(slot.courseId)).filter(({ id }) => id !== slot.teacherId);

  return {
    substitutes: async (actor, slot, series) => (mayManage(actor, series, slot) ? others(slot) : []),

    async substitute(actor, slotId, teacherId) {
      const { slot, series } = await findOpen(actor, slotId);
      if (teacherId === slot.teacherId) return;
      if (!(await others(slot)).some(({ id }) => id === teacherId)) {
        throw badInput({ teacher: 'errors.field.wrong' });
      }
      const told = { teacherChangedAt: clock.now(), settleAt: settling.lookAgain() };
      const taken = await reassign(slot, series, { teacherId }, told);
      if (taken === 'changed') throw conflict('try-again');
      if (taken !== null) throw badInput({ teacher: 'errors.field.teacherBusy' });
    },

    async moveTo(actor, slotId, roomId) {
      const { slot, series } = await findOpen(actor, slotId);
      const room = roomId === '' ? null : await findRoom(roomId);
      if (roomId !== '' && (room === null || room.closed)) throw badInput({ roomId: 'errors.field.wrong' });
      if (room !== null && room.capacity < series.capacity) {
        throw badInput({ roomId: 'errors.field.roomTooSmall' });
      }
      const place = room?.title ?? '';
      const elsewhere = (place || series.place) !== (slot.place || series.place);
      const told = elsewhere ? { placeChangedAt: clock.now(), settleAt: settling.lookAgain() } : {};
      const taken = await reassign(slot, series, { roomId, place }, told);
      if (taken === 'changed') throw conflict('try-again');
      if (taken !== null) throw badInput({ roomId: 'errors.field.roomTaken' });
    },

    async followSeries(series) {
      const { id, courseId, roomId } = series;
      let staying = 0;
      let from: Date | null = clock.now();
      while (from !== null) {
        const page = await slots.page({ courseId, seriesIds: [id], states: ['open'], from, limit: BATCH });
        for (const slot of page.slots) {
          if (slot.roomId === roomId) continue;
          if ((await reassign(slot, series, { roomId, place: '' })) === null) continue;
          staying += 1;
          // It goes on saying where it is.
          const room = await findRoom(slot.roomId);
          if (slot.place === '' && room !== null) await reassign(slot, series, { place: room.title });
        }
        from = page.next;
      }
      return staying;
    },
  };
}
