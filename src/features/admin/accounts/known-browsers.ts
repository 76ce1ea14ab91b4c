import type { Request, Response } from 'express';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { cookiesNamed } from '../../../shared/cookies.js';
import { digest, newToken } from '../../../shared/ids.js';
import { DAY } from '../../../shared/clock.js';

/** As long as browsers keep a cookie. https://www.rfc-editor.org/rfc/rfc6265bis#section-5.5 */
const KEPT_MS = 400 * DAY;
const PREFIX = 'nastavnik_known_';
const VALUE = /^([\w-]{43})\.([\w-]{32})\.([\w-]{43})$/;

/**
 * Browsers with an earlier successful login. Their tries are counted apart from those of unknown browsers, so that
 * wrong passwords from elsewhere do not lock the account's owner out.
 * https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */
export interface KnownBrowsers {
  /** Returns the id of this browser for an account, null if it is not known to have signed in to it. */
  idFor(req: Request, account: string): string | null;
  /** Whether anybody has signed in here. */
  isKnown(req: Request): boolean;
  /** Marks the browser after a sign-in. @param account login or another name of who signed in */
  remember(req: Request, res: Response, account: string): void;
}

/** @param key signs the cookies. They hold digests and a random id, and open nothing. */
export function createKnownBrowsers(key: Buffer): KnownBrowsers {
  const signatureOf = (account: string, id: string): string =>
    createHmac('sha256', key).update(`${account}.${id}`).digest('base64url');

  function marksIn(req: Request): { account: string; id: string }[] {
    return cookiesNamed(req, PREFIX).flatMap(({ value }) => {
      const [, account = '', id = '', signature = ''] = VALUE.exec(value) ?? [];
      const expected = Buffer.from(signatureOf(account, id));
      return account !== '' && timingSafeEqual(Buffer.from(signature), expected) ? [{ account, id }] : [];
    });
  }

  const idFor = (req: Request, account: string): string | null =>
    marksIn(req).find((mark) => mark.account === digest(account))?.id ?? null;

  return {
    idFor,
    isKnown: (req) => marksIn(req).length > 0,
    remember(req, res, account) {
      const named = digest(account);
      const id = idFor(req, account) ?? newToken();
      res.cookie(`${PREFIX}${named.slice(0, 10)}`, `${named}.${id}.${signatureOf(named, id)}`, {
        ...{ path: '/admin', httpOnly: true, secure: true, sameSite: 'lax' },
        maxAge: KEPT_MS,
      });
    },
  };
}
