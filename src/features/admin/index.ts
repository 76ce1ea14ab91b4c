import './pages.view.js';
import { Router, type Request } from 'express';
import type { Events } from '../../infra/events/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Lti } from '../../lti/index.js';
import type { Exports } from '../../infra/export/index.js';
import type { Files, UploadRule } from '../../infra/files/index.js';
import type { Mail } from '../../infra/mail/index.js';
import type { Clock } from '../../shared/clock.js';
import { signingKey, type Sealer } from '../../shared/sealing.js';
import type { Storage } from '../../storage/index.js';
import type { Actor } from '../../shared/actor.js';
import { csrf } from '../../web/csrf.js';
import { createPassport } from '../../web/session.js';
import type { FirstStep } from '../../web/admin-sections.js';
import type { Registry } from '../../shared/registry.js';
import type { Audit, AuditActor } from '../../infra/audit/index.js';
import type { CentreSettings } from '../../infra/settings/index.js';
import type { GradebookFeature } from '../gradebook/index.js';
import type { MembershipFeature } from '../membership/index.js';
import type { LaunchLogFeature } from '../launch/index.js';
import type { NotificationsFeature } from '../notifications/index.js';
import type { PrivacyFeature } from '../privacy/index.js';
import type { RegistrationFeature } from './platforms/registration/index.js';
import { accountRouter } from './accounts/account.routes.js';
import { createAccountsService, type AccountsService } from './accounts/accounts.service.js';
import { byOf, ownFeature, requireAccount, requireAdmin, uploadsOfAdmins, visitors } from './admin.guard.js';
import { createAdminsStore } from './accounts/admins.store.js';
import { createCodesStore } from './accounts/codes.store.js';
import { createOwnAccountService } from './accounts/own-account.service.js';
import { createPasswordGate } from './accounts/local.strategy.js';
import { launchesRouter } from './operations/launches.routes.js';
import { loginRouter } from './accounts/login.routes.js';
import { gradesRouter } from './operations/scores.routes.js';
import { createGradeSyncService } from './operations/scores.service.js';
import { administrationRouter, entryRouter } from './accounts/guests.routes.js';
import { createGuestsService } from './accounts/guests.service.js';
import { createLoginService } from './accounts/login.service.js';
import { jobsRouter } from './operations/jobs.routes.js';
import { createJobsPageService } from './operations/jobs.service.js';
import { overview } from './operations/overview.service.js';
import { addAlarmJobs } from './operations/alarms.jobs.js';
import { diskOf } from './operations/disk.js';
import { notificationsRouter } from './notifications/notifications.routes.js';
import { createPasswords, type ScryptCost } from './accounts/passwords.js';
import { peopleRouter } from './operations/people.routes.js';
import { describePerson, findPeople } from './operations/people.service.js';
import { createPlatformPages } from './platforms/platforms.pages.js';
import { platformsRouter } from './platforms/platforms.routes.js';
import { createPlatformsService } from './platforms/platforms.service.js';
import { ourValues } from './platforms/platforms.view.js';
import { registeringRouter } from './platforms/platform-registration.routes.js';
import { createRegisteringService } from './platforms/platform-registration.service.js';
import { roomRouter } from './operations/overview.routes.js';
import { createAdminSessionsStore } from './accounts/sessions.store.js';
import type { Organisation } from '../directory/index.js';
import { organisationRouter } from './organisation/organisation.routes.js';
import { createOrganisationAdmin } from './organisation/organisation.service.js';
import { settingsRouter } from './settings/settings.routes.js';
import { createSettingsService } from './settings/settings.service.js';
import { staffRouter } from './accounts/staff.routes.js';
import { createTotpService } from './accounts/totp.service.js';
import { createKnownBrowsers } from './accounts/known-browsers.js';
import { createTriesStore } from './accounts/tries.store.js';

export type { AccountsService } from './accounts/accounts.service.js';
export type { Admin } from './accounts/admins.store.js';
export type { ScryptCost } from './accounts/passwords.js';
export { ADMIN_SEALED } from './accounts/totp.service.js';

/** Pages of another feature below /admin; the navigation knows its path. */
export interface AdminSection {
  readonly path: string;
  readonly router: (byOf: (req: Request) => AuditActor) => Router;
}

export interface AdminDeps {
  readonly storage: Storage;
  readonly jobs: Jobs;
  readonly exports: Pick<Exports, 'defineTable'>;
  readonly events: Pick<Events, 'overview'>;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly secret: string;
  readonly lti: Lti;
  readonly audit: Audit;
  readonly centre: CentreSettings;
  readonly launches: Pick<LaunchLogFeature, 'log'>;
  readonly privacy: Pick<PrivacyFeature, 'service'>;
  readonly membership: Pick<MembershipFeature, 'personQueries' | 'people' | 'courses'>;
  readonly organisation: Organisation;
  readonly grades: Pick<GradebookFeature, 'health' | 'scoreList'>;
  readonly registration: Pick<RegistrationFeature, 'invite' | 'inviteToRenew'>;
  readonly mail: Pick<Mail, 'mode'>;
  readonly files: Pick<Files, 'count'>;
  readonly notifications: Pick<NotificationsFeature, 'administration' | 'alarms'>;
  readonly sections: readonly AdminSection[];
  readonly config: { readonly databaseUrl: string; readonly rosterHours: number };
  /** What is left to do on the first day. */
  readonly firstSteps: Pick<Registry<FirstStep>, 'all'>;
  /** Addresses below `/admin` that take files. */
  readonly uploads: () => readonly UploadRule[];
  /** Our origin. */
  readonly publicUrl: string;
  /** What hashing a password costs; tests pay less. */
  readonly passwordCost?: ScryptCost | undefined;
}

