import type { Request } from 'express';
import type { Sealer } from '../../shared/sealing.js';
import { loginFrom, loginText, type LoginState } from './login-state.js';
import type { Registration } from '../registrations/registrations.store.js';

/**
 * OIDC Login with LTI Client Side postMessages 1.0: where a browser keeps no cookies of ours, the platform's own
 * page keeps the login for us, by origin. What it keeps is sealed: nobody but we can make one, so a launch that
 * brings it back was begun by us, and by a page of ours in this very browser, for the platform gives it to no other
 * origin and we take it from no other (see `loginFromPage`).
 */

const PURPOSE = 'login kept by a platform';

/** Under which name the platform keeps it. */
export const storageKey = (state: string): string => `nastavnik_${state}`;

/** Whom a page of ours asks: the platform's own origin, that of its login page (postMessages 1.0, 3). */
export const storageOrigin = (registration: Pick<Registration, 'authUrl'>): string =>
  new URL(registration.authUrl).origin;

/** A name of a frame, or `_parent`; anything else is no offer. */
export const storageTarget = (offered: string | undefined): string | undefined =>
  offered !== undefined && /^[\w.:-]{1,100}$/.test(offered) ? offered : undefined;

/** What a page needs to keep a login before the platform is asked. */
export interface KeptByPlatform {
  readonly target: string;
  readonly origin: string;
  readonly key: string;
  readonly value: string;
  /** The platform's login page, where the browser goes once it is kept. */
  readonly goOn: string;
}

/** What a page needs to ask for it once the platform has answered. */
export interface AskedOfPlatform {
  readonly origins: readonly string[];
  readonly key: string;
  /** The launch itself, to be sent once more with what the platform kept. */
  readonly launch: Readonly<Record<string, string>>;
}

const kept = new WeakMap<Request, KeptByPlatform>();
const asked = new WeakMap<Request, AskedOfPlatform>();

/** What the platform is to keep, or null where no platform offered to. */
export const keptByPlatform = (req: Request): KeptByPlatform | null => kept.get(req) ?? null;

export function keepByPlatform(req: Request, login: KeptByPlatform): void {
  kept.set(req, login);
}

/** What the platform is to be asked for. */
export function askedOfPlatform(req: Request): AskedOfPlatform {
  const question = asked.get(req);
  if (question === undefined) throw new Error('askedOfPlatform: nothing is to be asked');
  return question;
}

export function askPlatform(req: Request, question: AskedOfPlatform): void {
  asked.set(req, question);
}

/** The parameter in which a page of ours brings the login back. */
export const KEPT_LOGIN = 'kept_login';

export const sealLogin = (sealer: Sealer, login: LoginState): string =>
  sealer.seal(loginText(login), `${PURPOSE} ${login.state}`);

/**
 * The login that a page of ours got back from the platform's storage, or null. What was sealed is no secret to whoever
 * began that login, who may wish to see somebody else sit in their seat: so it counts only when a page of our own
 * origin sends it, which had it from the platform.
 */
export function loginFromPage(
  req: Request,
  { sealer, publicUrl }: { sealer: Sealer; publicUrl: string },
  state: string,
  sealed: string,
): LoginState | null {
  if (req.get('origin') !== publicUrl) return null;
  try {
    return loginFrom(state, sealer.open(sealed, `${PURPOSE} ${state}`));
  } catch {
    return null;
  }
}
