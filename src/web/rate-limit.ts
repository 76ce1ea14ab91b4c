import type { Request, RequestHandler } from 'express';
import { networkOf } from '../shared/addresses.js';
import type { Clock } from '../shared/clock.js';
import { DomainError } from '../shared/errors.js';
import { actorOf } from './actor.js';
import { createBuckets, type Limit } from './buckets.js';

export interface Limits {
  /** Requests that fail, from one address. A whole school may share one, so what succeeds is not counted. */
  readonly failures: Limit;
  /** All requests of one person, in whatever browsers. */
  readonly person: Limit;
}

/** Far above what a hurried class does: a test saves each answer, a calendar is leafed through. */
export const LIMITS: Limits = {
  failures: { burst: 600, perMinute: 120 },
  person: { burst: 240, perMinute: 240 },
};

const tooMany = (retryAfter: number): DomainError =>
  new DomainError('too-many-requests', 429, { retryAfter, params: { count: retryAfter } });

/** Not the visitor's doing, or no failure: two at once (409), and our own "wait" (429). */
const counts = (status: number): boolean => status >= 400 && status < 500 && status !== 409 && status !== 429;

/** @param limits null lets everybody in, where a proxy in front sees to it */
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

  /** Stands before everything; counts what nobody who is signed in did. */
  const countFailures: RequestHandler = (req, res, next) => {
    res.on('finish', () => {
      if (counts(res.statusCode) && req.actor === undefined) failures.take(addressOf(req));
    });
    next();
  };

  /**
   * Before what is open to everybody. Whoever has a session is not behind it: one visitor must not lock out the
   * school whose address they share from its lesson.
   * @throws DomainError `too-many-requests` (429)
   */
  const anonymous: RequestHandler = (req, _res, next) => {
    const wait = failures.wait(addressOf(req));
    if (wait !== null) throw tooMany(wait);
    next();
  };

  /**
   * Behind `requireActor`; who looks as somebody else counts as who they are.
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
