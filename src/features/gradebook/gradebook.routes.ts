import { Router } from 'express';
import { z } from 'zod';
import { atLeast } from '../../shared/roles.js';
import { actorOf, requireRole } from '../../web/actor.js';
import { id, parse } from '../../web/parse.js';
import { present, seeOther } from '../../web/present.js';
import type { GradesService } from './gradebook.service.js';
import { courseView, ownView, rowView } from './gradebook.view.js';

const idParams = z.object({ id });

/** `/c/:courseKey/grades`: where each grade stands with the LMS's gradebook. */
export function gradesRouter(service: GradesService): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const actor = actorOf(req);
    const title = req.page.t('grades.title');
    if (atLeast(actor.role, 'assistant')) {
      present(req, res, {
        view: 'grades/course',
        title,
        data: courseView(...(await Promise.all([service.ofCourse(actor), service.troubledLineItems(actor)]))),
      });
    } else {
      present(req, res, { view: 'grades/own', title, data: ownView(await service.ofActor(actor)) });
    }
  });

  router.post('/again', requireRole('teacher'), async (req, res) => {
    await service.again(actorOf(req));
    seeOther(res, `${req.baseUrl}/`, 'grades.again');
  });

  router.post('/columns/:id/again', requireRole('teacher'), async (req, res) => {
    await service.seekAgain(actorOf(req), parse(idParams, req.params).id);
    seeOther(res, `${req.baseUrl}/`, 'grades.seeking');
  });

  router.get('/:id', requireRole('assistant'), async (req, res) => {
    const found = await service.find(actorOf(req), parse(idParams, req.params).id);
    present(req, res, { view: 'grades/row', title: found.row.title, data: rowView(found, null) });
  });

  router.post('/:id/held', requireRole('assistant'), async (req, res) => {
    const { found, ...held } = await service.held(actorOf(req), parse(idParams, req.params).id);
    present(req, res, { view: 'grades/row', title: found.row.title, data: rowView(found, held) });
  });

  router.post('/:id/again', requireRole('teacher'), async (req, res) => {
    await service.again(actorOf(req), parse(idParams, req.params).id);
    seeOther(res, `${req.baseUrl}/`, 'grades.again');
  });

  return router;
}
