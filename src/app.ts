import express, { Router, type Express } from 'express';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { createLti, originsOf, type Lti } from './lti/index.js';
import { adminCollections, createAdmin, type AdminFeature, type ScryptCost } from './features/admin/index.js';
import { createAssessments, type AssessmentsFeature } from './features/assessments/index.js';
import { auditCollections, createAudit } from './infra/audit/index.js';
import { answerRules, createCentre } from './infra/settings/index.js';
import { createConsultations, type ConsultationsFeature } from './features/consultations/index.js';
import { createDirectory, type DirectoryFeature } from './features/directory/index.js';
import { createGrades, type GradebookFeature } from './features/gradebook/index.js';
import { createHome } from './features/home/index.js';
import { createNotifications, type NotificationsFeature } from './features/notifications/index.js';
import {
  createLaunch,
  createLaunchLog,
  createViewAs,
  launchCollections,
  type LaunchFeature,
  type LaunchLogFeature,
} from './features/launch/index.js';
import { createSchedule } from './features/schedule/index.js';
import { createQuestions, type QuestionsFeature } from './features/questions/index.js';
import { createPrivacy, type PrivacyFeature } from './features/privacy/index.js';
import { createMembership, type MembershipFeature } from './features/membership/index.js';
import {
  createRegistration,
  type RegistrationFeature,
} from './features/admin/platforms/registration/index.js';
import { createEvents, type Events } from './infra/events/index.js';
import {
  createFiles,
  filesPersonalData,
  filesRouter,
  scheduleSweep,
  uploads,
  type Files,
} from './infra/files/index.js';
import { createJobs, jobCollections, type Jobs } from './infra/jobs/index.js';
import {
  createMail,
  createMailQueue,
  outboxPersonalData,
  outboxRouter,
  type Mail,
} from './infra/mail/index.js';
import { translator } from './i18n/index.js';
import type { Clock } from './shared/clock.js';
import type { ContentKind } from './shared/content.js';
import { createRegistry } from './shared/registry.js';
import { cookieSecret, createSealer, formSecret } from './shared/sealing.js';
import type { Storage } from './storage/index.js';
import { requireActor, viewersOnlyLook } from './web/actor.js';
import { assets } from './web/assets.js';
import { bodies } from './web/body.js';
import { centreName, languageHere, languageSwitch, pageContext } from './web/context.js';
import { cookieSigning, framedCookies } from './web/cookies.js';
import { csrf, csrfTokenOf, sameOrigin } from './web/csrf.js';
import { errorHandler, framedErrors, noSuchPage } from './web/error-handler.js';
import { securityHeaders } from './web/headers.js';
import { healthz, readyz } from './web/health.js';
import { LIMITS, rateLimits, type Limits } from './web/rate-limit.js';
import { requestLog } from './web/request-log.js';
import { robots } from './web/robots.js';
import { createPassport, sessions } from './web/session.js';

export interface AppDeps {
  readonly config: Config;
  /** At least 32 characters; see `loadSecret`. */
  readonly secret: string;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  /** What hashing an administrator's password costs; tests pay less. */
  readonly passwordCost?: ScryptCost;
  /** Tests ask more, and fail more, than people do. */
  readonly limits?: Limits;
}

/** The built application: an Express app to listen with, and what `main.ts` starts and stops. */
export interface App {
  readonly express: Express;
  readonly lti: Lti;
  /** The features' faces, for scripts and tests. */
  readonly features: Features;
  /** All background work, with the events that cause it. */
  readonly jobs: Jobs;
  readonly events: Events;
  readonly mail: Mail;
  readonly files: Files;
  /** What `main.ts` starts and stops; each finishes its batch when stopped. */
  readonly workers: readonly Worker[];
}

export interface Features {
  readonly launch: LaunchFeature;
  readonly launches: LaunchLogFeature;
  readonly privacy: PrivacyFeature;
  readonly grades: GradebookFeature;
  readonly directory: DirectoryFeature;
  readonly consultations: ConsultationsFeature;
  readonly assessments: AssessmentsFeature;
  readonly questions: QuestionsFeature;
  readonly notifications: NotificationsFeature;
  readonly membership: MembershipFeature;
  readonly registration: RegistrationFeature;
  readonly admin: AdminFeature;
}

