import { Router, type Request } from 'express';
import { fullName } from '../../../shared/names.js';
import { lookAs, type Viewing } from '../../../shared/session-identity.js';
import { actorOf } from '../../../web/actor.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { saveIdentity, type SessionStore } from '../../../web/session.js';
import { viewAs } from './viewing.schema.js';
import type { ViewingService } from './viewing.service.js';

/** `/c/:courseKey/view-as` */
export function viewingRouter(service: ViewingService, sessions: Pick<SessionStore, 'save'>): Router {
  const router = Router();

  const look = async (req: Request, as: Viewing | null): Promise<void> => {
    if (req.user !== undefined) await saveIdentity(req, sessions, lookAs(req.user, as));
  };

  router.get('/', async (req, res) => {
    const students = await service.choices(actorOf(req));
    present(req, res, {
      view: 'viewing/choose',
      title: req.page.t('viewing.title'),
      data: { students: students.map(({ personId, name }) => ({ id: personId, name: fullName(name) })) },
    });
  });

  router.post('/', async (req, res) => {
    const { person } = parse(viewAs, req.body ?? {});
    await look(req, await service.begin(actorOf(req), person));
    seeOther(res, `/c/${actorOf(req).courseKey}/`);
  });

  router.post('/leave', async (req, res) => {
    await service.end(actorOf(req));
    await look(req, null);
    seeOther(res, `/c/${actorOf(req).courseKey}/`, 'viewing.left');
  });

  return router;
}
