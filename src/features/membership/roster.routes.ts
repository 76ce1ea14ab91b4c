import { Router } from 'express';
import { actorOf, requireRole } from '../../web/actor.js';
import { parse } from '../../web/parse.js';
import { present, seeOther } from '../../web/present.js';
import { filter } from './roster.schema.js';
import type { RosterService } from './roster.service.js';
import { rosterView } from './roster.view.js';

/** `/c/:courseKey/people`: who belongs to the course, for those who teach in it. */
export function rosterRouter(service: RosterService): Router {
  const router = Router();

  router.get('/', requireRole('assistant'), async (req, res) => {
    const { group } = parse(filter, req.query);
    present(req, res, {
      view: 'roster/course',
      title: req.page.t('roster.title'),
      data: rosterView(await service.ofCourse(actorOf(req), group)),
    });
  });

  router.post('/refresh', requireRole('teacher'), async (req, res) => {
    await service.refresh(actorOf(req));
    seeOther(res, `${req.baseUrl}/`, 'roster.refresh');
  });

  return router;
}