/** The administration, with its own login and sessions. */
export interface AdminFeature {
  /** `/admin` */
  readonly router: Router;
  /** `/c/:courseKey/administration`: the entrance for administrators of the LMS. */
  readonly courseRouter: Router;
  /** Whether that way is open to this person. */
  opensTo(actor: Actor): Promise<boolean>;
  /** For the terminal; pages reach it through the login only. */
  readonly accounts: AccountsService;
  /** Whether anybody has signed in at /admin in this browser before. */
  isKnownBrowser(req: Request): boolean;
  /** Where the token of a one-time link is used. */
  linkUrl(token: string): string;
}

export function createAdmin(deps: AdminDeps): AdminFeature {
  const { storage, clock, lti, audit, centre, membership, grades, publicUrl } = deps;
  const { connection } = storage;
  const admins = createAdminsStore(connection);
  const sessions = createAdminSessionsStore(connection);
  const tries = createTriesStore(connection);
  const passwords = createPasswords(deps.passwordCost);
  const totp = createTotpService({
    admins,
    sealer: deps.sealer,
    audit,
    clock,
    issuer: `Nastavnik ${new URL(publicUrl).hostname}`,
  });
  const accounts = createAccountsService({ admins, sessions, tries, passwords, audit, clock });
  const guests = createGuestsService({
    centre,
    lti,
    membership,
    codes: createCodesStore(connection),
    sessions,
    audit,
    clock,
  });
  const login = createLoginService({ admins, sessions, tries, passwords, totp, guests, audit, clock });
  const ownAccount = createOwnAccountService({ admins, sessions, passwords, login, totp, audit, clock });
  const platforms = createPlatformsService({ lti, audit, endGuests: (id) => guests.end(id) });
  const registering = createRegisteringService({ lti, registration: deps.registration, platforms, audit });
  const ours = ourValues(publicUrl, lti.launchUrl);
  const pages = createPlatformPages({ platforms, registering, ours });
  const settings = createSettingsService({ centre, lti, audit, endGuests: (id) => guests.end(id) });

  addAlarmJobs({
    jobs: deps.jobs,
    alarms: deps.notifications.alarms,
    platforms: () => lti.registrations.list(),
    disk: () => diskOf(deps.config.databaseUrl),
    publicUrl,
    clock,
  });

  const known = createKnownBrowsers(signingKey(deps.secret, 'known-browsers'));
  const linkUrl = (token: string): string => `${publicUrl}/admin/setup?token=${token}`;

  const router = Router();
  router.use(ownFeature(), visitors(login), uploadsOfAdmins(deps.uploads));
  router.use(entryRouter(guests, known, publicUrl), csrf());
  const passwordGate = createPasswordGate(createPassport(), login, known);
  router.use(loginRouter({ login, accounts, known, passwordGate }));
  router.use(requireAdmin());
  router.use('/account', requireAccount(), accountRouter(ownAccount));
  router.use('/administrators', requireAccount(), staffRouter({ accounts, ownAccount, linkUrl }));
  router.use('/settings', settingsRouter({ settings, ownAccount, environment: deps.config }));
  router.use(
    '/organisation',
    organisationRouter(
      createOrganisationAdmin({ organisation: deps.organisation, courses: membership.courses, audit }),
    ),
  );
  router.use(
    '/platforms',
    platformsRouter(platforms, {
      pages,
      registering: registeringRouter(registering, platforms, pages),
    }),
  );
  router.use('/grades', gradesRouter(createGradeSyncService({ grades, membership, lti, audit, clock })));
  router.use(
    '/people',
    peopleRouter({
      people: deps.privacy.service,
      find: (query, page) => findPeople({ lti, membership }, query, page),
      describe: (id) => describePerson({ lti, membership }, id),
    }),
  );
  router.use(
    '/notifications',
    notificationsRouter({ notifications: deps.notifications.administration, audit }),
  );
  router.use('/jobs', jobsRouter(createJobsPageService({ jobs: deps.jobs, events: deps.events, audit })));
  router.use(
    '/launches',
    launchesRouter({
      log: deps.launches.log,
      platforms: () => lti.registrations.list(),
      exports: deps.exports,
    }),
  );
  for (const section of deps.sections) router.use(`/${section.path}`, section.router(byOf));
  router.use(
    roomRouter({
      firstSteps: () => openSteps(deps.firstSteps),
      overview: () =>
        overview({
          storage,
          lti,
          membership,
          grades,
          jobs: deps.jobs,
          databaseUrl: deps.config.databaseUrl,
          mail: deps.mail,
          files: deps.files,
        }),
      audit,
      namesOf: async (ids) =>
        new Map((await membership.personQueries.findPeople(ids)).map(({ id, name }) => [id, name])),
    }),
  );

  return {
    router,
    courseRouter: administrationRouter(guests),
    opensTo: (actor) => guests.opensTo(actor),
    accounts,
    isKnownBrowser: (req) => known.isKnown(req),
    linkUrl,
  };
}

/** The steps of the first day with what is done; none when all is. */
async function openSteps(steps: AdminDeps['firstSteps']) {
  const all = await Promise.all(
    steps.all().map(async ({ name, href, isDone }) => ({ name, href, done: await isDone() })),
  );
  return all.every(({ done }) => done) ? [] : all;
}

export { adminCollections } from './personal-collections.js';
