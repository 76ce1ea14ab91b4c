import type { Column } from '../../../infra/export/index.js';
import { fullName } from '../../../shared/names.js';
import type { HeldSlot } from '../slots/slot-list.service.js';
import type { Booking } from './bookings.store.js';

/** A booking beside the slot it is for. */
export interface BookedRow {
  readonly slot: HeldSlot['slot'];
  readonly booking: Booking;
  readonly person: HeldSlot['bookings'][number]['person'];
}

export async function* bookedRows(slots: AsyncIterable<HeldSlot>): AsyncGenerator<BookedRow> {
  for await (const { slot, bookings } of slots) {
    for (const { booking, person } of bookings) yield { slot, booking, person };
  }
}

/** A booking whose slot is cancelled counts as cancelled, even before it says so itself. */
const cancellationOf = ({ slot, booking }: BookedRow): Booking['cancellation'] =>
  booking.cancellation ?? (slot.state === 'cancelled' ? slot.cancellation : null);

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
    value: (row, { t }) =>
      t(`consultations.bookings.states.${cancellationOf(row) === null ? 'booked' : 'cancelled'}`),
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
