import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { DAY } from '../../shared/clock.js';
import { hasCookies } from '../../shared/cookies.js';
import { storageTarget } from './platform-storage.js';
import { originsOf } from '../registrations/registration-addresses.js';
import type { Registration } from '../registrations/registrations.store.js';
import { ltiOf } from './request-context.js';

/** Cookie that shows that this browser stores cookies of this tool here, in a frame or at the top. */
const MARK = 'cookies';
const MARK_MS = 365 * DAY;

/** Parameter of the repeated login: `asked`, the cookie was set; `window`, the person opened a new window. */
const STEP = 'cookies';

/** Parameters of a login. https://www.imsglobal.org/spec/security/v1p0/#step-1-third-party-initiated-login */
const LOGIN_PARAMETERS = [
  'iss',
  'login_hint',
  'target_link_uri',
  'client_id',
  'lti_message_hint',
  'lti_deployment_id',
  'lti_storage_target',
] as const;

/** A login that did not start because the browser stores no cookies here: what a page needs to start it again. */
export interface Uncookied {
  /** Path of a link, with the platform's hint, which is still unused; '' where it is too long for an address. */
  readonly href: string;
  /** The same as a form, to be posted to `/lti/login`. */
  readonly fields: Readonly<Record<string, string>>;
  /** True if it was tried in a new window already. */
  readonly inWindow: boolean;
  /** True if the page is to post the form by itself: the browser has got its cookie. */
  readonly goesOn: boolean;
}

/** An authentication request that is too long for an address: the page posts it. */
export interface LongLogin {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

export const setLongLogin = (req: Request, login: LongLogin): void => {
  ltiOf(req).longLogin = login;
};

/** Returns the authentication request that the page posts, null if the page is another one. */
export const longLoginOf = (req: Request): LongLogin | null => ltiOf(req).longLogin ?? null;

/** Returns the login that the probe stopped. */
export function uncookiedOf(req: Request): Uncookied {
  const login = ltiOf(req).uncookied;
  if (login === undefined) throw new Error('uncookiedOf: not stopped by the cookie probe');
  return login;
}

/**
 * Makes the check for cookies, which runs before the login is sent to the platform because the platform's hints work
 * once. A browser without a cookie gets one and is redirected to the same login once. If it comes back without the
 * cookie, the platform's storage is used if it is offered; else a page offers a new window.
 * @param showPage shows that page; `uncookiedOf(req)` returns its data
 */
export function cookieProbe(showPage: RequestHandler) {
  return {
    /**
     * Returns `passed` if the login continues, `storage` if it continues with the platform's storage in place of a
     * cookie, null if the request was answered.
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
        const repeated = again(params, inWindow ? 'window-asked' : 'asked');
        if (repeated.href !== '') {
          res.redirect(303, repeated.href);
          return null;
        }
        ltiOf(req).uncookied = { ...repeated, inWindow, goesOn: true };
        req.page.frameOrigins = originsOf(registration);
        showPage(req, res, next);
        return null;
      }
      ltiOf(req).uncookied = { ...again(params, 'window'), inWindow, goesOn: false };
      req.page.frameOrigins = originsOf(registration);
      // A new window has no frame of the platform around it.
      if (!inWindow && storageTarget(params.get('lti_storage_target')) !== undefined) return 'storage';
      showPage(req, res, next);
      return null;
    },
  };
}

/** Longer addresses are refused by servers and proxies; Open edX has hints of 20 KB. */
export const MAX_ADDRESS = 4_000;

/** Returns the same login as a path and as a form. Without an origin, so that the Host header has no influence. */
function again(params: ReadonlyMap<string, string>, step: string): Pick<Uncookied, 'href' | 'fields'> {
  const kept = LOGIN_PARAMETERS.flatMap((name) => {
    const value = params.get(name);
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
  const fields = Object.fromEntries([...kept, [STEP, step]]);
  const href = `/lti/login?${new URLSearchParams(fields).toString()}`;
  return { href: href.length > MAX_ADDRESS ? '' : href, fields };
}
