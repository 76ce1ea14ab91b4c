import type { Request } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { actorOf } from '../../../web/actor.js';
import type { FormAgain } from '../../../web/form.js';
import type { Page } from '../../../web/present.js';
import type { Place } from '../../schedule/index.js';
import type { BookingService } from '../bookings/booking.service.js';
import { mayManage, maySeeBookings } from '../consultations.policy.js';
import {
  choiceView,
  freeSlotView,
  heldSlotView,
  ownBookingsView,
  standingView,
} from '../consultations.view.js';
import type { AttendanceService } from '../held/attendance.service.js';
import { attendanceView } from '../held/held.view.js';
import { isVideoOpen } from '../video/video.policy.js';
import type { Reassign } from './reassign.service.js';
import type { Timetable } from './slot-list.service.js';

/** A form of the slot's page shown again, and which of them it is: the slot's own, a booking's, another. */
export interface SlotFormAgain extends FormAgain {
  readonly of: 'slot' | 'attendance' | 'minutes' | 'teacher' | 'room' | (string & {});
}

const FRESH: SlotFormAgain = { values: {}, errors: {}, of: '' };

export interface SlotPageDeps {
  readonly service: Pick<BookingService, 'find'>;
  readonly timetable: Timetable;
  readonly attendance: AttendanceService;
  readonly reassign: Pick<Reassign, 'substitutes'>;
  readonly places: () => Promise<Place[]>;
  readonly clock: Clock;
  readonly videoMinutes: () => Promise<number>;
}

export type SlotPage = (req: Request, id: string, again?: SlotFormAgain) => Promise<Page>;

/** The page of a slot: for the teacher's side with everyone who has booked, for students to book. */
export function slotPage(deps: SlotPageDeps): SlotPage {
  const { service, timetable, attendance, clock, videoMinutes } = deps;

  async function heldPage(req: Request, id: string, again: SlotFormAgain): Promise<Page> {
    const actor = actorOf(req);
    const now = clock.now();
    const recorded = await attendance.find(actor, id);
    const { slot, series } = recorded.held;
    const manage = mayManage(actor, series, slot);
    const shown = attendanceView(recorded);
    const changeable = manage && slot.state === 'open' && now < slot.startsAt;
    return {
      view: 'consultations/slot',
      title: series.title,
      data: {
        slot: heldSlotView(recorded.held, shown.state),
        manage,
        over: now >= slot.startsAt,
        /** Recorded from the beginning on. */
        attendance: now >= slot.startsAt && slot.state === 'open' ? shown : null,
        ...again,
      },
      locals: {
        substitutes: changeable ? choiceView(await deps.reassign.substitutes(actor, slot, series)) : [],
        rooms: changeable
          ? (await deps.places()).filter(({ closed, roomId }) => !closed || roomId === slot.roomId)
          : [],
      },
    };
  }

  return async (req, id, again = FRESH) => {
    const actor = actorOf(req);
    const { slot, series } = await service.find(actor, id);
    if (maySeeBookings(actor, series, slot)) return heldPage(req, id, again);
    const now = clock.now();
    const free = await timetable.openSlot(actor, slot);
    const own = (await timetable.bookingsOf(actor)).filter((item) => item.slot.id === slot.id);
    const minutes = await videoMinutes();
    const at = { now, videoMinutes: minutes, attendance: await attendance.listOwn(own) };
    const bookings = ownBookingsView(own, at);
    return {
      view: 'consultations/book',
      title: series.title,
      data: {
        slot: freeSlotView(free),
        standing: standingView(free, now),
        upcoming: bookings.upcoming,
        past: bookings.past.filter(({ state }) => state === 'booked'),
        videoOpen: isVideoOpen(slot, minutes, now),
        ...again,
      },
    };
  };
}
