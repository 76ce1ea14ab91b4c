import { Router, type Request } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { badInput } from '../../../shared/errors.js';
import { actorOf } from '../../../web/actor.js';
import { uploadedFiles } from '../../../infra/files/index.js';
import { parse } from '../../../web/parse.js';
import { seeOther } from '../../../web/present.js';
import { booking as bookingInput, bookingId, reason, slotId } from '../consultations.schema.js';
import { createAnswerBooking, sayer } from './booking-answers.js';
import type { Cancelling } from './cancelling.service.js';
import { movesRouter, type MovesRouterDeps } from './moves.routes.js';
import { createSlotPages, type BookingPagesDeps } from './slot-pages.js';
import { topicOf } from './topics.js';
import { waitingRouter, type WaitingRouterDeps } from './waiting.routes.js';

export interface BookingsRouterDeps extends BookingPagesDeps, MovesRouterDeps, WaitingRouterDeps {
  readonly waiting: WaitingRouterDeps['waiting'];
  readonly cancelling: Cancelling;
}

/** Bookings: making, moving, cancelling and undoing them. */
export function bookingsRouter(deps: BookingsRouterDeps, clock: Clock): Router {
  const router = Router();
  const { booking, cancelling, companions } = deps;
  const answer = createAnswerBooking(deps, createSlotPages(deps, clock));

  /** Everyone whom a request names: people, or a group of the course; undefined: the actor alone. */
  async function namedBy(req: Request, id: string, input: { group?: string | undefined; person: string[] }) {
    if (input.group === undefined || input.group === '')
      return input.person.length > 0 ? input.person : undefined;
    const actor = actorOf(req);
    const { series } = await booking.find(actor, id);
    const { groups } = await companions.choices(actor, series);
    const group = groups.find((item) => item.id === input.group);
    if (group === undefined) throw badInput({ group: 'errors.field.wrong' });
    return group.personIds;
  }

  router.post('/slots/:slotId/bookings', async (req, res) => {
    const { slotId: id } = parse(slotId, req.params);
    await answer(req, res, id, {
      of: 'book',
      act: async () => {
        const input = parse(bookingInput, req.body ?? {});
        const key = req.get('idempotency-key') ?? input.key;
        const personIds = await namedBy(req, id, input);
        const made = await booking.book(actorOf(req), id, input.question, sayer(req), {
          ...{ personIds, key },
          uploads: uploadedFiles(req),
          topic: topicOf(req),
        });
        seeOther(
          res,
          `${req.baseUrl}/slots/${id}`,
          made.state === 'requested' ? 'consultations.requested' : 'consultations.booked',
        );
      },
    });
  });

  router.post('/bookings/:bookingId/cancel', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const found = await booking.findBooking(actor, id);
    const own = found.personIds.includes(actor.personId);
    await answer(req, res, found.slotId, {
      of: id,
      act: async () => {
        await cancelling.cancelBooking(actor, id, parse(reason, req.body ?? {}).reason);
        const to = own ? `${req.baseUrl}/` : `${req.baseUrl}/slots/${found.slotId}`;
        seeOther(res, to, 'consultations.cancelled');
      },
    });
  });

  router.post('/bookings/:bookingId/undo', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const found = await booking.findBooking(actor, id);
    await cancelling.undo(actor, id);
    seeOther(res, `${req.baseUrl}/slots/${found.slotId}`, 'consultations.undone');
  });

  router.use(movesRouter(deps, answer), waitingRouter(deps, answer));
  return router;
}
