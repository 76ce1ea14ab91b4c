import type { Request } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { actorOf } from '../../../web/actor.js';
import type { Place } from '../../schedule/index.js';
import { mayManage } from '../consultations.policy.js';
import { choiceView, type OwnAt } from '../consultations.view.js';
import type { Reassign } from '../slots/reassign.service.js';
import type { OwnBooking } from '../slots/slot-list.service.js';
import type { AttendanceService } from './attendance.service.js';
import { attendanceView } from './held.view.js';

export interface SlotExtrasDeps {
  readonly attendance: AttendanceService;
  readonly reassign: Pick<Reassign, 'substitutes'>;
  readonly places: () => Promise<Place[]>;
  readonly clock: Clock;
  /** How long before the beginning a video call opens. */
  readonly videoMinutes: () => Promise<number>;
}

/** What the page of a slot shows of how it went, and of who and where it could be instead. */
export interface SlotExtras {
  /** For the teacher's side. @throws as `AttendanceService.find` */
  held(req: Request, slotId: string): Promise<{ data: object; locals: object; heldState: HeldState }>;
  /** What a student's bookings are shown with. */
  at(req: Request, own: readonly OwnBooking[]): Promise<OwnAt>;
  statesOf: AttendanceService['statesOf'];
  attendanceOf: AttendanceService['entriesOf'];
}

type HeldState = ReturnType<typeof attendanceView>['state'];

export function createSlotExtras(deps: SlotExtrasDeps): SlotExtras {
  const { attendance, clock, videoMinutes } = deps;
  return {
    async held(req, slotId) {
      const actor = actorOf(req);
      const now = clock.now();
      const recorded = await attendance.find(actor, slotId);
      const { slot, series } = recorded.held;
      const shown = attendanceView(recorded);
      const changeable = mayManage(actor, series, slot) && slot.state === 'open' && now < slot.startsAt;
      return {
        heldState: shown.state,
        // Recorded from the beginning on.
        data: { attendance: now >= slot.startsAt && slot.state === 'open' ? shown : null },
        locals: {
          substitutes: changeable ? choiceView(await deps.reassign.substitutes(actor, slot, series)) : [],
          rooms: changeable
            ? (await deps.places()).filter(({ closed, roomId }) => !closed || roomId === slot.roomId)
            : [],
        },
      };
    },

    async at(req, own) {
      return {
        now: clock.now(),
        personId: actorOf(req).personId,
        videoMinutes: await videoMinutes(),
        attendance: await attendance.listOwn(actorOf(req).personId, own),
      };
    },

    statesOf: (slots) => attendance.statesOf(slots),
    attendanceOf: (slotId) => attendance.entriesOf(slotId),
  };
}
