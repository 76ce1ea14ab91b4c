import type { Request } from 'express';
import { DomainError } from '../../../shared/errors.js';
import { actorOf } from '../../../web/actor.js';
import { wantsJson } from '../../../web/present.js';
import { freeSlotView } from '../consultations.view.js';
import { dateIn, mondayOf } from '../../../shared/days.js';
import type { Meeting, Timetable } from '../slots/slot-list.service.js';
import type { BookingService } from './booking.service.js';

/** A refusal with the way on: the booking that stands in the way, and the nearest free times. */
export interface Refusal {
  readonly code: string;
  readonly title: string;
  readonly text: string;
  /** Id of the own booking of this course that stands in the way, or ''. */
  readonly bookingId: string;
  readonly nearest: readonly ReturnType<typeof freeSlotView>[];
}

/** After these, another time helps. */
const HELPED = new Set([
  'slot-full',
  'booking-overlaps',
  'companion-busy',
  'already-booked',
  'booking-closed',
  'booking-early',
  'reschedule-closed',
  'slot-cancelled',
  'slot-past',
  'series-ended',
  'limit-at-once',
  'limit-week',
  'limit-term',
  'limit-series',
]);

const NEAREST = 6;
/** After a limit most of the nearest times help no more. */
const LOOKED_AT = 40;

/** Whether another time helps after a limit was reached: one of another type or series, or of another week. */
function helps(code: string, wanted: Meeting, other: Meeting): boolean {
  const week = ({ slot, series }: Meeting): string => mondayOf(dateIn(series.pattern.zone, slot.startsAt));
  const ofType = wanted.series.type === other.series.type;
  switch (code) {
    case 'limit-series':
      return wanted.series.id !== other.series.id;
    case 'limit-week':
      return !ofType || week(wanted) !== week(other);
    case 'limit-at-once':
    case 'limit-term':
      return !ofType;
    default:
      return true;
  }
}

/** Returns null for an error after which no other time helps, and for programs, which get the error itself. */
export async function refusalOf(
  req: Request,
  error: unknown,
  slotId: string,
  { booking, timetable }: { readonly booking: Pick<BookingService, 'find'>; readonly timetable: Timetable },
): Promise<Refusal | null> {
  if (!(error instanceof DomainError) || !HELPED.has(error.code) || wantsJson(req)) return null;
  const actor = actorOf(req);
  const { slot, series } = await booking.find(actor, slotId);
  const { code } = error;
  const wanted = { slot, series, teacher: null };
  const freeFrom = async (from?: Date) => {
    // One of them may be the slot itself.
    const atLeast = code.startsWith('limit-') ? LOOKED_AT : NEAREST + 1;
    const { items } = await timetable.freeSlots(actor, { teacher: series.teacherId, from, atLeast });
    return items.filter((item) => item.slot.id !== slotId && helps(code, wanted, item)).slice(0, NEAREST);
  };
  const later = await freeFrom(slot.startsAt);
  const { t } = req.page;
  const params = error.details.params ?? {};
  return {
    code,
    title: t(`errors.${code}.title`, params),
    text: t(`errors.${code}.text`, params),
    bookingId: String(params.booking ?? ''),
    // Where it is the last, earlier ones.
    nearest: (later.length > 0 ? later : await freeFrom()).map(freeSlotView),
  };
}
