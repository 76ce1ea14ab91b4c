import type { Request, RequestHandler, Response } from 'express';
import passport, { type Authenticator } from 'passport';
import { cookieOf } from '../shared/cookies.js';
import type { SessionIdentity } from '../shared/session-identity.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express declares its extension points so
  namespace Express {
    interface Request {
      /** Id of the session that the browser presents, once it was found; whose it is, is `req.user`. */
      sessionId?: string;
    }
  }
}

/** Returns the path under which a course's pages are, and the only one to which its session's cookie goes. */
export const coursePath = (courseKey: string): string => `/c/${courseKey}`;

/**
 * A separate Authenticator rather than Passport's global one, so that a process can have several apps. Its strategies
 * decide who comes in; sessions are this file's, for Passport's need several reads and writes for each.
 */
export function createPassport(): Authenticator {
  const Passport = passport.Passport;
  return new Passport() as unknown as Authenticator;
}

/** Sessions of courses, by random ids that only the browser knows: what is stored is a digest. */
export interface SessionStore {
  /** Returns null if there is no such session, or it is over. Notes now and then that it is used. */
  find(id: string): Promise<SessionIdentity | null>;
  /** Writes a new session. @returns its id */
  begin(identity: SessionIdentity): Promise<string>;
  /** Replaces the identity of a session; one that has ended meanwhile stays ended. */
  save(id: string, identity: SessionIdentity): Promise<void>;
  endById(id: string): Promise<void>;
}

export const SESSION_COOKIE = 'nastavnik';

/** An id as `newToken` makes it. */
const ID = /^[\w-]{32}$/;

function presentedId(req: Request): string | null {
  const id = cookieOf(req, SESSION_COOKIE);
  return id !== undefined && ID.test(id) ? id : null;
}

/** Finds the session that the browser presents; a request without one goes on. */
export function sessions(store: Pick<SessionStore, 'find'>): RequestHandler {
  return async (req, _res, next) => {
    const id = presentedId(req);
    const identity = id === null ? null : await store.find(id);
    if (id !== null && identity !== null) {
      req.sessionId = id;
      req.user = identity;
    }
    next();
  };
}

/**
 * Begins a session with an id of its own and ends the session that the browser presents, which another person may have
 * put there (session fixation). The browser is told of it by `sendSession`.
 * @returns the id
 */
export async function beginSession(
  req: Request,
  store: Pick<SessionStore, 'begin' | 'endById'>,
  identity: SessionIdentity,
): Promise<string> {
  const presented = presentedId(req);
  if (presented !== null) await store.endById(presented);
  return store.begin(identity);
}

/** Sets the session's cookie. It leaves with Secure, SameSite=None and Partitioned (cookies.ts). */
export function sendSession(res: Response, id: string, { course }: SessionIdentity): void {
  res.cookie(SESSION_COOKIE, id, { path: coursePath(course.courseKey), httpOnly: true });
}

/** Replaces the session's identity and keeps its id, because the person is the same. */
export async function saveIdentity(
  req: Request,
  store: Pick<SessionStore, 'save'>,
  identity: SessionIdentity,
): Promise<void> {
  if (req.sessionId === undefined) throw new Error('saveIdentity: the request has no session');
  await store.save(req.sessionId, identity);
}
