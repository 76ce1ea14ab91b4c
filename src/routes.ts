import { Router, type Express, type RequestHandler } from 'express';
import type { AppDeps, FeaturesOfApp } from './app.js';
import { framesOf, rightsWhileActive } from './between-features.js';
import { filesRouter, uploads } from './infra/files/index.js';
import { outboxRouter } from './infra/mail/index.js';
import type { Infrastructure } from './infrastructure.js';
import { cookieSecret, formSecret } from './shared/sealing.js';
import { storageProblem } from './storage/index.js';
import { requireActor, SIGN_OUT_PATH, viewersOnlyLook } from './web/actor.js';
import { assets, pushWorker } from './web/assets.js';
import { bodies } from './web/body.js';
import { languageHere, languageSwitch, pageContext } from './web/context.js';
import { cookieSigning, framedCookies } from './web/cookies.js';
import { displaySwitch } from './web/display.js';
import { csrf, csrfTokens, sameOrigin } from './web/csrf.js';
import { errorHandler, framedErrors, noSuchPage } from './web/error-handler.js';
import { securityHeaders } from './web/headers.js';
import { healthz, readyz } from './web/health.js';
import { LIMITS, rateLimits, unless, type RateLimits } from './web/rate-limit.js';
import { requestLog } from './web/request-log.js';
import { OPEN_PATHS, robots } from './web/robots.js';
import { sessions } from './web/session.js';

interface Mounting extends FeaturesOfApp {
  readonly app: Express;
  readonly base: Infrastructure;
  readonly limits: RateLimits;
  /** Before every page and form that is not sent by a platform or a messenger. */
  readonly guards: RequestHandler[];
}

/** Every address, in the order in which requests meet them. */
export function mountRoutes(
  app: Express,
  { config, limits: given, moveClock }: Pick<AppDeps, 'config' | 'limits' | 'moveClock'>,
  base: Infrastructure,
  features: FeaturesOfApp,
): void {
  const { storage, clock, log, centre } = base;
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
  const limits = rateLimits(config.rateLimits ? (given ?? LIMITS) : null, clock);
  app.use(limits.countFailures);

  const guards = [languageSwitch(), sameOrigin(config.publicUrl), bodies()].flat();
  const mounting: Mounting = { ...features, app, base, limits, guards };
  mountLti(mounting);
  // Most requests are for these pages: they come first, so that no other path is tried for them.
  mountCourses(mounting, features);
  // Messengers have no session and no origin of ours; each request is verified by its channel.
  app.use('/hooks', features.notifications.webhooks);
  app.get('/robots.txt', robots(config.publicUrl));
  app.use('/assets', assets());
  app.get('/push-worker.js', pushWorker());
  app.use(guards);
  app.get('/display', displaySwitch());
  mountOpen(mounting, moveClock);
  app.use(noSuchPage(), framedErrors(framesOf(base, features)));
  app.use('/c/:courseKey', features.access.outside);
  app.use(errorHandler(log, storageProblem));
}

/** What platforms send. It comes from their origins, so it stands before the guards that refuse those. */
function mountLti({ app, base, limits, launch, launches, registration }: Mounting): void {
  const { lti, secret } = base;
  app.use('/lti/register', limits.anonymous, registration.router);
  // Only logins keep signed cookies.
  app.use(
    '/lti',
    languageHere(),
    cookieSigning(cookieSecret(secret)),
    lti.router({
      guard: limits.anonymous,
      accept: launch.accept,
      newWindow: launch.newWindow,
      askStorage: launch.askStorage,
      onLaunchResult: (result) => launches.record(result),
      onContextCopy: launch.onContextCopy,
    }),
    launch.inLaunchLanguage,
  );
}

/** What is open, or has a login of its own. */
function mountOpen(mounting: Mounting, moveClock: AppDeps['moveClock']): void {
  const { app, base, limits, launch, access, reports, questions, admin } = mounting;
  const { directory, schedule, notifications } = mounting;
  const { exports, files, mail, clock } = base;
  app.use('/handover', limits.anonymous, launch.handover);
  app.use(
    '/staff',
    limits.anonymous,
    access.staffRouter(
      (cardIdOf) => [
        { path: '/reports', router: reports.staffRouter(cardIdOf) },
        { path: '/questions', router: questions.staffRouter(cardIdOf) },
        { path: '/directory', router: directory.staffRouter(cardIdOf) },
        { path: '/exports', router: exports.router },
      ],
      uploads(() => directory.uploads),
    ),
  );
  app.use('/enter', limits.anonymous, access.enterRouter);
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
  if (mail.outbox) app.use('/outbox', outboxRouter(mail.outbox, { now: () => clock.now(), move: moveClock }));
  app.use(['/act', '/unsubscribe', '/parents'], limits.anonymous);
  app.use(notifications.openRouter);
}

function mountCourses(mounting: Mounting, features: FeaturesOfApp): void {
  const { app, base, limits, guards, launch, reports } = mounting;
  const { directory, consultations, assessments, questions, timetable } = features;
  // One router with all guards: the key is read out of the address once, not for each of them.
  const course = Router({ mergeParams: true });
  course.use(
    guards,
    sessions(launch.sessions),
    requireActor({
      rightsOf: rightsWhileActive(base, features),
      csrfToken: csrfTokens(formSecret(base.secret)),
    }),
    limits.person,
    uploads(() =>
      [directory, consultations, assessments, questions, timetable].flatMap((feature) => feature.uploads),
    ),
    csrf(),
    viewersOnlyLook('/view-as/leave', SIGN_OUT_PATH),
    reports.showSection,
  );
  mountPages(course, base, features);
  app.use('/c/:courseKey', course);
}

/** The pages of a course, `/c/:courseKey`. */
function mountPages(course: Router, { exports, files }: Infrastructure, features: FeaturesOfApp): void {
  const { notifications, home, launch, membership, reports, grades, directory, consultations, schedule } =
    features;
  const { video, timetable, questions, assessments, viewing, admin } = features;
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
  course.use('/exports', exports.router);
  course.use('/view-as', viewing.router);
  course.use('/administration', admin.courseRouter);
}
