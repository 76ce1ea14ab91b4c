import { compareText } from '../../../shared/collation.js';
import { fullName } from '../../../shared/names.js';
import { attending } from './attending.js';
import type { HeldSlot } from '../slots/slot-list.service.js';

/** Fewest lines of a sheet: those who come without a booking sign as well. */
const LEAST_LINES = 5;

/** The sheet that students sign at a consultation. */
export function sheetView({ slot, series, teacher, bookings }: HeldSlot) {
  const names = attending({ bookings })
    .map(({ person }) => (person ? fullName(person.name) : ''))
    .sort((a, b) => compareText(a, b));
  return {
    slotId: slot.id,
    title: series.title,
    teacher: teacher ? fullName(teacher.name) : '',
    place: slot.place || series.place,
    // It hangs on the door of the place.
    zone: series.pattern.zone,
    startsAt: slot.startsAt,
    endsAt: slot.endsAt,
    names,
    blank: Math.max(0, LEAST_LINES - names.length),
  };
}
