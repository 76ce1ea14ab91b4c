import type { Router, RequestHandler } from 'express';
import type { Authenticator } from 'passport';
import type { Logger } from 'pino';
import type { Lti } from '../../lti/index.js';
import { DAY, SECOND, type Clock } from '../../shared/clock.js';
import type { Estate } from '../../shared/estate.js';
import type { ContentKind } from '../../shared/content.js';
import type { Storage } from '../../storage/index.js';
import { isZone } from '../../web/context.js';
import { createCopyingService } from './copying.service.js';
import { createCoursesStore, type Course, type CoursesStore } from './courses.store.js';
import { createDeepLinkRequestsStore } from './deep-link-requests.store.js';
import { createDeepLinkingService } from './deep-linking.service.js';
import { createLaunchEstate } from './estate.store.js';
import { askStorage, handOver, handoverRouter, offerWindow } from './handover.routes.js';
import { createHandoversStore } from './handovers.store.js';
import { acceptLaunch, deepLinkingRouter } from './launch.routes.js';
import { createLaunchService, type RosterSource } from './launch.service.js';
import { createLinksStore, type LinksStore, type ResourceLink } from './links.store.js';
import { linksRouter } from './links.routes.js';
import { LtiStrategy } from './lti.strategy.js';
import { createOriginsStore } from './origins.store.js';
import { createPeopleStore, type PeopleStore } from './people.store.js';

export type { Course, Membership, Place } from './courses.store.js';
export type { RosterSource } from './launch.service.js';
export type { ResourceLink } from './links.store.js';
export type { Person } from './people.store.js';
export { MongooseSessionStore } from './sessions.store.js';

export interface LaunchDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly lti: Lti;
  readonly log: Logger;
  readonly authenticator: Authenticator;
  /** Our origin. */
  readonly publicUrl: string;
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
  /** Shown where a launch comes without its login; handed to `lti.router`. */
  readonly askStorage: RequestHandler;
  /** `/handover`: a proven launch goes on in a window of its own. */
  readonly handover: Router;
  /** `/c/:courseKey/deep-linking` */
  readonly deepLinking: Router;
  readonly people: Pick<PeopleStore, 'findOptional' | 'findMany' | 'meet'>;
  readonly courses: Pick<CoursesStore, 'findOptional' | 'members' | 'membership' | 'meet' | 'admit'>;
  /** Works on what platforms have told in notices. */
  readonly noticesWorker: { start(): void; stop(): Promise<void>; sweep(): Promise<void> };
  /** `/c/:courseKey/links` */
  readonly linksRouter: Router;
  readonly links: Pick<LinksStore, 'ofContent' | 'findOptional'>;
  /**
   * Whether a seat is still its person's: its launch was no more than a day ago, and the person has not been erased,
   * nor become part of another, a few seconds ago or earlier.
   */
  isTaken(personId: string, launchedAt: number): Promise<boolean>;
  readonly estate: Estate;
  /** What a roster changes. */
  readonly rolls: Pick<CoursesStore, 'enrol' | 'missing' | 'leave'> & Pick<PeopleStore, 'introduce'>;
  /** The whole centre at once, past the bounds of courses: for its administrator alone. */
  readonly census: Census;
}

export interface Census {
  searchPeople: PeopleStore['search'];
  membershipsOf: CoursesStore['membershipsOf'];
  findPeople: PeopleStore['findMany'];
  findCourses: CoursesStore['findMany'];
  countCourses: CoursesStore['count'];
  findPerson: PeopleStore['findPresent'];
  closePerson: PeopleStore['close'];
}

const GONE_MEMO_MS = 2 * SECOND;
/** No course is open for longer without a launch: who has left it, or has another role by now, is told so then. */
const LONGEST_SEAT_MS = DAY;

export function createLaunch(deps: LaunchDeps): LaunchRoom {
  const { connection } = deps.storage;
  const people = createPeopleStore(connection);
  const courses = createCoursesStore(connection);
  const links = createLinksStore(connection);
  const deepLinkRequests = createDeepLinkRequestsStore(connection, deps.clock);
  const handovers = createHandoversStore(connection, deps.clock);
  const origins = createOriginsStore(connection);
  const tell = async (course: Course, link: ResourceLink): Promise<void> => {
    if (link.lineItem !== '' || link.lineItems !== '') await deps.onLinkChanged(course, link);
    await links.told(link);
  };
  const { kinds } = deps;
  const copying = createCopyingService({ courses, links, origins, kinds, tell });
  const service = createLaunchService({
    clock: deps.clock,
    people,
    courses,
    links,
    deepLinkRequests,
    copying,
    tell,
    kinds,
    subscribe: (launch) => {
      deps.lti.notices.offered(launch);
    },
    isZone,
    onRoster: deps.onRoster,
  });
  let memo: { until: number; ids: Promise<ReadonlySet<string>> } | undefined;
  /** Asked at every request, and changed once in months. */
  const gone = (): Promise<ReadonlySet<string>> => {
    const now = deps.clock.now().getTime();
    if (memo === undefined || now >= memo.until) {
      memo = { until: now + GONE_MEMO_MS, ids: people.goneSince(new Date(now - LONGEST_SEAT_MS)) };
      memo.ids.catch(() => (memo = undefined));
    }
    return memo.ids;
  };
  deps.authenticator.use(new LtiStrategy(service));
  return {
    accept: [handOver(service, handovers), ...acceptLaunch(deps.authenticator)],
    newWindow: offerWindow,
    askStorage,
    handover: handoverRouter(handovers, deps.publicUrl),
    deepLinking: deepLinkingRouter(createDeepLinkingService({ ...deps, requests: deepLinkRequests })),
    linksRouter: linksRouter(copying),
    noticesWorker: deps.lti.notices.worker({
      onContextCopy: (notice) => origins.note(notice, notice.origins),
      onError: (err, notice) => {
        deps.log.error({ err, notice }, 'launch: a notice could not be worked on');
      },
    }),
    people,
    courses,
    links,
    rolls: {
      introduce: (registrationId, seen) => people.introduce(registrationId, seen),
      enrol: (courseId, places, told) => courses.enrol(courseId, places, told),
      missing: (courseId, present, since) => courses.missing(courseId, present, since),
      leave: (courseId, personIds, since) => courses.leave(courseId, personIds, since),
    },
    census: {
      searchPeople: (words, skip, limit) => people.search(words, skip, limit),
      membershipsOf: (personIds) => courses.membershipsOf(personIds),
      findPeople: (ids) => people.findMany(ids),
      findCourses: (ids) => courses.findMany(ids),
      countCourses: courses.count,
      findPerson: (id) => people.findPresent(id),
      closePerson: (id, into, now) => people.close(id, into, now),
    },
    estate: createLaunchEstate(connection, { people, courses }),
    // A seat of before there was a time to it is an old one.
    isTaken: async (personId, launchedAt) =>
      deps.clock.now().getTime() - launchedAt < LONGEST_SEAT_MS && !(await gone()).has(personId),
  };
}
