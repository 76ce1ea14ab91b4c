import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { DomainError } from '../../shared/errors.js';
import { newToken } from '../../shared/ids.js';
import { wantsJson } from '../../web/present.js';
import type { Caller, Entered, LoginService } from './login.service.js';

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
  readonly entered: Entered | null;
}

const visits = new WeakMap<Request, Visit>();

/** The forms' token follows from the cookie's, and not the other way round. */
const csrfOf = (token: string): string =>
  token === '' ? '' : createHash('sha256').update(`csrf ${token}`).digest('base64url');

export function giveCookie(res: Response, token: string): void {
  // Browsers take secure cookies over http://localhost too; over other plain http nobody signs in.
  res.cookie(COOKIE, token, { path: COOKIE_PATH, httpOnly: true, secure: true, sameSite: 'lax' });
}

export function takeCookie(res: Response): void {
  res.clearCookie(COOKIE, { path: COOKIE_PATH, httpOnly: true, secure: true, sameSite: 'lax' });
}

/** Pages that are nobody's to frame, and none of a browser's to keep. */
export const ownRoom = (): RequestHandler => (_req, res, next) => {
  res.setHeader('X-Frame-Options', 'DENY');
  res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  res.setHeader('Cache-Control', 'no-store');
  next();
};

/** Finds out who comes; a browser without a cookie gets one, so that its forms can be bound to it. */
export function visitors(service: Pick<LoginService, 'enter'>): RequestHandler {
  return async (req, res, next) => {
    const given = (req.cookies as Record<string, unknown>)[COOKIE];
    let token = typeof given === 'string' && TOKEN.test(given) ? given : '';
    const entered = token === '' ? null : await service.enter(token);
    if (token === '' && (req.method === 'GET' || req.method === 'HEAD')) {
      token = newToken();
      giveCookie(res, token);
    }
    visits.set(req, { token, entered });
    req.page.csrf = csrfOf(token);
    if (entered?.session.stage === 'open') req.page.admin = { login: entered.admin.login };
    next();
  };
}

/** Who has given the password, whether or not a code is still owed. */
export const enteredOf = (req: Request): Entered | null => visits.get(req)?.entered ?? null;

/** The administrator of a request behind `requireAdmin`. */
export function adminOf(req: Request): Entered {
  const entered = enteredOf(req);
  if (entered?.session.stage !== 'open') throw new DomainError('admin-login-needed', 401);
  return entered;
}

export const callerOf = (req: Request): Caller => ({
  address: req.ip ?? '',
  userAgent: req.get('user-agent') ?? '',
  token: visits.get(req)?.token ?? '',
});

/** A person is shown the login; programs and forms are told 401. */
export const requireAdmin = (): RequestHandler => (req, res, next) => {
  const entered = enteredOf(req);
  if (entered?.session.stage === 'open') {
    next();
    return;
  }
  if (req.method !== 'GET' || wantsJson(req)) throw new DomainError('admin-login-needed', 401);
  res.redirect(303, entered === null ? '/admin/login' : '/admin/login/code');
};
