import type { ErrorRequestHandler, Request, RequestHandler, Router } from 'express';
import type { Locale } from '../../i18n/index.js';
import type { MailQueue } from '../../infra/mail/index.js';
import type { Clock } from '../../shared/clock.js';
import type { Storage } from '../../storage/index.js';
import type { Organisation } from '../directory/index.js';
import type { MembershipFeature } from '../membership/index.js';
import { accessTopics } from './access.mail.js';
import { staffCardOf, staffRouter, type StaffSection } from './staff.routes.js';
import { createAccessService, type AccessService } from './access.service.js';
import { enterRouter, outsidePage, type BeginSession } from './enter.routes.js';
import { createSignInLinksStore } from './sign-in-links.store.js';
import { createStaffSessionsStore } from './staff-sessions.store.js';

export { accessCollections } from './personal-collections.js';

export interface AccessDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly mailQueue: MailQueue;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses'>;
  readonly organisation: Pick<Organisation, 'findByEmail' | 'findHolder' | 'dutiesOfCard'>;
  readonly locale: () => Promise<Locale>;
  readonly publicUrl: string;
  readonly beginSession: BeginSession;
  /** Address of a registration's LMS. */
  readonly lmsOf: (registrationId: string) => Promise<string>;
}

/** Ways in without a launch: one-time sign-in links by e-mail. */
export interface AccessFeature {
  /** `/staff` @param sections makes the pages behind the sign-in @param uploads reads their forms with files */
  staffRouter(
    sections: (cardIdOf: (req: Request) => string) => readonly StaffSection[],
    uploads: RequestHandler,
  ): Router;
  /** `/enter` */
  readonly enterRouter: Router;
  /** Shows the ways in at pages of courses. */
  readonly outside: ErrorRequestHandler;
  readonly service: AccessService;
}

export function createAccess(deps: AccessDeps): AccessFeature {
  const { storage, clock, mailQueue, membership, organisation } = deps;
  const links = createSignInLinksStore(storage.connection);
  const topics = accessTopics({
    ...deps,
    findHolder: (cardId) => organisation.findHolder(cardId),
    findPerson: (id) => membership.people.findPresent(id),
    findCourse: (id) => membership.courses.findOptional(id),
    issue: (target) => service.issue(target),
  });
  const service: AccessService = createAccessService({
    links,
    sessions: createStaffSessionsStore(storage.connection),
    organisation,
    people: membership.people,
    courses: membership.courses,
    clock,
    mailQueue,
    topics,
  });
  const lmsOf = async (courseKey: string): Promise<string> => {
    const course = await membership.courses.findOptionalByKey(courseKey);
    return course === null ? '' : deps.lmsOf(course.registrationId);
  };
  mailQueue.defineTopic(topics.staff);
  mailQueue.defineTopic(topics.course);
  return {
    staffRouter: (sections, uploads) => staffRouter(service, sections(staffCardOf), uploads),
    enterRouter: enterRouter(service, deps.beginSession, lmsOf),
    outside: outsidePage(lmsOf),
    service,
  };
}
