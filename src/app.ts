import express, { Router, type Express } from 'express';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { createLti, originsOf, type Lti } from './lti/index.js';
import { adminCollections, createAdmin, type AdminFeature, type ScryptCost } from './features/admin/index.js';
import { createAssessments, type AssessmentsFeature } from './features/assessments/index.js';
import { auditCollections, createAudit } from './infra/audit/index.js';
import { answerRules, createCentre, type CentreSettings } from './infra/settings/index.js';
import { createConsultations, type ConsultationsFeature } from './features/consultations/index.js';
import { createDirectory, type DirectoryFeature } from './features/directory/index.js';
import { createGrades, type GradebookFeature } from './features/gradebook/index.js';
import { accessCollections, createAccess, type AccessFeature } from './features/access/index.js';
import { createTimetableFeature, type TimetableFeature } from './features/timetable/index.js';
import { createReportsFeature } from './features/reports/index.js';
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
import { createSchedule, type ScheduleFeature } from './features/schedule/index.js';
import { createVideo } from './features/video/index.js';
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
import { DAY, type Clock } from './shared/clock.js';
import type { ContentKind } from './shared/content.js';
import { createRegistry } from './shared/registry.js';
import { cookieSecret, createSealer, formSecret, signingKey } from './shared/sealing.js';
import { storageProblem, type Storage } from './storage/index.js';
import { addFirstSteps } from './first-steps.js';
import { requireActor, SIGN_OUT_PATH, viewersOnlyLook } from './web/actor.js';
import type { FirstStep } from './web/admin-sections.js';
import { assets, pushWorker } from './web/assets.js';
import { bodies } from './web/body.js';
import { centreName, languageHere, languageSwitch, pageContext } from './web/context.js';
import { cookieSigning, framedCookies } from './web/cookies.js';
import { displaySwitch } from './web/display.js';
import { csrf, csrfTokenOf, sameOrigin } from './web/csrf.js';
import { errorHandler, framedErrors, noSuchPage } from './web/error-handler.js';
import { securityHeaders } from './web/headers.js';
import { healthz, readyz } from './web/health.js';
import { LIMITS, rateLimits, unless, type Limits } from './web/rate-limit.js';
import { requestLog } from './web/request-log.js';
import { OPEN_PATHS, robots } from './web/robots.js';
import { createPassport, sessions } from './web/session.js';

export interface AppDeps {
  readonly config: Config;
  /** At least 32 characters; see `loadSecret`. */
  readonly secret: string;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  /** Moves the clock of a demo on. */
  readonly moveClock?: (milliseconds: number) => void;
  /** What hashing an administrator's password costs; tests pay less. */
  readonly passwordCost?: ScryptCost;
  /** Tests ask more, and fail more, than people do. */
  readonly limits?: Limits;
}

