import type { MailQueue, MailTopic } from '../../infra/mail/index.js';
import { HOUR, MINUTE, type Clock } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import { digest, keyOf, newToken } from '../../shared/ids.js';
import type { Organisation } from '../directory/index.js';
import type { Course, CoursesStore, PeopleStore, Person } from '../membership/index.js';
import type { SignInLinksStore, SignInTarget } from './sign-in-links.store.js';
import type { StaffSessionsStore } from './staff-sessions.store.js';

/** How long a sign-in link lives. */
export const LINK_MS = 15 * MINUTE;
/** How long what it opens stays open. */
export const SESSION_MS = 8 * HOUR;
/** No address gets links more often. */
const EVERY_MS = 2 * MINUTE;

export interface AccessDeps {
  readonly links: SignInLinksStore;
  readonly sessions: StaffSessionsStore;
  readonly organisation: Pick<Organisation, 'findByEmail' | 'dutiesOfCard'>;
  readonly people: Pick<PeopleStore, 'findPresent' | 'findByEmail'>;
  readonly courses: Pick<CoursesStore, 'findOptionalByKey' | 'membership' | 'findOptional'>;
  readonly clock: Clock;
  readonly mailQueue: Pick<MailQueue, 'send'>;
  /** Topics of the two kinds of links. */
  readonly topics: { readonly staff: MailTopic; readonly course: MailTopic };
}

/** A person with the place that a link opens. */
export interface OpenedCourse {
  readonly person: Person;
  readonly course: Course;
  readonly path: string;
}

export interface AccessService {
  /** Has a sign-in link sent to those who answer for something and have this address; tells nobody whether there are any. */
  sendStaffLink(email: string, path: string): Promise<void>;
  /** Has a link to one page of a course sent to its member with this address. */
  sendCourseLink(email: string, courseKey: string, path: string): Promise<void>;
  /** Makes a link. Only its digest is stored. */
  issue(target: SignInTarget): Promise<string>;
  /** Looks at a link without using it up. @throws DomainError `sign-in-over` (410) */
  look(token: string): Promise<SignInTarget>;
  /** Uses a link. @throws DomainError `sign-in-over` (410) */
  use(token: string): Promise<SignInTarget>;
  /** Who comes by a link to a course. @throws DomainError `sign-in-over` when they have left it */
  opened(target: Extract<SignInTarget, { kind: 'course' }>): Promise<OpenedCourse>;
  /** Begins a session of a responsible person, and returns the cookie's token. */
  beginStaff(cardId: string): Promise<string>;
  /** The card of a session; null when it is over. */
  staffOf(token: string): Promise<string | null>;
  endStaff(token: string): Promise<void>;
  /** Ms since 1970. */
  now(): number;
}

const over = (): DomainError => new DomainError('sign-in-over', 410);

export function createAccessService(deps: AccessDeps): AccessService {
  const { links, sessions, organisation, clock, topics, mailQueue } = deps;
  /** One link per address and two minutes: a job of the same name is made once. */
  const slot = (): string => String(Math.floor(clock.now().getTime() / EVERY_MS));

  return {
    async sendStaffLink(email, path) {
      const page = Buffer.from(path).toString('base64url');
      for (const { cardId } of await organisation.findByEmail(email))
        await mailQueue.send(topics.staff, `${cardId}.${page}.${slot()}`);
    },
    async sendCourseLink(email, courseKey, path) {
      const course = await deps.courses.findOptionalByKey(courseKey);
      if (course === null) return;
      for (const person of await deps.people.findByEmail(course.registrationId, email)) {
        const membership = await deps.courses.membership(course.id, person.id);
        if (membership?.leftAt !== null) continue;
        const page = Buffer.from(path).toString('base64url');
        await mailQueue.send(topics.course, `${person.id}.${course.id}.${page}.${slot()}`);
      }
    },
    async issue(target) {
      const token = newToken();
      await links.insert(digest(token), target, new Date(clock.now().getTime() + LINK_MS));
      return token;
    },
    async look(token) {
      const target = await links.look(digest(token), clock.now());
      if (target === null) throw over();
      return target;
    },
    async use(token) {
      const target = await links.use(digest(token), clock.now());
      if (target === null) throw over();
      return target;
    },
    async opened({ personId, courseId, path }) {
      const [person, course, membership] = await Promise.all([
        deps.people.findPresent(personId),
        deps.courses.findOptional(courseId),
        deps.courses.membership(courseId, personId),
      ]);
      if (person === null || course === null || membership?.leftAt !== null) throw over();
      return { person, course, path };
    },
    async beginStaff(cardId) {
      const token = newToken();
      await sessions.insert(digest(token), cardId, new Date(clock.now().getTime() + SESSION_MS));
      return token;
    },
    staffOf: (token) => sessions.find(digest(token), clock.now()),
    endStaff: (token) => sessions.remove(digest(token)),
    now: () => clock.now().getTime(),
  };
}

/** Binds forms of a page to its cookie without telling the cookie. */
export const formToken = (token: string): string => keyOf(`csrf ${token}`, 32);
