import type { Column } from '../../../infra/export/index.js';
import { fullName } from '../../../shared/names.js';
import type { HeldSlot } from '../slots/slot-list.service.js';
import type { AttendanceEntry } from '../held/marks.js';
import type { Booking } from './bookings.store.js';

/** A person who is booked, beside the slot. */
export interface BookedRow {
  readonly slot: HeldSlot['slot'];
  readonly booking: Booking;
  readonly person: HeldSlot['bookings'][number]['person'];
  /** Null while attendance is not marked. */
  readonly attendance: AttendanceEntry | null;
}

/** Yields a row for each person, also of those who are booked together. @param attendanceOf entries of a slot by person */
export async function* bookedRows(
  slots: AsyncIterable<HeldSlot>,
  attendanceOf: (slotId: string) => Promise<ReadonlyMap<string, AttendanceEntry>>,
): AsyncGenerator<BookedRow> {
  for await (const { slot, bookings } of slots) {
    const entries = await attendanceOf(slot.id);
    for (const { booking, person, companions } of bookings) {
      yield { slot, booking, person, attendance: entries.get(booking.personId) ?? null };
      for (const companion of companions)
        yield { slot, booking, person: companion, attendance: entries.get(companion.id) ?? null };
    }
  }
}

/** A booking whose slot is cancelled counts as cancelled, even before it says so itself. */
const cancellationOf = ({ slot, booking }: BookedRow): Booking['cancellation'] =>
  booking.cancellation ?? (slot.state === 'cancelled' ? slot.cancellation : null);

const stateOf = (row: BookedRow): 'booked' | 'waits' | 'cancelled' => {
  if (cancellationOf(row) !== null) return 'cancelled';
  return row.booking.state === 'requested' ? 'waits' : 'booked';
};

/** Columns of a series' bookings. */
export const bookingColumns: readonly Column<BookedRow>[] = [
  {
    key: 'startsAt',
    heading: 'consultations.bookings.startsAt',
    kind: 'date',
    value: ({ slot }) => slot.startsAt,
  },
  { key: 'endsAt', heading: 'consultations.bookings.endsAt', kind: 'date', value: ({ slot }) => slot.endsAt },
  {
    key: 'student',
    heading: 'consultations.bookings.student',
    kind: 'text',
    value: ({ person }, { t }) => (person ? fullName(person.name) : '') || t('common.nameless'),
  },
  {
    key: 'state',
    heading: 'consultations.bookings.state',
    kind: 'text',
    value: (row, { t }) => t(`consultations.bookings.states.${stateOf(row)}`),
  },
  {
    key: 'attendance',
    heading: 'consultations.held.title',
    kind: 'text',
    value: ({ attendance }, { t }) => attendance && t(`consultations.held.mark.${attendance.mark}`),
  },
  {
    key: 'points',
    heading: 'consultations.bookings.points',
    kind: 'number',
    value: ({ attendance }) => attendance?.points ?? null,
  },
  {
    key: 'question',
    heading: 'consultations.bookings.question',
    kind: 'text',
    value: ({ booking }) => booking.question,
  },
  {
    key: 'bookedAt',
    heading: 'consultations.bookings.bookedAt',
    kind: 'date',
    value: ({ booking }) => booking.bookedAt,
  },
  {
    key: 'reason',
    heading: 'consultations.bookings.reason',
    kind: 'text',
    value: (row) => cancellationOf(row)?.reason ?? null,
  },
];
