import { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import { z } from 'zod';
import { DomainError } from '../../shared/errors.js';
import type { SessionIdentity } from '../../shared/session-identity.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, wantsJson } from '../../web/present.js';
import { isCoursePage, keepTarget } from '../../web/target.js';
import { SESSION_MS, type AccessService } from './access.service.js';
import { linkedAction } from './linked-actions.js';
import { email, givenIn, ownPages, tokenIn, whenOver } from './sign-in-pages.js';

const courseTarget = z.object({
  to: z
    .string()
    .max(500)
    .regex(/^\/c\/[a-z0-9]+\/[\w/-]*$/),
});

/** Begins the session of a course. */
export type BeginSession = (req: Request, res: Response, identity: SessionIdentity) => Promise<void>;

/** Address of the LMS of a course; '' where none is known. */
export type LmsOf = (courseKey: string) => Promise<string>;

/** `/enter`: one page of a course, by a one-time link from a message. */
export function enterRouter(access: AccessService, begin: BeginSession, lmsOf: LmsOf): Router {
  const router = Router();
  router.use(ownPages);

  router.get('/', async (req, res) => {
    const token = tokenIn(req.query);
    await access.look(token);
    const { to = '' } = courseTarget.partial().catch({}).parse(req.query);
    present(req, res, {
      view: 'access/enter',
      title: req.page.t('access.enter.title'),
      data: { token, action: '/enter', what: 'course', to },
    });
  });

  router.post('/link', async (req, res) => {
    const { to } = parse(courseTarget, req.body ?? {});
    const [, , courseKey = '', ...rest] = to.split('/');
    await access.sendCourseLink(parse(email, req.body ?? {}).email, courseKey, rest.join('/'));
    present(req, res, { view: 'access/sent', title: req.page.t('access.sent.title'), data: {} });
  });

  router.post('/', async (req, res) => {
    const target = await access.use(tokenIn(req.body));
    if (target.kind !== 'course') throw new DomainError('sign-in-over', 410);
    const { person, course, path } = await access.opened(target);
    await begin(req, res, {
      registrationId: person.registrationId,
      personId: person.id,
      name: person.name,
      course: {
        courseId: course.id,
        courseKey: course.key,
        courseTitle: course.title,
        launchedAt: access.now(),
        frameOrigins: [],
        only: { path, action: linkedAction(path), until: access.now() + SESSION_MS },
      },
    });
    seeOther(res, `/c/${course.key}/${path}`);
  });

  router.use(
    whenOver(async (req, res) => {
      const { success, data } = courseTarget.safeParse(givenIn(req));
      if (success) await showWaysIn(req, res, { lmsOf, to: data.to, code: 'sign-in-over', status: 410 });
      return success;
    }),
  );
  return router;
}

interface WaysIn {
  readonly lmsOf: LmsOf;
  /** The page of a course that was wanted. */
  readonly to: string;
  /** Of the error that names the page. */
  readonly code: 'session-needed' | 'sign-in-over';
  readonly status: number;
}

/** The ways in to a page of a course: through the LMS, after which the page opens, or by a link sent by e-mail. */
async function showWaysIn(req: Request, res: Response, { lmsOf, to, code, status }: WaysIn): Promise<void> {
  keepTarget(res, to);
  present(req, res, {
    view: 'access/outside',
    title: req.page.t(`errors.${code}.title`),
    status,
    data: {
      code,
      status,
      text: req.page.t(`errors.${code}.text`),
      to,
      lms: await lmsOf(to.split('/')[2] ?? ''),
      requestId: req.page.id,
    },
  });
}

/** Shows the ways in to a person who opens a page of a course without a session. */
export function outsidePage(lmsOf: LmsOf): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    const needed = error instanceof DomainError && error.code === 'session-needed';
    const to = req.originalUrl.split('?')[0] ?? '';
    if (!needed || req.method !== 'GET' || wantsJson(req) || res.headersSent || !isCoursePage(to)) {
      next(error);
      return;
    }
    await showWaysIn(req, res, { lmsOf, to, code: 'session-needed', status: 401 });
  };
}
