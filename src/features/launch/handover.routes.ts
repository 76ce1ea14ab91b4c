import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import {
  launchLocaleOf,
  launchOf,
  longLoginOf,
  platformStorageOf,
  storageQuestionOf,
  uncookiedOf,
} from '../../lti/index.js';
import { DomainError } from '../../shared/errors.js';
import type { SessionIdentity } from '../../shared/session-identity.js';
import { preferEnrolment } from '../../web/context.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, wantsJson } from '../../web/present.js';
import { beginSession, sendSession } from '../../web/session.js';
import type { HandoversStore } from './handovers.store.js';
import { presentAnswer } from './launch.routes.js';
import { answerCode, handoverCode, handoverPath } from './launch.schema.js';
import type { LaunchService } from './launch.service.js';
import { hasMark, replaceSessions } from './session-marks.js';
import type { SessionsStore } from './sessions.store.js';

/**
 * Without cookies a person cannot be recognised in a frame. Where the platform keeps the login in its own page, the launch
 * goes on, to be proven from there; else, and where that fails, the same login begins in a window of its own.
 */
export const offerWindow: RequestHandler = (req, res) => {
  const posted = longLoginOf(req);
  const login = posted === null ? uncookiedOf(req) : null;
  if (posted !== null || login?.goesOn === true) {
    present(req, res, {
      view: 'launch/again',
      title: req.page.t('launch.again.title'),
      data: posted ?? { action: '/lti/login', fields: login?.fields },
    });
    return;
  }
  present(req, res, {
    view: 'launch/window',
    title: req.page.t('launch.window.title'),
    data: { ...login, host: req.get('host') ?? '', kept: platformStorageOf(req) },
  });
};

/** Pages before a session, refusals among them, speak the language of the launch. */
export const inLaunchLanguage: ErrorRequestHandler = (error, req, _res, next) => {
  speakLaunchLanguage(req);
  next(error);
};

function speakLaunchLanguage(req: Request): void {
  const locale = launchLocaleOf(req);
  if (locale !== undefined) preferEnrolment(req, { locale });
}

/** The launch is refused, unless the platform's page has its login: 403 either way, until that is proven. */
export const askStorage: RequestHandler = (req, res, next) => {
  if (wantsJson(req)) {
    next();
    return;
  }
  speakLaunchLanguage(req);
  present(req, res, {
    view: 'launch/kept',
    title: req.page.t('errors.lti-state-cookie.title'),
    status: 403,
    data: {
      ...storageQuestionOf(req),
      problem: {
        resend: null,
        code: 'lti-state-cookie',
        status: 403,
        text: req.page.t('errors.lti-state-cookie.text'),
        title: req.page.t('errors.lti-state-cookie.title'),
        fields: {},
        received: {},
        requestId: req.page.id,
      },
    },
  });
};

/** A launch that was proven from the platform's storage: here no session can live, in a new window one may. */
export function handOver(service: LaunchService, handovers: HandoversStore): RequestHandler {
  return async (req, res, next) => {
    const launch = launchOf(req);
    if (launch.keptBy === 'browser') {
      next();
      return;
    }
    const admission = await service.admit(launch);
    await launch.confirm();
    req.page.frameOrigins = admission.identity.course.frameOrigins;
    speakLaunchLanguage(req);
    present(req, res, {
      view: 'launch/handover',
      title: req.page.t('launch.window.title'),
      data: { code: await handovers.keep(admission) },
    });
  };
}

/** `/handover`: the window of its own. */
export function handoverRouter(
  handovers: HandoversStore,
  sessions: SessionsStore,
  publicUrl: string,
): Router {
  const router = Router();

  router.post('/', async (req, res) => {
    const { code } = parse(handoverCode, req.body);
    // An attacker could otherwise sign another browser in to their own session.
    if (req.get('origin') !== publicUrl) throw new DomainError('foreign-origin', 403);
    const admission = await handovers.take(code);
    if (admission === null) throw new DomainError('handover-over', 403);
    await openSession(sessions)(req, res, admission.identity);
    seeOther(res, `/handover?to=${encodeURIComponent(admission.to)}`);
  });

  /** The frame that opened a window posts the window's answer to its platform. Without a session: it has no cookies. */
  router.get('/answer/:code', async (req, res) => {
    const { code } = parse(answerCode, req.params);
    const answer = await handovers.takeAnswer(code);
    if (answer === null) throw new DomainError('handover-over', 403);
    req.page.frameOrigins = answer.frameOrigins;
    presentAnswer(req, res, answer, '');
  });

  /** Whether the browser stores cookies here is seen at its next request only. */
  router.get('/', (req, res) => {
    const { to } = parse(handoverPath, req.query);
    if (hasMark(req, to.split('/')[2] ?? '')) {
      seeOther(res, to);
      return;
    }
    present(req, res, {
      view: 'launch/blocked',
      title: req.page.t('launch.window.title'),
      status: 401,
      data: { host: req.get('host') ?? '' },
    });
  });

  return router;
}

/** Begins the session of a course in this browser, in place of those that it replaces. */
export const openSession =
  (sessions: SessionsStore) =>
  async (req: Request, res: Response, identity: SessionIdentity): Promise<void> => {
    const id = await beginSession(req, sessions, identity);
    await replaceSessions(req, res, id, identity, sessions);
    sendSession(res, id, identity);
  };
