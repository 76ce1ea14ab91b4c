import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { cookieOf } from '../../shared/cookies.js';
import { DomainError } from '../../shared/errors.js';
import type { SessionIdentity } from '../../shared/session-identity.js';
import { csrf } from '../../web/csrf.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, wantsJson } from '../../web/present.js';
import { isCoursePage, keepTarget } from '../../web/target.js';
import { formToken, SESSION_MS, type AccessService } from './access.service.js';
import { linkedAction } from './linked-actions.js';

const COOKIE = 'nastavnik_staff';
const COOKIE_PATH = '/staff';
const TOKEN = /^[\w-]{32}$/;

const signInToken = z.object({ token: z.string().regex(TOKEN) });
const email = z.object({ email: z.string().trim().min(3).max(320) });
const courseTarget = z.object({
  to: z
    .string()
    .max(500)
    .regex(/^\/c\/[a-z0-9]+\/[\w/-]*$/),
});

/** A link that is not understood is over as well. */
function tokenIn(input: unknown): string {
  const parsed = signInToken.safeParse(input);
  if (!parsed.success) throw new DomainError('sign-in-over', 410);
  return parsed.data.token;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express declares its extension points so
  namespace Express {
    interface Request {
      /** Id of the card of the responsible person who has signed in; set on pages under `/staff`. */
      staffCardId?: string;
    }
  }
}

/** The card of the responsible person who has signed in at `/staff`. */
export function staffCardOf(req: Request): string {
  if (req.staffCardId === undefined) throw new DomainError('staff-sign-in-needed', 401);
  return req.staffCardId;
}

const cookieOptions = { path: COOKIE_PATH, httpOnly: true, secure: true, sameSite: 'lax' } as const;

/** Pages of responsible persons outside all courses. */
export interface StaffSection {
  /** Below `/staff`. */
  readonly path: string;
  readonly router: Router;
}

const FIRST_PAGE = '/staff/reports';
/** A page of `/staff` that was wanted before the sign-in. */
const staffPage = z
  .string()
  .max(200)
  .regex(/^\/staff\/[\w/-]*$/)
  .catch(FIRST_PAGE);
const wantedPage = z.object({ to: staffPage.default(FIRST_PAGE) });

/** Pages that may not be framed or kept. */
const ownPages: RequestHandler = (_req, res, next) => {
  res.setHeader('X-Frame-Options', 'DENY');
  res.setHeader('Cache-Control', 'no-store');
  next();
};

/**
 * `/staff`: responsible persons without a course.
 * @param sections the pages behind the sign-in
 * @param uploads reads the forms with files of those who have signed in
 */
export function staffRouter(
  access: AccessService,
  sections: readonly StaffSection[],
  uploads: RequestHandler,
): Router {
  const router = Router();
  const given = (req: Request): string => {
    const token = cookieOf(req, COOKIE);
    return token !== undefined && TOKEN.test(token) ? token : '';
  };

  router.use(ownPages, async (req, _res, next) => {
    const token = given(req);
    const cardId = token === '' ? null : await access.staffOf(token);
    if (cardId !== null) {
      req.staffCardId = cardId;
      req.requester = { kind: 'staff', id: cardId, courseId: '', actor: null };
      req.page.csrf = formToken(token);
      req.page.staff = true;
    }
    next();
  });

  router.get('/', (req, res) => {
    const { to } = parse(wantedPage, req.query);
    if (req.staffCardId !== undefined) {
      seeOther(res, to);
      return;
    }
    present(req, res, {
      view: 'access/staff',
      title: req.page.t('access.staff.title'),
      data: { sent: false, to },
    });
  });

  router.post('/link', async (req, res) => {
    await access.sendStaffLink(parse(email, req.body ?? {}).email, parse(wantedPage, req.body ?? {}).to);
    present(req, res, {
      view: 'access/staff',
      title: req.page.t('access.staff.title'),
      data: { sent: true },
    });
  });

  router.get('/enter', async (req, res) => {
    const token = tokenIn(req.query);
    await access.look(token);
    present(req, res, {
      view: 'access/enter',
      title: req.page.t('access.enter.title'),
      data: { token, action: '/staff/enter', what: 'staff' },
    });
  });

  router.post('/enter', async (req, res) => {
    const target = await access.use(tokenIn(req.body));
    if (target.kind !== 'staff') throw new DomainError('sign-in-over', 410);
    const token = await access.beginStaff(target.cardId);
    res.cookie(COOKIE, token, { ...cookieOptions, maxAge: SESSION_MS });
    seeOther(res, staffPage.parse(target.path));
  });

  const signedIn: RequestHandler = (req, res, next) => {
    if (req.staffCardId !== undefined) {
      next();
      return;
    }
    if (req.method !== 'GET') throw new DomainError('staff-sign-in-needed', 401);
    seeOther(res, `/staff?to=${encodeURIComponent(req.originalUrl.split('?')[0] ?? '')}`);
  };

  router.post('/leave', signedIn, csrf(), async (req, res) => {
    await access.endStaff(given(req));
    res.clearCookie(COOKIE, cookieOptions);
    seeOther(res, '/staff');
  });

  router.use((req, res, next) => {
    if (req.staffCardId === undefined) next();
    else uploads(req, res, next);
  });
  for (const { path, router: pages } of sections) router.use(path, signedIn, csrf(), pages);
  return router;
}

/** Begins the session of a course. */
export type BeginSession = (req: Request, res: Response, identity: SessionIdentity) => Promise<void>;

/** `/enter`: one page of a course, by a one-time link from a message. */
export function enterRouter(access: AccessService, begin: BeginSession): Router {
  const router = Router();
  router.use(ownPages);

  router.get('/', async (req, res) => {
    const token = tokenIn(req.query);
    await access.look(token);
    present(req, res, {
      view: 'access/enter',
      title: req.page.t('access.enter.title'),
      data: { token, action: '/enter', what: 'course' },
    });
  });

  router.post('/link', async (req, res) => {
    const { to } = parse(courseTarget, req.body ?? {});
    const [, , courseKey = '', ...rest] = to.split('/');
    await access.sendCourseLink(parse(email, req.body ?? {}).email, courseKey, rest.join('/'));
    present(req, res, { view: 'access/sent', title: req.page.t('access.sent.title'), data: {} });
  });

  router.post('/', async (req: Request, res: Response) => {
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

  return router;
}

/**
 * Shows the ways in to a person who opens a page of a course without a session: through the LMS, after which the page
 * opens, or by a link sent by e-mail.
 * @param lmsOf address of the LMS of a course; ''
 */
export function outsidePage(lmsOf: (courseKey: string) => Promise<string>): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    const needed = error instanceof DomainError && error.code === 'session-needed';
    const to = req.originalUrl.split('?')[0] ?? '';
    if (!needed || req.method !== 'GET' || wantsJson(req) || res.headersSent || !isCoursePage(to)) {
      next(error);
      return;
    }
    keepTarget(res, to);
    present(req, res, {
      view: 'access/outside',
      title: req.page.t('errors.session-needed.title'),
      status: 401,
      data: {
        code: error.code,
        status: 401,
        text: req.page.t('errors.session-needed.text'),
        to,
        lms: await lmsOf(to.split('/')[2] ?? ''),
        requestId: req.page.id,
      },
    });
  };
}
