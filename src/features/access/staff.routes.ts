import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { cookieOf } from '../../shared/cookies.js';
import { DomainError } from '../../shared/errors.js';
import { csrf } from '../../web/csrf.js';
import { parse } from '../../web/parse.js';
import { present, seeOther } from '../../web/present.js';
import { formToken, SESSION_MS, type AccessService } from './access.service.js';
import { email, givenIn, ownPages, TOKEN, tokenIn, whenOver } from './sign-in-pages.js';

const COOKIE = 'nastavnik_staff';
const COOKIE_PATH = '/staff';

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
      data: { sent: false, to, over: false },
    });
  });

  router.post('/link', async (req, res) => {
    await access.sendStaffLink(parse(email, req.body ?? {}).email, parse(wantedPage, req.body ?? {}).to);
    present(req, res, {
      view: 'access/staff',
      title: req.page.t('access.staff.title'),
      data: { sent: true, to: '', over: false },
    });
  });

  router.get('/enter', async (req, res) => {
    const token = tokenIn(req.query);
    await access.look(token);
    present(req, res, {
      view: 'access/enter',
      title: req.page.t('access.enter.title'),
      data: { token, action: '/staff/enter', what: 'staff', to: parse(wantedPage, req.query).to },
    });
  });

  router.post('/enter', async (req, res) => {
    const target = await access.use(tokenIn(req.body));
    if (target.kind !== 'staff') throw new DomainError('sign-in-over', 410);
    const token = await access.beginStaff(target.cardId);
    res.cookie(COOKIE, token, { ...cookieOptions, maxAge: SESSION_MS });
    seeOther(res, staffPage.parse(target.path));
  });

  router.use(
    '/enter',
    whenOver((req, res) => {
      present(req, res, {
        view: 'access/staff',
        title: req.page.t('errors.sign-in-over.title'),
        status: 410,
        data: { sent: false, to: parse(wantedPage, givenIn(req)).to, over: true },
      });
      return true;
    }),
  );

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
