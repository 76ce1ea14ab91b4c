import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Authenticator } from 'passport';
import { launchOf } from '../../lti/index.js';
import { actorOf, requireRole } from '../../web/actor.js';
import { parse } from '../../web/parse.js';
import { answerForm, type FormAgain } from '../../web/form.js';
import { present, seeOther, type Page } from '../../web/present.js';
import { beginSession, sendSession } from '../../web/session.js';
import { takeTarget } from '../../web/target.js';
import type { Answer, DeepLinkingService, Words } from './deep-linking/deep-linking.service.js';
import type { HandoversStore } from './handovers.store.js';
import { chosen, placement, requestId } from './launch.schema.js';
import { pickerView } from './launch.view.js';
import { admissionOf } from './lti.strategy.js';
import { replaceSessions } from './session-marks.js';
import type { SessionsStore } from './sessions.store.js';

/** The end of a verified launch: the identity is taken, the session id is new, the address is clean. */
export function acceptLaunch(authenticator: Authenticator, sessions: SessionsStore): RequestHandler[] {
  return [
    authenticator.authenticate('lti', { session: false }) as RequestHandler,
    async (req, res) => {
      const { identity, to } = admissionOf(req);
      const id = await beginSession(req, sessions, identity);
      try {
        await launchOf(req).confirm();
      } catch (error) {
        // The new session leaves no trace, and the browser is not told of it.
        await sessions.endById(id);
        throw error;
      }
      await replaceSessions(req, res, id, identity, sessions);
      sendSession(res, id, identity);
      seeOther(res, takeTarget(req, res, to));
    },
  ];
}

/** `/c/:courseKey/deep-linking`: a teacher chooses what to place into the course. */
export function deepLinkingRouter(
  service: DeepLinkingService,
  handovers: Pick<HandoversStore, 'keepAnswer'>,
): Router {
  const router = Router();
  router.use(requireRole('teacher'));

  async function pickerPage(req: Request, request: string, again?: FormAgain): Promise<Page> {
    const choice = await service.offer(actorOf(req), request);
    const title = req.page.t('launch.picker.title');
    const preset = parse(chosen, req.query).chosen;
    return { view: 'launch/picker', title, data: pickerView(choice, preset, again) };
  }

  router.get('/:request', async (req, res) => {
    const { request } = parse(requestId, req.params);
    present(req, res, await pickerPage(req, request));
  });

  router.post('/:request', async (req, res) => {
    const { request } = parse(requestId, req.params);
    const act = async (): Promise<void> => {
      const { chosen: refs, ...naming } = parse(placement, req.body);
      const answer = await service.place(actorOf(req), request, refs, naming, wordsOf(req));
      await returnToPlatform(req, res, answer, handovers);
    };
    await answerForm(req, res, act, (again) => pickerPage(req, request, again));
  });

  router.post('/:request/cancel', async (req, res) => {
    const { request } = parse(requestId, req.params);
    await returnToPlatform(req, res, await service.cancel(actorOf(req), request, wordsOf(req)), handovers);
  });

  return router;
}

/** What the platform will tell the person, in the language they read us in. */
const wordsOf = ({ page: { t } }: Request): Words => ({
  placed: (count, drafts) =>
    [t('launch.picker.placed', { count }), ...(drafts > 0 ? [t('launch.picker.draftHint')] : [])].join('. '),
  impossible: t('launch.picker.impossible'),
  review: t('launch.picker.review'),
});

/**
 * A page that posts the answer to the platform: by itself with JavaScript, by its button without. In a window that our
 * frame has opened, because the browser keeps no cookies there, the platform's dialog is around that frame: the frame
 * is told where the answer is, and posts it.
 */
async function returnToPlatform(
  req: Request,
  res: Response,
  answer: Answer,
  handovers: Pick<HandoversStore, 'keepAnswer'>,
): Promise<void> {
  const code = await handovers.keepAnswer({ ...answer, frameOrigins: req.page.frameOrigins });
  presentAnswer(req, res, answer, `/handover/answer/${code}`);
}

/** @param carry path under which the frame that opened this window finds the answer; '' in that frame */
export function presentAnswer(req: Request, res: Response, { returnUrl, jwt }: Answer, carry: string): void {
  req.page.formOrigins = [new URL(returnUrl).origin];
  present(req, res, {
    view: 'launch/return',
    title: req.page.t('launch.return.title'),
    data: { returnUrl, jwt, carry },
  });
}
