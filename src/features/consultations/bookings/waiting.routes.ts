import { Router } from 'express';
import { actorOf } from '../../../web/actor.js';
import { parse } from '../../../web/parse.js';
import { seeOther } from '../../../web/present.js';
import { bookingId, joining, slotId } from '../consultations.schema.js';
import type { Approval } from './approval.service.js';
import { sayer, type AnswerBooking } from './booking-answers.js';
import type { BookingPagesDeps } from './slot-pages.js';
import type { Waiting } from './waiting.service.js';

export interface WaitingRouterDeps extends Pick<BookingPagesDeps, 'booking'> {
  readonly waiting: Waiting;
  readonly approval: Approval;
}

/** The waiting list, offers from it, and bookings that wait for the teacher's yes. */
export function waitingRouter(
  { booking, waiting, approval }: WaitingRouterDeps,
  answer: AnswerBooking,
): Router {
  const router = Router();

  router.post('/slots/:slotId/wait', async (req, res) => {
    const { slotId: id } = parse(slotId, req.params);
    await answer(req, res, id, {
      of: 'book',
      act: async () => {
        await waiting.join(actorOf(req), id, parse(joining, req.body ?? {}).tell);
        seeOther(res, `${req.baseUrl}/slots/${id}`, 'consultations.joined');
      },
    });
  });

  router.post('/bookings/:bookingId/accept', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const { slotId: slot } = await booking.findBooking(actor, id);
    await answer(req, res, slot, {
      of: 'book',
      act: async () => {
        await waiting.accept(actor, id, sayer(req));
        seeOther(res, `${req.baseUrl}/slots/${slot}`, 'consultations.booked');
      },
    });
  });

  router.post('/bookings/:bookingId/approve', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const { slotId: slot } = await booking.findBooking(actor, id);
    await approval.approve(actor, id);
    seeOther(res, `${req.baseUrl}/slots/${slot}`, 'consultations.approved');
  });

  return router;
}
