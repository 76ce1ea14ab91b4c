import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict, DomainError, forbidden } from '../../../shared/errors.js';
import type { Booking } from '../bookings/bookings.store.js';
import type { BookingService } from '../bookings/booking.service.js';
import { mayManage } from '../consultations.policy.js';
import type { Series } from '../series/series.store.js';
import type { HeldSlot, Timetable } from '../slots/slot-list.service.js';
import type { Slot } from '../slots/slots.store.js';
import { attending, type Attendee } from './attending.js';
import type { HeldStore } from './held.store.js';
import { heldStateOf, type AttendanceEntry, type HeldRecord, type HeldState, type Mark } from './marks.js';

/** A slot with its bookings and what is recorded of it. */
export interface RecordedSlot {
  readonly held: HeldSlot;
  /** Null where nothing is recorded. */
  readonly record: HeldRecord | null;
}

/** What a student is shown of a slot that was booked. */
export interface OwnAttendance {
  readonly state: HeldState;
  /** Null while attendance is not marked. */
  readonly mark: Mark | null;
  readonly points: number | null;
  readonly note: string;
  readonly sharedNote: string;
  readonly minutes: HeldRecord['minutes'];
}

export interface Attendance {
  readonly version: number;
  readonly others: Mark | null;
  readonly sharedNote: string;
  readonly confidentialNote: string;
  /** By the person's id. */
  readonly marks: ReadonlyMap<
    string,
    { readonly mark: Mark | null; readonly points: number | null; readonly note: string }
  >;
}

export interface AttendanceService {
  /** @throws DomainError `not-found`, `forbidden` for those who may not see the bookings */
  find(actor: Actor, slotId: string): Promise<RecordedSlot>;
  /** Returns a slot that the actor may record. @throws DomainError 409 `slot-not-begun`, `slot-cancelled`; `forbidden`, `not-found` */
  findToRecord(actor: Actor, slotId: string): Promise<RecordedSlot>;
  /** Writes attendance and notes of a slot. @throws DomainError 409 `attendance-stale`; as `findToRecord` */
  save(actor: Actor, recorded: RecordedSlot, attendance: Attendance): Promise<void>;
  /** What a student is shown, by the slot's id. @param bookings of the student */
  listOwn(
    personId: string,
    bookings: readonly { readonly booking: Booking; readonly slot: Slot }[],
  ): Promise<ReadonlyMap<string, OwnAttendance>>;
  /** The entries of a slot, by person. For those who may see its bookings. */
  entriesOf(slotId: string): Promise<ReadonlyMap<string, AttendanceEntry>>;
  /** Says how the slots went, by their ids. */
  statesOf(slots: readonly Slot[]): Promise<ReadonlyMap<string, HeldState>>;
}

export interface AttendanceDeps {
  readonly records: HeldStore;
  readonly find: Pick<BookingService, 'find'>;
  readonly timetable: Pick<Timetable, 'heldSlot'>;
  readonly clock: Clock;
}

const stale = (): DomainError =>
  new DomainError('attendance-stale', 409, { fields: { version: 'errors.field.stale' } });

export function createAttendanceService(deps: AttendanceDeps): AttendanceService {
  const { records, timetable, clock } = deps;

  async function find(actor: Actor, slotId: string): Promise<RecordedSlot> {
    const { slot } = await deps.find.find(actor, slotId);
    const [held, record] = await Promise.all([
      timetable.heldSlot(actor, slot),
      records.findOptional(actor.courseId, slotId),
    ]);
    return { held, record };
  }

  return {
    find,

    async findToRecord(actor, slotId) {
      const found = await find(actor, slotId);
      const { slot, series } = found.held;
      if (!mayManage(actor, series, slot)) throw forbidden();
      if (slot.state === 'cancelled' || slot.state === 'removed') throw conflict('slot-cancelled');
      if (clock.now() < slot.startsAt) throw conflict('slot-not-begun');
      return found;
    },

    async save(actor, { held }, attendance) {
      const { slot, series } = held;
      const entries = attending(held).flatMap((attendee) => entryOf(attendee, series, attendance));
      const saved = await records.save(
        { courseId: slot.courseId, slotId: slot.id, seriesId: slot.seriesId },
        attendance.version,
        {
          entries,
          sharedNote: attendance.sharedNote,
          confidentialNote: attendance.confidentialNote,
          markedAt: clock.now(),
          markedBy: actor.personId,
        },
      );
      if (!saved) throw stale();
    },

    async listOwn(personId, own) {
      const found = await records.findMany(own.map(({ slot }) => slot.id));
      const bySlot = new Map(found.map((record) => [record.slotId, record]));
      return new Map(
        own.flatMap(({ booking, slot }): [string, OwnAttendance][] => {
          const record = bySlot.get(slot.id);
          if (record === undefined || booking.state !== 'booked') return [];
          const entry = record.entries.find((marked) => marked.personId === personId);
          const { sharedNote, minutes } = record;
          return [
            [
              slot.id,
              {
                state: heldStateOf(slot.state, record),
                mark: entry?.mark ?? null,
                points: entry?.points ?? null,
                note: entry?.note ?? '',
                sharedNote,
                minutes,
              },
            ],
          ];
        }),
      );
    },

    async entriesOf(slotId) {
      const [record] = await records.findMany([slotId]);
      return new Map(record?.entries.map((entry) => [entry.personId, entry]));
    },

    async statesOf(slots) {
      const found = await records.findMany(slots.map(({ id }) => id));
      const bySlot = new Map(found.map((record) => [record.slotId, record]));
      return new Map(slots.map(({ id, state }) => [id, heldStateOf(state, bySlot.get(id) ?? null)]));
    },
  };
}

function entryOf(
  { booking, personId }: Attendee,
  { grading }: Pick<Series, 'grading'>,
  { marks, others }: Attendance,
): AttendanceEntry[] {
  const given = marks.get(personId);
  const mark = given?.mark ?? others;
  if (mark === null) return [];
  const points = grading === 'none' || grading === 'fixed' ? null : (given?.points ?? null);
  return [{ bookingId: booking.id, personId, mark, points, note: given?.note ?? '' }];
}
