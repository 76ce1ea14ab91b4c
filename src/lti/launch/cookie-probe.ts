import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { DAY } from '../../shared/clock.js';
import { hasCookies } from '../../shared/cookies.js';
import { storageTarget } from './platform-storage.js';
import { originsOf } from '../registrations/registrations.js';
import type { Registration } from '../registrations/registrations.store.js';

/** Says that this browser keeps our cookies where it is, in a frame or on top. */
const MARK = 'cookies';
const MARK_MS = 365 * DAY;

/** Our own parameter on the way round: `asked`, a cookie was set; `window`, the person pressed our button. */
const STEP = 'cookies';

/** What a login is made of (Security Framework 5.1.1.1; postMessages 1.0 for the storage target). */
const LOGIN_PARAMETERS = [
  'iss',
  'login_hint',
  'target_link_uri',
  'client_id',
  'lti_message_hint',
  'lti_deployment_id',
  'lti_storage_target',
] as const;

/** A login that was not begun because the browser keeps no cookies here: what a page needs to begin it again. */
export interface Uncookied {
  /** Path of a link; it carries a hint that has not been used yet. */
  readonly href: string;
  /** It was tried in a window of its own already. */
  readonly inWindow: boolean;
}

const stopped = new WeakMap<Request, Uncookied>();

/** The login that the probe stopped. */
export function uncookiedOf(req: Request): Uncookied {
  const login = stopped.get(req);
  if (login === undefined) throw new Error('uncookiedOf: not stopped by the cookie probe');
  return login;
}

/**
 * Finds out whether cookies are kept here before the platform is asked, for its hints work once. A browser that
 * brings none is given one and sent round once; if it comes back without, the platform's own storage serves where
 * it is offered; else a page offers a new window, where the same login may succeed.
 * @param showPage shows that page; it finds its data by `uncookiedOf(req)`
 */
export function cookieProbe(showPage: RequestHandler) {
  return {
    /**
     * @returns `passed` when the login may go on, `storage` when it may with the platform's storage in place of a
     *   cookie, and null when the request has been answered
     */
    check(
      req: Request,
      res: Response,
      next: NextFunction,
      params: ReadonlyMap<string, string>,
      registration: Registration,
    ): 'passed' | 'storage' | null {
      if (hasCookies(req)) return 'passed';
      const step = params.get(STEP) ?? '';
      const inWindow = step.startsWith('window');
      if (!step.endsWith('asked')) {
        res.cookie(MARK, '1', { httpOnly: true, maxAge: MARK_MS });
        res.redirect(303, again(params, inWindow ? 'window-asked' : 'asked'));
        return null;
      }
      stopped.set(req, { href: again(params, 'window'), inWindow });
      req.page.frameOrigins = originsOf(registration);
      // A window of its own has no platform's page around it.
      if (!inWindow && storageTarget(params.get('lti_storage_target')) !== undefined) return 'storage';
      showPage(req, res, next);
      return null;
    },
  };
}

/** The same login once more. The path alone: to our own origin, whatever the Host header said. */
function again(params: ReadonlyMap<string, string>, step: string): string {
  const kept = LOGIN_PARAMETERS.flatMap((name) => {
    const value = params.get(name);
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
  return `/lti/login?${new URLSearchParams([...kept, [STEP, step]]).toString()}`;
}
