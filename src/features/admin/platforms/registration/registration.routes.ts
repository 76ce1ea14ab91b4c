import { Router } from 'express';
import { sameOrigin } from '../../../../web/csrf.js';
import { bodies } from '../../../../web/body.js';
import { parse } from '../../../../web/parse.js';
import { present } from '../../../../web/present.js';
import { asked } from './registration.schema.js';
import type { RegistrationService } from './registration.service.js';
import { doneView, framesOf, offerView } from './registration.view.js';

/**
 * `/lti/register` (Dynamic Registration 1.0, section 3.2): an LMS sends an administrator's browser here, with one of
 * our links. Nothing changes before the button is pressed. There is no session: the link's token is what counts.
 */
export function registrationRouter(service: RegistrationService, publicUrl: string): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const input = parse(asked, req.query);
    const offer = await service.offer(input);
    req.page.frameOrigins = framesOf(offer);
    present(req, res, {
      view: 'registration/offer',
      title: req.page.t(offer.before ? 'registration.renewal.title' : 'registration.offer.title'),
      data: offerView(offer, input),
    });
  });

  router.post('/', sameOrigin(publicUrl), bodies(), async (req, res) => {
    const input = parse(asked, req.body);
    const done = await service.register(input);
    req.page.frameOrigins = framesOf(done);
    present(req, res, {
      view: 'registration/done',
      title: req.page.t(done.before ? 'registration.renewal.done' : 'registration.done.title'),
      data: doneView(done),
    });
  });

  return router;
}
