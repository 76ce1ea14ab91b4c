import type { Request, RequestHandler } from 'express';
import type { Actor, Rights } from '../shared/actor.js';
import { DomainError, forbidden } from '../shared/errors.js';
import { atLeast, type Role } from '../shared/roles.js';
import type { SessionIdentity } from '../shared/session-identity.js';
import { preferEnrolment } from './context.js';

const VIEWED: Rights = { role: 'student' };

export interface ActorDeps {
  /** Returns what the person may do now, null if the session counts no more. Asked at every request. */
  readonly rightsOf: (identity: SessionIdentity) => Promise<Rights | null>;
  /** Returns the token that forms of this person carry. */
  readonly csrfToken: (identity: SessionIdentity) => string;
}

/**
 * Finds the identity that a URL under `/c/:courseKey` acts from.
 * @throws DomainError `session-needed` (401) when this browser was not launched into this course
 */
export function requireActor({ rightsOf, csrfToken }: ActorDeps): RequestHandler {
  return async (req, _res, next) => {
    const identity = req.user;
    if (identity === undefined || identity.course.courseKey !== req.params.courseKey) {
      throw new DomainError('session-needed', 401);
    }
    const rights = await rightsOf(identity);
    const { course } = identity;
    // The page of a refusal appears in the LMS's frame too.
    req.page.frameOrigins = course.frameOrigins;
    if (rights === null) throw new DomainError('session-needed', 401);
    // A person who teaches here no more looks as nobody else.
    const viewing = atLeast(rights.role, 'teacher') ? course.viewing : undefined;
    if (course.only !== undefined && !isWithin(course.only, req)) throw forbidden('limited-session');
    req.page.limited = course.only !== undefined;
    req.actor = {
      personId: viewing?.personId ?? identity.personId,
      registrationId: identity.registrationId,
      courseId: course.courseId,
      courseKey: course.courseKey,
      courseTitle: course.courseTitle,
      ...(viewing ? VIEWED : rights),
      name: viewing?.name ?? identity.name,
      ...(req.ip !== undefined && { address: req.ip }),
      ...(!viewing &&
        identity.administrator &&
        rights.centreRole === 'administrator' && { administrator: identity.administrator }),
      ...(viewing && { viewer: { personId: identity.personId, name: identity.name, role: rights.role } }),
    };
    req.page.csrf = csrfToken(identity);
    req.page.returnUrl = course.returnUrl ?? '';
    preferEnrolment(req, course);
    next();
  };
}

/** Below the course; open to every session. */
export const SIGN_OUT_PATH = '/sign-out';

/** Whether a session of one page opens an address: the page with its files, and what its one form sends. */
function isWithin(
  { path: page, action = '' }: { readonly path: string; readonly action?: string },
  { method, path }: Request,
): boolean {
  if (path === SIGN_OUT_PATH) return true;
  const own = `/${page}`.replace(/\/$/, '') || '/';
  if (method !== 'GET' && method !== 'HEAD') return action !== '' && path === `${own}/${action}`;
  return path === own || path === `${own}/` || path.startsWith('/files/');
}

/** The actor of a request behind `requireActor`. */
export function actorOf(req: Request): Actor {
  if (req.actor === undefined) throw new DomainError('session-needed', 401);
  return req.actor;
}

/**
 * Refuses every change by a person who views the course as another one.
 * @param allowed paths below the course that end the view
 * @throws DomainError `viewing-only` (403)
 */
export const viewersOnlyLook =
  (...allowed: readonly string[]): RequestHandler =>
  (req, _res, next) => {
    const looks = req.method === 'GET' || req.method === 'HEAD' || allowed.includes(req.path);
    if (actorOf(req).viewer !== undefined && !looks) throw forbidden('viewing-only');
    next();
  };

/** @throws DomainError `forbidden` (403) for lesser roles */
export const requireRole =
  (least: Role): RequestHandler =>
  (req, _res, next) => {
    if (!atLeast(actorOf(req).role, least)) throw forbidden();
    next();
  };
