import { Router } from 'express';
import { actorOf } from '../../../web/actor.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { mayBook } from '../consultations.policy.js';
import { bookingId, bookingMove } from '../consultations.schema.js';
import { byDay, choiceView, freeSlotView } from '../consultations.view.js';
import { sayer, type AnswerBooking } from './booking-answers.js';
import type { Moving } from './moving.service.js';
import type { BookingPagesDeps } from './slot-pages.js';

export interface MovesRouterDeps extends Pick<BookingPagesDeps, 'booking' | 'timetable'> {
  readonly moving: Moving;
}

/** Moves of a booking to another slot. */
export function movesRouter({ booking, moving, timetable }: MovesRouterDeps, answer: AnswerBooking): Router {
  const router = Router();

  /** Where a booking can be moved: the free times of its teacher, and of the rest of the course after them. */
  router.get('/bookings/:bookingId/move', async (req, res) => {
    const actor = actorOf(req);
    const found = await booking.findBooking(actor, parse(bookingId, req.params).bookingId);
    const { slot, series } = await booking.find(actor, found.slotId);
    const { items } = await timetable.freeSlots(actor, { teacher: series.teacherId });
    const movable = items.filter(({ slot: { id } }) => id !== slot.id).map(freeSlotView);
    const person = (await timetable.peopleOf([found.personId])).slice(0, 1);
    present(req, res, {
      view: 'consultations/move',
      title: req.page.t('consultations.move.title'),
      data: {
        id: found.id,
        slotId: slot.id,
        title: series.title,
        startsAt: slot.startsAt,
        endsAt: slot.endsAt,
        slotZone: series.pattern.zone,
        person: mayBook(actor) ? '' : (choiceView(person)[0]?.name ?? ''),
        days: byDay(movable, req.page.zone),
      },
    });
  });

  router.post('/bookings/:bookingId/move', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const { slot } = parse(bookingMove, req.body ?? {});
    await answer(req, res, slot, {
      of: 'book',
      act: async () => {
        const moved = await moving.moveBooking(actor, id, slot, sayer(req));
        seeOther(res, `${req.baseUrl}/slots/${moved.slotId}`, 'consultations.moved');
      },
    });
  });

  return router;
}
