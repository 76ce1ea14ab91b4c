import type { Router, RequestHandler } from 'express';
import type { Authenticator } from 'passport';
import type { Lti } from '../../lti/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ContentKind } from '../../shared/content.js';
import type { Storage } from '../../storage/index.js';
import { isZone } from '../../web/context.js';
import { createCoursesStore, type Course, type CoursesStore } from './courses.store.js';
import { createDeepLinkRequestsStore } from './deep-link-requests.store.js';
import { createDeepLinkingService } from './deep-linking.service.js';
import { acceptLaunch, deepLinkingRouter, offerWindow } from './launch.routes.js';
import { createLaunchService, type RosterSource } from './launch.service.js';
import { createLinksStore, type LinksStore, type ResourceLink } from './links.store.js';
import { LtiStrategy } from './lti.strategy.js';
import { createPeopleStore, type PeopleStore } from './people.store.js';

export type { Course, Membership, Place } from './courses.store.js';
export type { ResourceLink } from './links.store.js';
export type { Person } from './people.store.js';
export { MongooseSessionStore } from './sessions.store.js';

export interface LaunchDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly lti: Lti;
  readonly authenticator: Authenticator;
  /** The rooms' kinds of content; asked at each request, for the rooms are built after this one. */
  readonly kinds: () => readonly ContentKind[];
  readonly onLinkChanged: (course: Course, link: ResourceLink) => Promise<void>;
  /** Told where the course's roster is, at every launch that says so. */
  readonly onRoster: (source: RosterSource) => Promise<void>;
}

/** A verified launch becomes an Actor in a Passport session; people, courses and links as the LMS knows them. */
export interface LaunchRoom {
  /** Ends a verified launch; handed to `lti.router`. */
  readonly accept: RequestHandler[];
  /** Shown where a browser keeps no cookies; handed to `lti.router`. */
  readonly newWindow: RequestHandler;
  /** `/c/:courseKey/deep-linking` */
  readonly deepLinking: Router;
  readonly people: Pick<PeopleStore, 'findOptional' | 'findMany' | 'meet'>;
  readonly courses: Pick<CoursesStore, 'findOptional' | 'members' | 'membership' | 'meet' | 'admit'>;
  readonly links: Pick<LinksStore, 'ofContent'>;
  /** What a roster changes. */
  readonly rolls: Pick<CoursesStore, 'enrol' | 'leave'> & Pick<PeopleStore, 'introduce'>;
  /** The whole centre at once, past the bounds of courses: for its administrator alone. */
  readonly census: Census;
}

export interface Census {
  searchPeople: PeopleStore['search'];
  membershipsOf: CoursesStore['membershipsOf'];
  findCourses: CoursesStore['findMany'];
  countCourses: CoursesStore['count'];
}

export function createLaunch(deps: LaunchDeps): LaunchRoom {
  const { connection } = deps.storage;
  const people = createPeopleStore(connection);
  const courses = createCoursesStore(connection);
  const links = createLinksStore(connection);
  const deepLinkRequests = createDeepLinkRequestsStore(connection, deps.clock);
  const service = createLaunchService({ people, courses, links, deepLinkRequests, isZone, ...deps });
  deps.authenticator.use(new LtiStrategy(service));
  return {
    accept: acceptLaunch(deps.authenticator),
    newWindow: offerWindow,
    deepLinking: deepLinkingRouter(
      createDeepLinkingService({ requests: deepLinkRequests, lti: deps.lti, kinds: deps.kinds }),
    ),
    people,
    courses,
    links,
    rolls: {
      introduce: (registrationId, seen) => people.introduce(registrationId, seen),
      enrol: (courseId, places) => courses.enrol(courseId, places),
      leave: (courseId, present, since) => courses.leave(courseId, present, since),
    },
    census: {
      searchPeople: (words, skip, limit) => people.search(words, skip, limit),
      membershipsOf: (personIds) => courses.membershipsOf(personIds),
      findCourses: (ids) => courses.findMany(ids),
      countCourses: courses.count,
    },
  };
}
