import { Router } from 'express';
import { actorOf } from '../../web/actor.js';
import { present } from '../../web/present.js';
import { endSessions } from './session-marks.js';
import type { MongooseSessionStore } from './sessions.store.js';

/**
 * `/c/:courseKey/sign-out`: ends all sessions of the person in this browser. The answer is a page of the course's frame
 * and says how to come back.
 */
export function signOutRouter(sessions: Pick<MongooseSessionStore, 'end'>): Router {
  const router = Router();
  router.post('/', async (req, res) => {
    actorOf(req);
    await endSessions(req, res, sessions);
    const { returnUrl } = req.page;
    // From here on nobody acts: the page has no menu.
    delete req.actor;
    req.page.csrf = '';
    // This address is not one to come back to.
    req.page.language = 'none';
    present(req, res, {
      view: 'launch/signed-out',
      title: req.page.t('launch.signedOut.title'),
      data: { signedOut: true },
      locals: { returnUrl },
    });
  });
  return router;
}
