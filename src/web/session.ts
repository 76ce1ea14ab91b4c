import type { Request, RequestHandler } from 'express';
import expressSession, { type Store } from 'express-session';
import passport, { type Authenticator } from 'passport';
import type { SessionIdentity } from '../shared/session-identity.js';

/** Returns the path under which a course's pages are, and the only one to which its session's cookie goes. */
export const coursePath = (courseKey: string): string => `/c/${courseKey}`;

/** A separate Authenticator rather than Passport's global one, so that a process can have several apps. */
export function createPassport(): Authenticator {
  const Passport = passport.Passport;
  const authenticator = new Passport() as unknown as Authenticator;
  // An identity is small and complete: it travels in the session itself, and no query is needed per request.
  authenticator.serializeUser(
    (req: Request, identity: SessionIdentity, done: (error: unknown, kept: SessionIdentity) => void) => {
      req.session.cookie.path = coursePath(identity.course.courseKey);
      done(null, identity);
    },
  );
  authenticator.deserializeUser((kept: Partial<SessionIdentity>, done) => {
    // Sessions of earlier versions held several courses; their people launch again.
    done(null, kept.course === undefined ? false : (kept as SessionIdentity));
  });
  return authenticator;
}

/** Replaces the session's identity and keeps its id, because the person is the same. */
export function saveIdentity(req: Request, identity: SessionIdentity): void {
  const { passport: kept } = req.session as unknown as { passport?: { user?: SessionIdentity } };
  if (kept?.user === undefined) throw new Error('saveIdentity: the session has no identity');
  kept.user = identity;
}

/** A store that makes the ids itself, so that it knows new ones. */
export interface SessionStore extends Store {
  newId(): string;
}

export const SESSION_COOKIE = 'nastavnik';

/**
 * The Passport session. `secure` is false only so that express-session speaks at all over http://localhost;
 * the cookie leaves with Secure, SameSite=None and Partitioned (web/cookies.ts), and with the path of its course.
 * @param store a Mongoose-backed store, handed in by app.ts
 */
export function sessions(
  store: SessionStore,
  secret: string,
  authenticator: Authenticator,
): RequestHandler[] {
  return [
    expressSession({
      name: SESSION_COOKIE,
      secret,
      store,
      genid: () => store.newId(),
      resave: false,
      saveUninitialized: false,
      cookie: { path: '/', httpOnly: true, secure: false },
    }),
    authenticator.session() as RequestHandler,
  ];
}
