import './pages.view.js';
import type { ErrorRequestHandler, Request, RequestHandler, Response, Router } from 'express';
import type { Authenticator } from 'passport';
import type { Events } from '../../infra/events/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { ContextCopyNotice, Lti } from '../../lti/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ContentKind } from '../../shared/content.js';
import { createRegistry, type Registry } from '../../shared/registry.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { SessionIdentity } from '../../shared/session-identity.js';
import type { Storage } from '../../storage/index.js';
import { isZone } from '../../web/context.js';
import { createContextCopyJob } from './course-copy/course-copy.jobs.js';
import { createCopyingService } from './course-copy/course-copy.service.js';
import type { MembershipFeature } from '../membership/index.js';
import { createDeepLinkRequestsStore } from './deep-linking/deep-link-requests.store.js';
import { createDeepLinkingService } from './deep-linking/deep-linking.service.js';
import {
  askStorage,
  beginSession,
  handOver,
  handoverRouter,
  inLaunchLanguage,
  offerWindow,
} from './handover.routes.js';
import { createHandoversStore } from './handovers.store.js';
import { acceptLaunch, deepLinkingRouter } from './launch.routes.js';
import { createLaunchService } from './launch.service.js';
import { createLinksStore, type LinksStore } from './links.store.js';
import { linksRouter } from './links.routes.js';
import { createSessionsPersonalData } from './personal-data.store.js';
import { LtiStrategy } from './lti.strategy.js';
import { signOutRouter } from './sign-out.routes.js';
import { MongooseSessionStore } from './sessions.store.js';
import { createOriginsStore } from './course-copy/course-copy-sources.store.js';

export { linkChanged } from './links.events.js';
export type { ResourceLink } from './links.store.js';
export {
  createLaunchLog,
  MAX_PAGES,
  type LaunchFilter,
  type LaunchLogFeature,
  type LaunchPage,
  type LoggedLaunch,
} from './log/index.js';
export { createViewAs } from './view-as/index.js';

export interface LaunchDeps {
  readonly storage: Storage;
  readonly jobs: Jobs;
  readonly events: Pick<Events, 'watch'>;
  readonly clock: Clock;
  readonly lti: Lti;
  readonly authenticator: Authenticator;
  /** Our origin. */
  readonly publicUrl: string;
  /** The features' kinds of content. */
  readonly kinds: Pick<Registry<ContentKind>, 'all'>;
  readonly membership: MembershipFeature;
}

/** A verified launch becomes an Actor in a Passport session; people, courses and links as the LMS knows them. */
export interface LaunchFeature {
  /** Ends a verified launch; handed to `lti.router`. */
  readonly accept: RequestHandler[];
  /** Shown where a browser keeps no cookies; handed to `lti.router`. */
  readonly newWindow: RequestHandler;
  /** Shown where a launch comes without its login; handed to `lti.router`. */
  readonly askStorage: RequestHandler;
  /** Runs after `lti.router` for each refusal. */
  readonly inLaunchLanguage: ErrorRequestHandler;
  /** `/handover`: a proven launch goes on in a window of its own. */
  readonly handover: Router;
  /** `/c/:courseKey/deep-linking` */
  readonly deepLinking: Router;
  /** Stores a platform's notice of a course copy; handed to `lti.router`. */
  readonly onContextCopy: (notice: ContextCopyNotice) => Promise<void>;
  /** `/c/:courseKey/sign-out` */
  readonly signOutRouter: Router;
  /** `/c/:courseKey/links` */
  readonly linksRouter: Router;
  readonly links: Pick<LinksStore, 'ofContent' | 'ofLineItem' | 'findOptional'>;
  /** What other features do when a person has come into a course; the launch waits for it. */
  readonly admitted: Pick<Registry<AdmittedHandler>, 'add'>;
  readonly personalData: PersonalData;
  /** Begins the session of a course without a launch, in place of the browser's earlier one. */
  readonly beginSession: (req: Request, res: Response, identity: SessionIdentity) => Promise<void>;
  /** Sessions of courses. */
  readonly sessions: MongooseSessionStore;
}

export type AdmittedHandler = (courseId: string, personId: string) => Promise<void>;

export function createLaunch(deps: LaunchDeps): LaunchFeature {
  const { connection } = deps.storage;
  const { people, courses } = deps.membership;
  const links = createLinksStore(connection, deps.clock);
  deps.events.watch(links.model);
  const deepLinkRequests = createDeepLinkRequestsStore(connection, deps.clock);
  const handovers = createHandoversStore(connection, deps.clock);
  const origins = createOriginsStore(connection);
  const sessions = new MongooseSessionStore(connection, deps.clock);
  const kinds = () => deps.kinds.all();
  const copying = createCopyingService({ courses, links, origins, kinds });
  const admitted = createRegistry<AdmittedHandler>();
  const service = createLaunchService({
    clock: deps.clock,
    people,
    courses,
    links,
    deepLinkRequests,
    copying,
    kinds,
    subscribe: (launch) => {
      deps.lti.notices.offered(launch);
    },
    isZone,
    async onAdmitted(courseId, personId) {
      for (const handler of admitted.all()) await handler(courseId, personId);
    },
    onRoster: (source) => deps.membership.launched(source),
  });
  deps.authenticator.use(new LtiStrategy(service));
  return {
    accept: [handOver(service, handovers), ...acceptLaunch(deps.authenticator, sessions)],
    newWindow: offerWindow,
    askStorage,
    inLaunchLanguage,
    handover: handoverRouter(handovers, sessions, deps.publicUrl),
    deepLinking: deepLinkingRouter(
      createDeepLinkingService({ ...deps, kinds, requests: deepLinkRequests }),
      handovers,
    ),
    signOutRouter: signOutRouter(sessions),
    linksRouter: linksRouter(copying),
    onContextCopy: createContextCopyJob(deps.jobs, origins),
    links,
    admitted,
    personalData: createSessionsPersonalData(sessions),
    beginSession: beginSession(sessions),
    sessions,
  };
}
export { launchCollections } from './personal-collections.js';
