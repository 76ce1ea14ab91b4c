import type { Request, RequestHandler } from 'express';
import expressSession, { type Store } from 'express-session';
import passport, { type Authenticator } from 'passport';
import type { SessionIdentities } from '../shared/session-identities.js';

/** A separate Authenticator rather than Passport's global one, so that a process can have several apps. */
export function createPassport(): Authenticator {
  const Passport = passport.Passport;
  const authenticator = new Passport() as unknown as Authenticator;
  // Identities are small and complete: it travels in the session itself, and no query is needed per request.
  authenticator.serializeUser((user, done) => {
    done(null, user);
  });
  authenticator.deserializeUser((identities: SessionIdentities, done) => {
    done(null, identities);
  });
  return authenticator;
}

/** Replaces the session's identities and keeps its id, because the people are the same. */
export function saveIdentities(req: Request, identities: SessionIdentities): void {
  const { passport: kept } = req.session as unknown as { passport?: { user?: SessionIdentities } };
  if (kept?.user === undefined) throw new Error('saveIdentities: the session has no identities');
  kept.user = identities;
}

/** A store that makes the ids itself, so that it knows new ones. */
export interface SessionStore extends Store {
  newId(): string;
}

const COOKIE = 'nastavnik';

/**
 * The Passport session. `secure` is false only so that express-session speaks at all over http://localhost;
 * the cookie leaves with Secure, SameSite=None and Partitioned (web/cookies.ts).
 * @param store a Mongoose-backed store, handed in by app.ts
 */
export function sessions(
  store: SessionStore,
  secret: string,
  authenticator: Authenticator,
): RequestHandler[] {
  return [
    expressSession({
      name: COOKIE,
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
