import { Router } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { actorOf } from '../../../web/actor.js';
import { answerForm } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import type { Cancelling } from '../bookings/cancelling.service.js';
import { createSlotPages, type BookingPagesDeps } from '../bookings/slot-pages.js';
import { reason, slotId, slotMove } from '../consultations.schema.js';
import type { SlotMoves } from './slot-moves.service.js';

export interface SlotsRouterDeps extends BookingPagesDeps {
  readonly slotMoves: SlotMoves;
  readonly cancelling: Cancelling;
}

/** A slot: its page, its move, its end. */
export function slotsRouter(deps: SlotsRouterDeps, clock: Clock): Router {
  const router = Router();
  const { cancelling, slotMoves } = deps;
  const pages = createSlotPages(deps, clock);

  router.get('/slots/:slotId', async (req, res) => {
    present(req, res, await pages.slotPage(req, parse(slotId, req.params).slotId));
  });

  router.post('/slots/:slotId/cancel', async (req, res) => {
    const { slotId: id } = parse(slotId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await cancelling.cancelSlot(actorOf(req), id, parse(reason, req.body ?? {}).reason);
        seeOther(res, `${req.baseUrl}/slots/${id}`, 'consultations.slotCancelled');
      },
      (again) => pages.slotPage(req, id, { ...again, of: 'slot' }),
    );
  });

  router.post('/slots/:slotId/remove', async (req, res) => {
    await cancelling.removeSlot(actorOf(req), parse(slotId, req.params).slotId);
    seeOther(res, `${req.baseUrl}/`, 'consultations.slotRemoved');
  });

  router.post('/slots/:slotId/move', async (req, res) => {
    const { slotId: id } = parse(slotId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await slotMoves.moveSlot(actorOf(req), id, parse(slotMove, req.body ?? {}));
        seeOther(res, `${req.baseUrl}/slots/${id}`, 'consultations.slotMoved');
      },
      (again) => pages.slotPage(req, id, { ...again, of: 'move' }),
    );
  });

  return router;
}
