import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden } from '../../../shared/errors.js';
import type { Person } from '../../membership/index.js';
import type { BookingService } from '../bookings/booking.service.js';
import type { BookingsStore } from '../bookings/bookings.store.js';
import { mayManage } from '../consultations.policy.js';
import type { FindRoom } from '../series/series-room.js';
import type { Series } from '../series/series.store.js';
import { slotOccupancy } from './intervals.js';
import type { Slot, SlotsStore } from './slots.store.js';

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
  readonly bookings: Pick<BookingsStore, 'noteTeacherChanged'>;
  readonly findSlot: BookingService['find'];
  readonly teachersOf: (courseId: string) => Promise<Person[]>;
  readonly findRoom: FindRoom;
  readonly clock: Clock;
}

const BATCH = 50;

export function createReassign(deps: ReassignDeps): Reassign {
  const { slots, bookings, findSlot, teachersOf, findRoom, clock } = deps;

  async function findOpen(actor: Actor, slotId: string): Promise<{ slot: Slot; series: Series }> {
    const found = await findSlot(actor, slotId);
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
      const { slot } = await findOpen(actor, slotId);
      if (teacherId === slot.teacherId) return;
      if (!(await others(slot)).some(({ id }) => id === teacherId)) {
        throw badInput({ teacher: 'errors.field.wrong' });
      }
      const claims = slotOccupancy({ teacherId, roomId: slot.roomId }, slot);
      const done = await slots.reassign(slot, { teacherId }, claims);
      if (done === 'occupied') throw badInput({ teacher: 'errors.field.teacherBusy' });
      if (done === null) throw conflict('try-again');
      await bookings.noteTeacherChanged(slot.id, clock.now());
    },

    async moveTo(actor, slotId, roomId) {
      const { slot, series } = await findOpen(actor, slotId);
      const room = roomId === '' ? null : await findRoom(roomId);
      if (roomId !== '' && (room === null || room.closed)) throw badInput({ roomId: 'errors.field.wrong' });
      if (room !== null && room.capacity < series.capacity) {
        throw badInput({ roomId: 'errors.field.roomTooSmall' });
      }
      const claims = slotOccupancy({ teacherId: slot.teacherId, roomId }, slot);
      const done = await slots.reassign(slot, { roomId, place: room?.title ?? '' }, claims);
      if (done === 'occupied') throw badInput({ roomId: 'errors.field.roomTaken' });
      if (done === null) throw conflict('try-again');
    },

    async followSeries({ id, courseId, roomId }) {
      let staying = 0;
      let from: Date | null = clock.now();
      while (from !== null) {
        const page = await slots.page({ courseId, seriesIds: [id], states: ['open'], from, limit: BATCH });
        for (const slot of page.slots) {
          if (slot.roomId === roomId) continue;
          const claims = slotOccupancy({ teacherId: slot.teacherId, roomId }, slot);
          const done = await slots.reassign(slot, { roomId, place: '' }, claims);
          if (done === 'occupied' || done === null) staying += 1;
        }
        from = page.next;
      }
      return staying;
    },
  };
}
