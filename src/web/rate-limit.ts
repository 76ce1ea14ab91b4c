import type { Request, RequestHandler } from 'express';
import { networkOf } from '../shared/addresses.js';
import type { Clock } from '../shared/clock.js';
import { DomainError } from '../shared/errors.js';
import { actorOf } from './actor.js';
import { createBuckets, type Limit } from './buckets.js';

export interface Limits {
  /** Failed requests from one address. A school may share one, so successful requests are not counted. */
  readonly failures: Limit;
  /** All requests of one person, in all browsers. */
  readonly person: Limit;
}

/** Far above what a class needs whose tests save every answer. */
export const LIMITS: Limits = {
  failures: { burst: 600, perMinute: 120 },
  person: { burst: 240, perMinute: 240 },
};

const tooMany = (retryAfter: number): DomainError =>
  new DomainError('too-many-requests', 429, { retryAfter, params: { count: retryAfter } });

/** Statuses that do not count as failures: two changes at once (409), and this limit's own answer (429). */
const counts = (status: number): boolean => status >= 400 && status < 500 && status !== 409 && status !== 429;

/** Skips a limit for requests that are exempt from it. */
export const unless =
  (exempt: (req: Request) => boolean, limit: RequestHandler): RequestHandler =>
  (req, res, next) => {
    if (exempt(req)) next();
    else void limit(req, res, next);
  };

/**
 * Makes the middleware that limits requests.
 * @param limits null turns it off, for an installation whose proxy does it
 */
export function rateLimits(limits: Limits | null, clock: Clock) {
  if (limits === null) {
    const free: RequestHandler = (_req, _res, next) => {
      next();
    };
    return { countFailures: free, anonymous: free, person: free };
  }
  const failures = createBuckets(limits.failures, clock);
  const people = createBuckets(limits.person, clock);
  const addressOf = (req: Request): string => networkOf(req.ip ?? '');

  /** Runs first and counts failures of requests without a session. */
  const countFailures: RequestHandler = (req, res, next) => {
    res.on('finish', () => {
      if (counts(res.statusCode) && req.actor === undefined) failures.take(addressOf(req));
    });
    next();
  };

  /**
   * Runs before public pages. Does not apply to requests with a session, so that one visitor cannot lock out a school
   * that shares the address.
   * @throws DomainError `too-many-requests` (429)
   */
  const anonymous: RequestHandler = (req, _res, next) => {
    const wait = failures.wait(addressOf(req));
    if (wait !== null) throw tooMany(wait);
    next();
  };

  /**
   * Runs behind `requireActor`. A person who views the course as another one counts as themselves.
   * @throws DomainError `too-many-requests` (429)
   */
  const person: RequestHandler = (req, _res, next) => {
    const { registrationId, personId, viewer } = actorOf(req);
    const wait = people.take(`${registrationId} ${viewer?.personId ?? personId}`);
    if (wait !== null) throw tooMany(wait);
    next();
  };

  return { countFailures, anonymous, person };
}

export type RateLimits = ReturnType<typeof rateLimits>;
