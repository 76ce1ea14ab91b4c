import { Router, type Request } from 'express';
import { z } from 'zod';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse, text } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { seriesId } from '../consultations.schema.js';
import { participantsView } from '../consultations.view.js';
import type { Participation } from './participation.service.js';

const LONGEST_MESSAGE = 2_000;
const message = z.object({ text: text(LONGEST_MESSAGE) });

/** Who of a course has booked a series and who has not: to invite them, or to write to them. */
export function participationRouter(participation: Participation): Router {
  const router = Router();
  const teaches = requireRole('teacher');

  const peoplePage = async (req: Request, id: string, again?: FormAgain): Promise<Page> => {
    const { series, participants, invitedAt } = await participation.ofSeries(actorOf(req), id);
    return {
      view: 'consultations/participation',
      title: req.page.t('consultations.people.title'),
      data: {
        seriesId: series.id,
        seriesTitle: series.title,
        ...participantsView(participants),
        invitedAt,
        values: again?.values ?? { text: '' },
        errors: again?.errors ?? {},
      },
    };
  };

  router.get('/:seriesId/people', teaches, async (req, res) => {
    present(req, res, await peoplePage(req, parse(seriesId, req.params).seriesId));
  });

  router.post('/:seriesId/invite', teaches, async (req, res) => {
    const { seriesId: id } = parse(seriesId, req.params);
    await participation.inviteToSeries(actorOf(req), id);
    seeOther(res, `${req.baseUrl}/${id}/people`, 'consultations.invited');
  });

  router.post('/:seriesId/messages', teaches, async (req, res) => {
    const { seriesId: id } = parse(seriesId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await participation.write(actorOf(req), id, parse(message, req.body ?? {}).text);
        seeOther(res, `${req.baseUrl}/${id}/people`, 'consultations.written');
      },
      (again) => peoplePage(req, id, again),
    );
  });

  return router;
}