/** The built application: an Express app to listen with, and what `main.ts` starts and stops. */
export interface App {
  readonly express: Express;
  readonly lti: Lti;
  /** The centre's settings, for scripts. */
  readonly centre: CentreSettings;
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
  readonly schedule: ScheduleFeature;
  readonly assessments: AssessmentsFeature;
  readonly questions: QuestionsFeature;
  readonly notifications: NotificationsFeature;
  readonly timetable: TimetableFeature;
  readonly access: AccessFeature;
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
    key: signingKey(secret, 'return-addresses'),
    sender: async (locale) =>
      centreName({ centre: await centre.now(), locale }) || translator(locale)('common.product'),
  });
  const files = createFiles({ storage, clock, log, settings: config.files });
  scheduleSweep(jobs, files, log);
  const audit = createAudit({ storage, clock });
  const authenticator = createPassport();
  const kinds = createRegistry<ContentKind>();
  const firstSteps = createRegistry<FirstStep>();

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
  const mailQueue = createMailQueue(mail, jobs);
  const directory = createDirectory({
    storage,
    clock,
    jobs,
    files,
    kinds,
    membership,
    mailQueue,
    mailIsOn: mail.mode !== 'off',
    publicUrl: config.publicUrl,
    locale: async () => (await centre.now()).locale,
    zone: async () => (await centre.now()).zone,
  });
  const schedule = createSchedule({ storage, audit, events, clock, publicUrl: config.publicUrl });
  schedule.identities.sources.add((personIds) => directory.identitiesOf(personIds));
  const video = createVideo({ storage, clock, sealer, audit });
  const consultations = createConsultations({
    ...{ storage, clock, jobs, events, files, centre, kinds, membership, launch, grades, audit },
    ...{ schedule, video },
    slugsOf: (personIds, staff) => directory.slugsOf(personIds, staff),
  });
  const assessments = createAssessments({
    storage,
    jobs,
    events,
    clock,
    files,
    kinds,
    membership,
    launch,
    grades,
    consultations,
    associationsOf: async (personId) => {
      const own = await directory.organisation.associationIdsOf(personId);
      return (await directory.organisation.listAssociations())
        .filter(({ id }) => own.includes(id))
        .map(({ id, title }) => ({ id, name: title }));
    },
    locale: async () => (await centre.now()).locale,
  });
  directory.freeTimes.add(consultations);
  directory.selfChecks.add(assessments.selfChecks);
  const questions = createQuestions({
    storage,
    clock,
    jobs,
    events,
    files,
    membership,
    organisation: directory.organisation,
    consultations,
    rules: async () => {
      const now = clock.now().getTime();
      const [from, to] = [now - 90 * DAY, now + 180 * DAY].map((at) =>
        new Date(at).toISOString().slice(0, 10),
      );
      const closed = await schedule.closedDays.list(from ?? '', to ?? '');
      return answerRules(
        await centre.now(),
        closed.map(({ date }) => date),
      );
    },
    publicUrl: config.publicUrl,
  });
  const timetable = createTimetableFeature({
    storage,
    clock,
    jobs,
    events,
    files,
    membership,
    consultations,
    schedule,
    zone: async () => (await centre.now()).zone,
  });
  directory.taughtClasses.add(timetable);
  const notifications = createNotifications({
    storage,
    clock,
    log,
    events,
    jobs,
    mail,
    sealer,
    secret,
    publicUrl: config.publicUrl,
    allowPrivateNetwork: config.allowPrivateNetwork,
    consultations,
    assessments,
    grades,
    membership,
    centre: async () => centre.now(),
    centreName: async () => {
      const now = await centre.now();
      return centreName({ centre: now, locale: now.locale });
    },
    questions,
    organisation: directory.organisation,
    newMaterials: (from, to) => directory.newMaterials(from, to),
    classes: timetable.told,
  });
  const reports = createReportsFeature({
    consultations,
    questions,
    organisation: directory.organisation,
    membership,
    attestations: schedule.attestations,
    academicMinutes: async () => (await centre.now()).academicMinutes,
    clock,
  });
  const access = createAccess({
    storage,
    clock,
    mailQueue,
    membership,
    organisation: directory.organisation,
    locale: async () => (await centre.now()).locale,
    publicUrl: config.publicUrl,
    beginSession: launch.beginSession,
    lmsOf: async (id) => (await lti.registrations.findOptionalById(id))?.issuer ?? '',
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
      ...[
        consultations,
        assessments,
        questions,
        timetable,
        grades,
        directory,
        notifications,
        schedule,
        video,
      ].map(({ personalData }) => personalData),
      launch.personalData,
      filesPersonalData(files),
      ...(mail.outbox ? [outboxPersonalData(mail.outbox)] : []),
    ],
    collections: [
      ...launchCollections,
      ...auditCollections,
      ...adminCollections,
      ...jobCollections,
      ...accessCollections,
    ],
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
    organisation: directory.organisation,
    launches,
    privacy,
    grades,
    registration,
    mail,
    files,
    notifications,
    sections: [
      { path: 'directory', router: (byOf) => directory.adminRouter(byOf) },
      { path: 'consultation-types', router: (byOf) => consultations.typesRouter(byOf) },
      { path: 'closed-days', router: (byOf) => schedule.closedDaysRouter(byOf) },
      { path: 'places', router: (byOf) => schedule.placesRouter(byOf) },
      { path: 'video', router: (byOf) => video.adminRouter(byOf) },
    ],
    firstSteps,
    uploads: () => directory.uploads,
  });
  addFirstSteps(firstSteps, { centre, lti, directory, consultations });
  const home = createHome({ consultations, timetable, assessments, questions, notifications, admin });

  const app = express();
  app.set('trust proxy', config.trustProxy);
  app.set('query parser', 'simple');
  // Open pages say theirs; whatever else is shown may be kept by nobody.
  app.set('etag', false);
  app.disable('x-powered-by');

  framedCookies(app);

  app.get('/healthz', healthz());
  app.get('/readyz', readyz(storage, log));
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

  // Messengers have no session and no origin of ours; each request is verified by its channel.
  app.use('/hooks', notifications.webhooks);
  app.get('/robots.txt', robots(config.publicUrl));
  app.use('/assets', assets());
  app.get('/push-worker.js', pushWorker());
  app.use(languageSwitch());
  app.use(sameOrigin(config.publicUrl), bodies());
  app.get('/display', displaySwitch());
  app.use('/handover', limits.anonymous, session, launch.handover);
  app.use(
    '/staff',
    limits.anonymous,
    access.staffRouter(
      (cardIdOf) => [
        { path: '/reports', router: reports.staffRouter(cardIdOf) },
        { path: '/questions', router: questions.staffRouter(cardIdOf) },
        { path: '/directory', router: directory.staffRouter(cardIdOf) },
      ],
      uploads(() => directory.uploads),
    ),
  );
  app.use('/enter', limits.anonymous, session, access.enterRouter);
  // A stranger's failures in the same network keep no administrator out.
  app.use(
    '/admin',
    unless((req) => admin.isKnownBrowser(req), limits.anonymous),
    admin.router,
  );
  app.use(['/directory', ...OPEN_PATHS, /^\/$/], limits.anonymous);
  app.use('/directory', directory.oldAddresses);
  app.use(directory.openRouter);
  app.use('/calendar', limits.anonymous, schedule.feedRouter);
  app.use('/faq', questions.openRouter);
  app.use('/files', limits.anonymous, filesRouter(files, 'open'));
  if (mail.outbox)
    app.use('/outbox', outboxRouter(mail.outbox, { now: () => clock.now(), move: deps.moveClock }));
  app.use(['/act', '/unsubscribe', '/parents'], limits.anonymous);
  app.use(notifications.openRouter);
  const formKey = formSecret(secret);
  const course = Router({ mergeParams: true });
  course.use(notifications.unreadMark);
  // The page that every launch without content leads to.
  course.use('/', home.router);
  course.use('/deep-linking', launch.deepLinking);
  course.use('/people', membership.router);
  course.use('/reports', reports.router);
  course.use('/sign-out', launch.signOutRouter);
  course.use('/links', launch.linksRouter);
  course.use('/grades', grades.router);
  course.use('/directory', directory.router);
  course.use('/consultations', consultations.router);
  course.use('/calendar', schedule.calendarRouter);
  course.use('/video', video.router);
  course.use('/timetable', timetable.router);
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
        (identity.course.only === undefined || clock.now().getTime() < identity.course.only.until) &&
        (await lti.registrations.isActive(identity.registrationId))
          ? membership.rightsOf(identity)
          : null,
      csrfToken: (identity) => csrfTokenOf(formKey, identity),
    }),
    limits.person,
    uploads(() =>
      [directory, consultations, assessments, questions, timetable].flatMap((feature) => feature.uploads),
    ),
    csrf(),
    viewersOnlyLook('/view-as/leave', SIGN_OUT_PATH),
    reports.showSection,
    course,
  );

  const originsOfCourse = async (key: string): Promise<readonly string[]> => {
    const found = await membership.courses.findOptionalByKey(key);
    const registration = found && (await lti.registrations.findOptionalById(found.registrationId));
    return found === null || registration === null
      ? []
      : [...originsOf(registration), ...(found.returnOrigin === '' ? [] : [found.returnOrigin])];
  };
  app.use(noSuchPage(), framedErrors(originsOfCourse));
  app.use('/c/:courseKey', access.outside);
  app.use(errorHandler(log, storageProblem));
  const features = {
    membership,
    launch,
    launches,
    privacy,
    grades,
    directory,
    consultations,
    schedule,
    assessments,
    questions,
    timetable,
    notifications,
    access,
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
  return { express: app, lti, centre, features, jobs, events, mail, files, workers };
}
