import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { DomainError } from '../shared/errors.js';
import { Recent } from '../shared/recent.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses changes that a page of another origin sends. LTI messages come from elsewhere by nature and are
 * mounted before this.
 * @throws DomainError `foreign-origin` (403)
 */
export function sameOrigin(publicUrl: string): RequestHandler {
  return (req, _res, next) => {
    const origin = req.get('origin');
    const site = req.get('sec-fetch-site');
    const foreign =
      (origin !== undefined && origin !== publicUrl) ||
      // Very old browsers send neither; the token below still guards.
      (origin === undefined && site !== undefined && site !== 'same-origin' && site !== 'none');
    if (!SAFE.has(req.method) && foreign) throw new DomainError('foreign-origin', 403);
    next();
  };
}

/** Tokens of people who use the tool now: every page has one. */
const MOST_TOKENS = 5_000;

/**
 * Makes the function that returns the token of a person's forms. It follows from the person, so that forms of all
 * sessions of one person work, whichever launch came last.
 */
export function csrfTokens(
  secret: string,
): (person: { readonly registrationId: string; readonly personId: string }) => string {
  const known = new Recent<string>(MOST_TOKENS);
  return ({ registrationId, personId }) => {
    const key = JSON.stringify([registrationId, personId]);
    let token = known.get(key);
    if (token === undefined) {
      token = createHmac('sha256', secret).update(key).digest('base64url');
      known.set(key, token);
    }
    return token;
  };
}

/** All tokens are of one length, so that their lengths tell nothing. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Demands the token of the identity on every change: a form's hidden field `csrf`, or the `X-CSRF-Token` header.
 * A token belongs to a person: a form of a person who has since been replaced by another is refused.
 * @throws DomainError `csrf` (403)
 */
export function csrf(): RequestHandler {
  return (req, _res, next) => {
    if (SAFE.has(req.method)) {
      next();
      return;
    }
    const body = req.body as Record<string, unknown> | undefined;
    const given = req.get('x-csrf-token') ?? body?.csrf;
    if (typeof given !== 'string' || req.page.csrf === '' || !isSame(given, req.page.csrf)) {
      throw new DomainError('csrf', 403);
    }
    // Handlers see their own fields only.
    if (body !== undefined) delete body.csrf;
    next();
  };
}
