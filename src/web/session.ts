import type { Request, RequestHandler } from 'express';
import expressSession, { type Store } from 'express-session';
import passport, { type Authenticator } from 'passport';
import type { Sitting } from '../shared/sitting.js';

/** An Authenticator of our own rather than Passport's global one, so that several apps can live in a process. */
export function createPassport(): Authenticator {
  const Passport = passport.Passport;
  const authenticator = new Passport() as unknown as Authenticator;
  // The sitting is small and complete: it travels in the session itself, and no query is needed per request.
  authenticator.serializeUser((user, done) => {
    done(null, user);
  });
  authenticator.deserializeUser((sitting: Sitting, done) => {
    done(null, sitting);
  });
  return authenticator;
}

/** The session goes on with another sitting of the same people: nobody came or went, so its id stays. */
export function resit(req: Request, sitting: Sitting): void {
  const { passport: kept } = req.session as unknown as { passport?: { user?: Sitting } };
  if (kept?.user === undefined) throw new Error('resit: nobody sits in this session');
  kept.user = sitting;
}

/** A store that makes the ids itself, so that it knows which are new. */
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
