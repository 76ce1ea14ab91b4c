import cookieParser from 'cookie-parser';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { MINUTE } from '../../shared/clock.js';
import { cookieOf } from '../../shared/cookies.js';
import { ltiOf } from './request-context.js';

/** A login: what its launch is checked against. */
export interface LoginState {
  readonly state: string;
  readonly nonce: string;
  readonly registrationId: string;
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Lifetime of a login: a person may have to sign in to the platform first. */
export const LOGIN_TTL_MS = 10 * MINUTE;

/** Returns true for the form in which ltijs makes states: 25 random bytes in hex. */
export const isState = (text: string): boolean => /^[0-9a-f]{50}$/.test(text);

const payload = z.object({ n: z.string(), r: z.string(), i: z.string(), e: z.number() });

const cookieName = (state: string): string => `state${state}`;

/**
 * Stores the login in a signed cookie, one for each login: the database holds nothing for a login without a launch, and
 * another browser cannot use it. `used-states.store.ts` ensures that it works once.
 */
export function setLoginCookie(res: Response, login: LoginState): void {
  const { state } = login;
  res.cookie(cookieName(state), loginText(login), { httpOnly: true, signed: true, maxAge: LOGIN_TTL_MS });
}

/** Deletes the login's cookie after its launch, because servers read a limited size of cookies. */
export const clearLoginCookie = (res: Response, { state }: LoginState): void => {
  res.clearCookie(cookieName(state));
};

/** Returns the login as text, without the state, which every reader knows. */
export const loginText = ({ nonce, registrationId, issuer, expires }: LoginState): string =>
  JSON.stringify({ n: nonce, r: registrationId, i: issuer, e: expires });

/** Returns the login of a text whose signature or seal was checked, null if the text is not one. */
export function loginFrom(state: string, text: string): LoginState | null {
  try {
    const { n: nonce, r: registrationId, i: issuer, e: expires } = payload.parse(JSON.parse(text));
    return { state, nonce, registrationId, issuer, expires };
  } catch {
    return null;
  }
}

/** Returns true if this browser has a signed cookie for this state. */
export const hasLogin = (req: Request, state: string): boolean => signedLogin(req, state) !== null;

/** Returns the login that this browser started with this state, null if there is no cookie or it was changed. */
export function loginOf(req: Request, state: string): LoginState | null {
  const signed = signedLogin(req, state);
  return signed === null ? null : loginFrom(state, signed);
}

/** Returns the text of the login's cookie, null if its signature is invalid. */
function signedLogin(req: Request, state: string): string | null {
  const lti = ltiOf(req);
  if (lti.signedLogin?.state !== state) lti.signedLogin = { state, text: readSignedLogin(req, state) };
  return lti.signedLogin.text;
}

/** `cookieSigning` sets `req.secret`. */
function readSignedLogin(req: Request, state: string): string | null {
  const cookie = cookieOf(req, cookieName(state));
  if (cookie?.startsWith('s:') !== true || req.secret === undefined) return null;
  const text = cookieParser.signedCookie(cookie, req.secret);
  return text === false ? null : text;
}

/** Lets ltijs read the issuer under the cookie's name. A property of a random name would slow V8 down. */
export function showIssuer(req: Request, { state, issuer }: LoginState): void {
  const name = cookieName(state);
  req.signedCookies = new Proxy({}, { get: (_cookies, asked) => (asked === name ? issuer : undefined) });
}
