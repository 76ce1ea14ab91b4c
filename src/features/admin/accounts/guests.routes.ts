import { Router } from 'express';
import { z } from 'zod';
import { DomainError } from '../../../shared/errors.js';
import { actorOf } from '../../../web/actor.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { callerOf, giveCookie } from '../admin.guard.js';
import type { KnownBrowsers } from './known-browsers.js';
import type { GuestsService } from './guests.service.js';

const handover = z.object({ code: z.string().regex(/^[\w-]{32}$/) });

/**
 * `/c/:courseKey/administration`: leads from the course to the administration. The
 * code goes in a form to a new window: inside the LMS's frame the administration's cookie is not kept.
 */
export function administrationRouter(guests: Pick<GuestsService, 'handOver'>): Router {
  const router = Router();
  router.post('/', async (req, res) => {
    const code = await guests.handOver(actorOf(req));
    present(req, res, {
      view: 'admin/handover',
      title: req.page.t('admin.login.title'),
      data: { code },
    });
  });
  return router;
}

/** Not a login: a login has no spaces. */
const GUEST = 'administrator of an LMS';

/**
 * `/admin/enter`: the window of its own. The browser has no token yet, so only the origin tells
 * the form's source: an attacker with a code could otherwise sign another browser in to their own session.
 */
export function entryRouter(
  guests: Pick<GuestsService, 'enter'>,
  known: Pick<KnownBrowsers, 'remember'>,
  publicUrl: string,
): Router {
  const router = Router();
  router.post('/enter', async (req, res) => {
    if (req.get('origin') !== publicUrl) throw new DomainError('foreign-origin', 403);
    const { code } = parse(handover, req.body ?? {});
    giveCookie(res, await guests.enter(code, callerOf(req)));
    known.remember(req, res, GUEST);
    seeOther(res, '/admin');
  });
  return router;
}
