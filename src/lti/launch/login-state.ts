import cookieParser from 'cookie-parser';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { MINUTE } from '../../shared/clock.js';
import { cookieOf } from '../../shared/cookies.js';

/** What a login binds together for its launch: state, nonce, registration, target, and until when. */
export interface LoginState {
  readonly state: string;
  readonly nonce: string;
  readonly registrationId: string;
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** The platform answers at once (`prompt=none`); a person who must sign in first has this long. */
export const LOGIN_TTL_MS = 10 * MINUTE;

/** How ltijs makes states: 25 random bytes in hex. Anything else never left this tool. */
export const isState = (text: string): boolean => /^[0-9a-f]{50}$/.test(text);

const payload = z.object({ n: z.string(), r: z.string(), i: z.string(), e: z.number() });

const cookieName = (state: string): string => `state${state}`;

/**
 * The login travels in its own cookie, signed, one for each login: nothing is written for a person who may never
 * come back, and a launch from another browser has nothing to show. That it works once is seen to by
 * `used-states.store.ts`.
 */
export function keepLogin(res: Response, login: LoginState): void {
  const { state } = login;
  res.cookie(cookieName(state), loginText(login), { httpOnly: true, signed: true, maxAge: LOGIN_TTL_MS });
}

/** Its launch has come: a browser that opens much would soon send more cookies than a server reads. */
export const forgetLogin = (res: Response, { state }: LoginState): void => {
  res.clearCookie(cookieName(state));
};

/** All of it but the state, which is known wherever this is read. */
export const loginText = ({ nonce, registrationId, issuer, expires }: LoginState): string =>
  JSON.stringify({ n: nonce, r: registrationId, i: issuer, e: expires });

/** Only of a text that was signed or sealed. @returns null when it is something else */
export function loginFrom(state: string, text: string): LoginState | null {
  try {
    const { n: nonce, r: registrationId, i: issuer, e: expires } = payload.parse(JSON.parse(text));
    return { state, nonce, registrationId, issuer, expires };
  } catch {
    return null;
  }
}

/** Whether this browser shows a login of ours under this state, whatever is in it. */
export const hasLogin = (req: Request, state: string): boolean => signedLogin(req, state) !== null;

/** The login that this browser began with this state, or null: another browser, no cookies, or changed. */
export function loginOf(req: Request, state: string): LoginState | null {
  const signed = signedLogin(req, state);
  return signed === null ? null : loginFrom(state, signed);
}

/** The text of the login's cookie if its signature holds, or null. `req.secret` is set by `cookieSigning`. */
function signedLogin(req: Request, state: string): string | null {
  const cookie = cookieOf(req, cookieName(state));
  if (cookie?.startsWith('s:') !== true || req.secret === undefined) return null;
  const text = cookieParser.signedCookie(cookie, req.secret);
  return text === false ? null : text;
}

/** Shows ltijs the issuer under the cookie's name, without a property of that name: each is another one. */
export function showIssuer(req: Request, { state, issuer }: LoginState): void {
  const name = cookieName(state);
  req.signedCookies = new Proxy({}, { get: (_cookies, asked) => (asked === name ? issuer : undefined) });
}
