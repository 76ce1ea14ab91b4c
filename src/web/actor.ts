import type { Request, RequestHandler } from 'express';
import type { Actor } from '../shared/actor.js';
import { DomainError, forbidden } from '../shared/errors.js';
import { atLeast, type Role } from '../shared/roles.js';
import { findIdentity, type SessionEnrolment, type SessionIdentity } from '../shared/session-identities.js';
import { preferEnrolment } from './context.js';

/**
 * Finds the identity that a URL under `/c/:courseKey` acts from.
 * @param isCurrent false if something has changed since the launch, or the launch is too long ago
 * @throws DomainError `session-needed` (401) when this browser was not launched into this course
 */
export function requireActor(
  isCurrent: (identity: SessionIdentity, course: SessionEnrolment) => Promise<boolean>,
): RequestHandler {
  return async (req, _res, next) => {
    const found = findIdentity(req.user, String(req.params.courseKey));
    if (found === null || !(await isCurrent(found.identity, found.course)))
      throw new DomainError('session-needed', 401);
    const { identity, course } = found;
    if (course.only !== undefined && !isWithin(course.only.path, req)) throw forbidden('limited-session');
    req.page.limited = course.only !== undefined;
    const { viewing } = course;
    req.actor = {
      personId: viewing?.personId ?? identity.personId,
      registrationId: identity.registrationId,
      courseId: course.courseId,
      courseKey: course.courseKey,
      courseTitle: course.courseTitle,
      role: viewing ? 'student' : course.role,
      name: viewing?.name ?? identity.name,
      ...(!viewing && identity.administrator && { administrator: identity.administrator }),
      ...(viewing && { viewer: { personId: identity.personId, name: identity.name, role: course.role } }),
    };
    req.page.csrf = identity.csrf;
    req.page.frameOrigins = course.frameOrigins;
    preferEnrolment(req, course);
    next();
  };
}

/** Whether a session of one page opens an address: the page with its files, and what its forms send. */
function isWithin(page: string, { method, path }: Request): boolean {
  const own = `/${page}`.replace(/\/$/, '') || '/';
  if (method !== 'GET' && method !== 'HEAD') return own !== '/' && path.startsWith(`${own}/`);
  return path === own || path === `${own}/` || path.startsWith('/files/');
}

/** The actor of a request behind `requireActor`. */
export function actorOf(req: Request): Actor {
  if (req.actor === undefined) throw new DomainError('session-needed', 401);
  return req.actor;
}

/**
 * Refuses every change by a person who views the course as another one.
 * @param leave path below the course that ends the view
 * @throws DomainError `viewing-only` (403)
 */
export const viewersOnlyLook =
  (leave: string): RequestHandler =>
  (req, _res, next) => {
    const looks = req.method === 'GET' || req.method === 'HEAD' || req.path === leave;
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
