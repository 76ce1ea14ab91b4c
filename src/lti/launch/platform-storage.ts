import type { Request } from 'express';
import type { Sealer } from '../../shared/sealing.js';
import { loginFrom, loginText, type LoginState } from './login-state.js';
import type { Registration } from '../registrations/registrations.store.js';
import { ltiOf } from './request-context.js';

/**
 * OIDC Login with LTI Client Side postMessages 1.0: for a browser without cookies the platform's page stores the login.
 * The login is sealed, so only this tool can make one. The platform gives it only to this tool's origin, and
 * `loginFromPage` accepts it only from there, so the launch comes from the browser that started the login.
 * https://www.imsglobal.org/spec/lti-cs-oidc/v0p1
 */

const PURPOSE = 'login kept by a platform';

/** Returns the key under which the platform stores the login. */
export const storageKey = (state: string): string => `nastavnik_${state}`;

/** Returns the origin to post messages to: that of the platform's login page. */
export const storageOrigin = (registration: Pick<Registration, 'authUrl'>): string =>
  new URL(registration.authUrl).origin;

/** Returns the offered name of a frame or `_parent`, undefined for anything else. */
export const storageTarget = (offered: string | undefined): string | undefined =>
  offered !== undefined && /^[\w.:-]{1,100}$/.test(offered) ? offered : undefined;

/** What a page needs to store a login in the platform's storage before it goes to the platform. */
export interface PlatformStorage {
  readonly target: string;
  readonly origin: string;
  readonly key: string;
  readonly value: string;
  /** Address of the platform's login page, where the browser goes next. */
  readonly goOn: string;
}

/** What a page needs to read the login from the platform's storage. */
export interface StorageQuestion {
  readonly origins: readonly string[];
  readonly key: string;
  /** The launch, to be sent again with the login. */
  readonly launch: Readonly<Record<string, string>>;
}

/** Returns what the platform is to store, null if it offered no storage. */
export const platformStorageOf = (req: Request): PlatformStorage | null => ltiOf(req).platformStorage ?? null;

export function setPlatformStorage(req: Request, login: PlatformStorage): void {
  ltiOf(req).platformStorage = login;
}

/** Returns what the page reads from the platform's storage. */
export function storageQuestionOf(req: Request): StorageQuestion {
  const question = ltiOf(req).storageQuestion;
  if (question === undefined) throw new Error('storageQuestionOf: the request has no question');
  return question;
}

export function setStorageQuestion(req: Request, question: StorageQuestion): void {
  ltiOf(req).storageQuestion = question;
}

/** The parameter in which the page sends the login back. */
export const KEPT_LOGIN = 'kept_login';

export const sealLogin = (sealer: Sealer, login: LoginState): string =>
  sealer.seal(loginText(login), `${PURPOSE} ${login.state}`);

/**
 * Returns the login that a page of this tool read from the platform's storage, or null. A person knows the sealed text
 * of their own login and could make another person's browser send it (login CSRF), so only requests from this tool's
 * origin count.
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
