import { Router } from 'express';
import { z } from 'zod';
import { actorOf } from '../../web/actor.js';
import { id, parse } from '../../web/parse.js';
import { seeOther } from '../../web/present.js';
import type { NotificationsService } from './notifications.service.js';

const params = z.object({ id });

/** `/c/:courseKey/notifications` */
export function notificationsRouter(notifications: Pick<NotificationsService, 'markRead'>): Router {
  const router = Router({ mergeParams: true });
  router.post('/:id/read', async (req, res) => {
    const actor = actorOf(req);
    await notifications.markRead(actor, parse(params, { id: req.params.id }).id);
    seeOther(res, `/c/${actor.courseKey}/`);
  });
  return router;
}
