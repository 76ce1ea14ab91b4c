import { Router, type Request } from 'express';
import { actorOf } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { seeOther, type Page } from '../../../web/present.js';
import { otherRoom, otherTeacher, slotId } from '../consultations.schema.js';
import type { Reassign } from './reassign.service.js';

/** Another teacher or another room for a slot. @param slotPage the page on which the forms are */
export function reassignRouter(
  reassign: Reassign,
  slotPage: (req: Request, slotId: string, again: FormAgain & { of: string }) => Promise<Page>,
): Router {
  const router = Router();

  router.post('/slots/:slotId/teacher', async (req, res) => {
    const { slotId: id } = parse(slotId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await reassign.substitute(actorOf(req), id, parse(otherTeacher, req.body ?? {}).teacher);
        seeOther(res, `${req.baseUrl}/slots/${id}`, 'consultations.substituted');
      },
      (again) => slotPage(req, id, { ...again, of: 'teacher' }),
    );
  });

  router.post('/slots/:slotId/room', async (req, res) => {
    const { slotId: id } = parse(slotId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await reassign.moveTo(actorOf(req), id, parse(otherRoom, req.body ?? {}).roomId);
        seeOther(res, `${req.baseUrl}/slots/${id}`, 'consultations.roomChanged');
      },
      (again) => slotPage(req, id, { ...again, of: 'room' }),
    );
  });

  return router;
}
