import type { Request, Response } from 'express';
import { promisify } from 'node:util';
import { cookiesNamed } from '../../shared/cookies.js';
import { coursePath, SESSION_COOKIE } from '../../web/session.js';
import { digest } from '../../shared/ids.js';
import type { SessionIdentity } from '../../shared/session-identity.js';
import type { MongooseSessionStore } from './sessions.store.js';

/*
 * A session's cookie goes to the pages of its course alone, so a launch does not see it. Beside it stands a mark, a
 * cookie for each course that every request sends. It names the session without opening it: the next launch ends the
 * sessions that it replaces, and only those that the browser held when it launched. Of two launches at the same moment
 * neither knows the other's session, and both stand. docs/adr/0008-sessions-per-course.md
 */

const PREFIX = 'nastavnik_in_';
/** Digest of the session's id, and tags of the registration and the person. */
const MARK = /^([\w-]{43})\.([\w-]{8})\.([\w-]{8})$/;

const tag = (id: string): string => digest(id).slice(0, 8);

interface Mark {
  readonly courseKey: string;
  readonly session: string;
  readonly registration: string;
  readonly person: string;
}

function marksOf(req: Request): Mark[] {
  return cookiesNamed(req, PREFIX).flatMap(({ name, value }) => {
    const [, session = '', registration = '', person = ''] = MARK.exec(value) ?? [];
    return session === '' ? [] : [{ courseKey: name.slice(PREFIX.length), session, registration, person }];
  });
}

/** Returns whether the browser has kept the mark of a launch into this course. */
export const hasMark = (req: Request, courseKey: string): boolean =>
  marksOf(req).some((mark) => mark.courseKey === courseKey);

/**
 * Marks the new session of this request and ends those that it replaces: the browser's earlier one of the same course,
 * and those of another person of the same registration in all courses.
 */
export async function replaceSessions(
  req: Request,
  res: Response,
  { registrationId, personId, course }: SessionIdentity,
  sessions: Pick<MongooseSessionStore, 'end'>,
): Promise<void> {
  const [registration, person] = [tag(registrationId), tag(personId)];
  const replaced = marksOf(req).filter(
    (mark) =>
      mark.courseKey === course.courseKey || (mark.registration === registration && mark.person !== person),
  );
  if (replaced.length > 0) await sessions.end(replaced.map(({ session }) => session));
  for (const { courseKey } of replaced) {
    if (courseKey !== course.courseKey) res.clearCookie(PREFIX + courseKey);
  }
  const value = `${digest(req.sessionID)}.${registration}.${person}`;
  res.cookie(PREFIX + course.courseKey, value, { httpOnly: true });
}

/** Ends the session of this request, and those of the same person in other courses that the browser holds. */
export async function endSessions(
  req: Request,
  res: Response,
  sessions: Pick<MongooseSessionStore, 'end'>,
): Promise<void> {
  const identity = req.user;
  if (identity === undefined) return;
  const [registration, person] = [tag(identity.registrationId), tag(identity.personId)];
  const own = marksOf(req).filter((mark) => mark.registration === registration && mark.person === person);
  await sessions.end([digest(req.sessionID), ...own.map(({ session }) => session)]);
  await promisify((done: (error?: Error | null) => void) => req.session.destroy(done))();
  for (const courseKey of new Set([identity.course.courseKey, ...own.map((mark) => mark.courseKey)])) {
    res.clearCookie(PREFIX + courseKey);
    res.clearCookie(SESSION_COOKIE, { path: coursePath(courseKey) });
  }
}
