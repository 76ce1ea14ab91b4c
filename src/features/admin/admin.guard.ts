import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { cookieOf } from '../../shared/cookies.js';
import { DomainError, forbidden } from '../../shared/errors.js';
import { newToken } from '../../shared/ids.js';
import { wantsJson } from '../../web/present.js';
import { isMultipart, uploads, type UploadRule } from '../../infra/files/index.js';
import type { AuditActor } from '../../infra/audit/index.js';
import {
  insideActor,
  type Caller,
  type Entered,
  type Inside,
  type LoginService,
} from './accounts/login.service.js';

/**
 * The administrator's cookie. It goes nowhere but to /admin, and has nothing in common with the session that LTI
 * launches sit in. `Lax` keeps it out of frames and out of other sites' posts (and tells web/cookies.ts so); a
 * link from elsewhere finds the session, where `Strict` would have us put a new cookie over it.
 */
const COOKIE = 'nastavnik_admin';
const COOKIE_PATH = '/admin';
const TOKEN = /^[\w-]{32}$/;

interface Visit {
  /** Opens something only when a login has put it into the store; until then it binds forms to this browser. */
  readonly token: string;
  readonly entered: Inside | null;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express declares its extension points so
  namespace Express {
    interface Request {
      /** Of requests under `/admin`. */
      adminVisit?: Visit;
    }
  }
}

/** The forms' token follows from the cookie's, and not the other way round. */
const csrfOf = (token: string): string =>
  token === '' ? '' : createHash('sha256').update(`csrf ${token}`).digest('base64url');

export function giveCookie(res: Response, token: string): void {
  // Browsers take secure cookies over http://localhost too; over other plain http a sign-in is impossible.
  res.cookie(COOKIE, token, { path: COOKIE_PATH, httpOnly: true, secure: true, sameSite: 'lax' });
}

export function takeCookie(res: Response): void {
  res.clearCookie(COOKIE, { path: COOKIE_PATH, httpOnly: true, secure: true, sameSite: 'lax' });
}

/** Sets headers of pages that may not be framed or cached. */
export const ownFeature = (): RequestHandler => (_req, res, next) => {
  res.setHeader('X-Frame-Options', 'DENY');
  res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  res.setHeader('Cache-Control', 'no-store');
  next();
};

/** Finds out who comes; a browser without a cookie gets one, so that its forms can be bound to it. */
export function visitors(service: Pick<LoginService, 'enter'>): RequestHandler {
  return async (req, res, next) => {
    const given = cookieOf(req, COOKIE);
    let token = given !== undefined && TOKEN.test(given) ? given : '';
    const entered = token === '' ? null : await service.enter(token);
    if (token === '' && (req.method === 'GET' || req.method === 'HEAD')) {
      token = newToken();
      giveCookie(res, token);
    }
    req.adminVisit = { token, entered };
    req.page.csrf = csrfOf(token);
    if (entered?.session.stage === 'open') {
      req.page.admin =
        'guest' in entered
          ? { login: entered.guest.name || req.page.t('common.nameless'), guest: true }
          : { login: entered.admin.login, guest: false };
    }
    next();
  };
}

/** Reads forms with files of those who are in; the token of such a form is inside it. */
export function uploadsOfAdmins(rules: () => readonly UploadRule[]): RequestHandler {
  const read = uploads(rules);
  return (req, res, next) => {
    if (enteredOf(req)?.session.stage === 'open') return read(req, res, next);
    if (isMultipart(req)) throw new DomainError('wrong-content-type', 415);
    next();
  };
}

/** Who has given the password, whether or not a code is still owed. */
export const enteredOf = (req: Request): Inside | null => req.adminVisit?.entered ?? null;

/** Who is in, on a request behind `requireAdmin`. */
export function insideOf(req: Request): Inside {
  const entered = enteredOf(req);
  if (entered?.session.stage !== 'open') throw new DomainError('admin-login-needed', 401);
  return entered;
}

/** The same, as the audit log knows them. */
export const byOf = (req: Request): AuditActor => insideActor(insideOf(req));

/** Whether an LMS vouches for them, rather than a password. */
export const isGuest = (req: Request): boolean => 'guest' in insideOf(req);

/** Returns the administrator's account. @throws DomainError `admin-account-needed` (403) if the session has none */
export function adminOf(req: Request): Entered {
  const inside = insideOf(req);
  if ('guest' in inside) throw forbidden('admin-account-needed');
  return inside;
}

/** Accounts, passwords and ways in are none of a guest's. @throws DomainError `admin-account-needed` (403) */
export const requireAccount = (): RequestHandler => (req, _res, next) => {
  adminOf(req);
  next();
};

export const callerOf = (req: Request): Caller => ({
  address: req.ip ?? '',
  userAgent: req.get('user-agent') ?? '',
  token: req.adminVisit?.token ?? '',
});

/** A person is shown the login; programs and forms are told 401. */
export const requireAdmin = (): RequestHandler => (req, res, next) => {
  const entered = enteredOf(req);
  if (entered?.session.stage === 'open') {
    const { kind, id } = insideActor(entered);
    req.requester = { kind: 'admin', id: `${kind}:${id}`, courseId: '', actor: null };
    next();
    return;
  }
  if (req.method !== 'GET' || wantsJson(req)) throw new DomainError('admin-login-needed', 401);
  res.redirect(303, entered === null ? '/admin/login' : '/admin/login/code');
};
