import type { Request, Response } from 'express';
import type { Authenticator } from 'passport';
import { Strategy } from 'passport-local';
import type { Admin } from './admins.store.js';
import { loginKey } from './login-key.js';
import type { KnownBrowsers } from './known-browsers.js';
import type { LoginService } from './login.service.js';

const NAME = 'administrator';

/** Passport's types know one kind of user, the identities of a course; an administrator travels as it and back. */
const asUser = (admin: Admin): Express.User => admin as unknown as Express.User;
const asAdmin = (user: unknown): Admin => user as Admin;

/**
 * Login and password by Passport's own strategy for them. Passport keeps no session here: an administrator's is
 * never the one that LTI launches sit in.
 * @returns checks the request's form. @throws DomainError as `LoginService.check`
 */
export function createPasswordGate(
  authenticator: Authenticator,
  service: Pick<LoginService, 'check'>,
  known: Pick<KnownBrowsers, 'idFor'>,
): (req: Request, res: Response) => Promise<Admin> {
  authenticator.use(
    NAME,
    new Strategy(
      { usernameField: 'login', passwordField: 'password', session: false, passReqToCallback: true },
      (req, login, password, done) => {
        const browser = known.idFor(req, loginKey(login));
        service.check({ login, password, address: req.ip ?? '', browser }).then(
          (admin) => done(null, asUser(admin)),
          (error: unknown) => done(error),
        );
      },
    ),
  );
  return (req, res) =>
    new Promise((resolve, reject) => {
      const settle = (error: unknown, user: unknown): void => {
        if (error instanceof Error) reject(error);
        else resolve(asAdmin(user));
      };
      const check = authenticator.authenticate(NAME, { session: false }, settle) as (
        ...args: [Request, Response, (error: unknown) => void]
      ) => void;
      check(req, res, reject);
    });
}