export interface Worker {
  start(): void;
  stop(): Promise<void>;
}

/**
 * The table of contents. Models are defined here on the storage's connection, so indexes can be built after.
 * Listens to nothing and starts nothing.
 */
export function buildApp(deps: AppDeps): App {
  const { config, secret, storage, clock, log } = deps;
  const sealer = createSealer(secret);
  const centre = createCentre({ storage, clock });
  const jobs = createJobs({ storage, clock, log });
  const events = createEvents({ storage, jobs, clock, log });
  const lti = createLti({
    ...config,
    storage,
    clock,
    sealer,
    unknownDeployments: async () => (await centre.now()).unknownDeployments,
  });
  const mail = createMail({
    storage,
    publicUrl: config.publicUrl,
    settings: config.mail,
    sender: async (locale) =>
      centreName({ centre: await centre.now(), locale }) || translator(locale)('common.product'),
  });
  const files = createFiles({ storage, clock, log, settings: config.files });
  scheduleSweep(jobs, files, log);
  const authenticator = createPassport();
  const kinds = createRegistry<ContentKind>();

  // Features, ground floor first: a room is handed the faces of those below it.
  const membership = createMembership({
    storage,
    jobs,
    events,
    clock,
    log,
    lti,
    maxAgeHours: async () => (await centre.now()).rosterHours ?? config.rosterHours,
  });
  const launch = createLaunch({
    storage,
    jobs,
    events,
    clock,
    lti,
    authenticator,
    publicUrl: config.publicUrl,
    kinds,
    membership,
  });
  const grades = createGrades({
    storage,
    jobs,
    events,
    clock,
    lti,
    membership,
    launch,
    kinds,
  });
  const directory = createDirectory({
    storage,
    clock,
    files,
    kinds,
    publicUrl: config.publicUrl,
    locale: async () => (await centre.now()).locale,
  });
  const audit = createAudit({ storage, clock });
  const schedule = createSchedule({ storage, audit, clock });
  schedule.identities.sources.add((personIds) => directory.identitiesOf(personIds));
  const consultations = createConsultations({
    ...{ storage, clock, jobs, events, kinds, membership, launch, schedule, audit },
  });
  const assessments = createAssessments({ storage, jobs, events, clock, kinds, membership, launch, grades });
  const questions = createQuestions({
    storage,
    clock,
    jobs,
    events,
    files,
    membership,
    organisation: directory.organisation,
    consultations,
    rules: async () => answerRules(await centre.now()),
    publicUrl: config.publicUrl,
  });
  const notifications = createNotifications({
    storage,
    clock,
    events,
    mailQueue: createMailQueue(mail, jobs),
    consultations,
    questions,
    organisation: directory.organisation,
    publicUrl: config.publicUrl,
    membership,
    centre: async () => centre.now(),
    locale: async () => (await centre.now()).locale,
  });
  const registration = createRegistration({ storage, clock, lti, audit, publicUrl: config.publicUrl });
  const privacy = createPrivacy({
    storage,
    jobs,
    events,
    clock,
    membership,
    audit,
    personalDataSources: () => [
      ...[consultations, assessments, questions, grades, directory, notifications].map(
        ({ personalData }) => personalData,
      ),
      launch.personalData,
      filesPersonalData(files),
      ...(mail.outbox ? [outboxPersonalData(mail.outbox)] : []),
    ],
    collections: [...launchCollections, ...auditCollections, ...adminCollections, ...jobCollections],
  });
  const viewing = createViewAs({ membership, audit });
  const launches = createLaunchLog({ storage, log, secret, lti, audit });
  const admin = createAdmin({
    ...deps,
    jobs,
    events,
    publicUrl: config.publicUrl,
    sealer,
    lti,
    audit,
    centre,
    membership,
    launches,
    privacy,
    grades,
    registration,
    mail,
    files,
    sections: [
      { path: 'consultation-types', router: (byOf) => consultations.typesRouter(byOf) },
      { path: 'closed-days', router: (byOf) => schedule.closedDaysRouter(byOf) },
    ],
  });
  const home = createHome({ consultations, assessments, questions, notifications, admin });

  const app = express();
  app.set('trust proxy', config.trustProxy);
  app.set('query parser', 'simple');
  // Open pages say theirs; whatever else is shown may be kept by nobody.
  app.set('etag', false);
  app.disable('x-powered-by');

  framedCookies(app);

  app.get('/healthz', healthz());
  app.get('/readyz', readyz(storage));
  app.use(
    securityHeaders(config.publicUrl),
    pageContext(() => centre.now()),
    requestLog(log),
  );
  const limits = rateLimits(config.rateLimits ? (deps.limits ?? LIMITS) : null, clock);
  app.use(limits.countFailures);

  const session = sessions(launch.sessions, cookieSecret(secret), authenticator);
  app.use('/lti/register', limits.anonymous, registration.router);
  // LTI messages come from other origins by nature: before the guards that refuse those. Only logins keep signed
  // cookies.
  app.use(
    '/lti',
    languageHere(),
    cookieSigning(cookieSecret(secret)),
    lti.router({
      guard: limits.anonymous,
      accept: [...session, ...launch.accept],
      newWindow: launch.newWindow,
      askStorage: launch.askStorage,
      onLaunchResult: (result) => launches.record(result),
      onContextCopy: launch.onContextCopy,
    }),
    launch.inLaunchLanguage,
  );

  app.get('/robots.txt', robots());
  app.use('/assets', assets());
  app.use(languageSwitch());
  app.use(sameOrigin(config.publicUrl), bodies());
  app.get('/', (_req, res) => {
    res.redirect(303, '/directory');
  });
  app.use('/handover', limits.anonymous, session, launch.handover);
  app.use('/admin', limits.anonymous, admin.router);
  app.use('/directory', limits.anonymous, directory.openRouter);
  app.use('/faq', limits.anonymous, questions.openRouter);
  app.use('/files', limits.anonymous, filesRouter(files, 'open'));
  if (mail.outbox) app.use('/outbox', outboxRouter(mail.outbox));
  const formKey = formSecret(secret);
  const course = Router({ mergeParams: true });
  // The page that every launch without content leads to.
  course.use('/', home.router);
  course.use('/deep-linking', launch.deepLinking);
  course.use('/people', membership.router);
  course.use('/links', launch.linksRouter);
  course.use('/grades', grades.router);
  course.use('/directory', directory.router);
  course.use('/consultations', consultations.router);
  course.use('/questions', questions.router);
  course.use('/tests', assessments.router);
  course.use('/notifications', notifications.router);
  course.use('/files', filesRouter(files, 'own'));
  course.use('/view-as', viewing.router);
  course.use('/administration', admin.courseRouter);
  app.use(
    '/c/:courseKey',
    session,
    requireActor({
      rightsOf: async (identity) =>
        (await lti.registrations.isActive(identity.registrationId)) ? membership.rightsOf(identity) : null,
      csrfToken: (identity) => csrfTokenOf(formKey, identity),
    }),
    limits.person,
    uploads(() => [directory, assessments, questions].flatMap((feature) => feature.uploads)),
    csrf(),
    viewersOnlyLook('/view-as/leave'),
    course,
  );

  const originsOfCourse = async (key: string): Promise<readonly string[]> => {
    const found = await membership.courses.findOptionalByKey(key);
    const registration = found && (await lti.registrations.findOptionalById(found.registrationId));
    return found === null || registration === null
      ? []
      : [...originsOf(registration), ...(found.returnOrigin === '' ? [] : [found.returnOrigin])];
  };
  app.use(noSuchPage(), framedErrors(originsOfCourse), errorHandler(log));
  const features = {
    membership,
    launch,
    launches,
    privacy,
    grades,
    directory,
    consultations,
    assessments,
    questions,
    notifications,
    registration,
    admin,
  };
  const background: Worker = {
    start: () => jobs.start(),
    async stop() {
      await jobs.stop();
      mail.close();
      await files.close();
    },
  };
  const workers = [background, launches.writer];
  return { express: app, lti, features, jobs, events, mail, files, workers };
}
