import { Router } from 'express';
import type { Lti } from '../../lti/index.js';
import type { Clock } from '../../shared/clock.js';
import type { Sealer } from '../../shared/sealing.js';
import type { Storage } from '../../storage/index.js';
import type { Actor } from '../../shared/actor.js';
import { csrf } from '../../web/csrf.js';
import { createPassport } from '../../web/session.js';
import type { AssessmentsRoom } from '../assessments/index.js';
import type { Audit } from '../audit/index.js';
import type { CentreRoom } from '../centre/index.js';
import type { GradesRoom } from '../grades/index.js';
import type { LaunchRoom } from '../launch/index.js';
import type { LaunchesRoom } from '../launches/index.js';
import type { PeopleRoom } from '../people/index.js';
import type { RosterRoom } from '../roster/index.js';
import type { RegistrationRoom } from '../registration/index.js';
import { accountRouter } from './account.routes.js';
import { createAccountsService, type AccountsService } from './accounts.service.js';
import { ownRoom, requireAccount, requireAdmin, visitors } from './admin.guard.js';
import { createAdminsStore } from './admins.store.js';
import { createCodesStore } from './codes.store.js';
import { createDeskService } from './desk.service.js';
import { createPasswordGate } from './local.strategy.js';
import { launchesRouter } from './launches.routes.js';
import { loginRouter } from './login.routes.js';
import { gradesRouter } from './grades.routes.js';
import { createGradeSyncService } from './grades.service.js';
import { administrationRouter, entryRouter } from './guests.routes.js';
import { createGuestsService } from './guests.service.js';
import { createLoginService } from './login.service.js';
import { overview } from './overview.service.js';
import { createPasswords, type ScryptCost } from './passwords.js';
import { peopleRouter } from './people.routes.js';
import { describePerson, findPeople } from './people.service.js';
import { createPlatformPages } from './platforms.pages.js';
import { platformsRouter } from './platforms.routes.js';
import { createPlatformsService } from './platforms.service.js';
import { ourValues } from './platforms.view.js';
import { registeringRouter } from './registering.routes.js';
import { createRegisteringService } from './registering.service.js';
import { roomRouter } from './room.routes.js';
import { createAdminSessionsStore } from './sessions.store.js';
import { settingsRouter } from './settings.routes.js';
import { createSettingsService } from './settings.service.js';
import { staffRouter } from './staff.routes.js';
import { createTotpService } from './totp.service.js';
import { createTriesStore } from './tries.store.js';

export type { AccountsService } from './accounts.service.js';
export type { Admin } from './admins.store.js';
export type { ScryptCost } from './passwords.js';
export { ADMIN_SEALED } from './totp.service.js';

export interface AdminDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly lti: Lti;
  readonly audit: Audit;
  readonly centre: CentreRoom;
  readonly launches: Pick<LaunchesRoom, 'log'>;
  readonly people: Pick<PeopleRoom, 'service' | 'queue'>;
  readonly roster: Pick<RosterRoom, 'queue'>;
  readonly assessments: Pick<AssessmentsRoom, 'queue'>;
  readonly launch: Pick<LaunchRoom, 'census' | 'people'>;
  readonly grades: Pick<GradesRoom, 'health' | 'desk'>;
  readonly registration: Pick<RegistrationRoom, 'invite' | 'inviteToRenew'>;
  readonly config: { readonly databaseUrl: string; readonly rosterHours: number };
  /** Our origin. */
  readonly publicUrl: string;
  /** What hashing a password costs; tests pay less. */
  readonly passwordCost?: ScryptCost | undefined;
}

/** The administrator's room, with a login and sessions of its own. */
export interface AdminRoom {
  /** `/admin` */
  readonly router: Router;
  /** `/c/:courseKey/administration`: the way in for whoever administers the LMS. */
  readonly courseRouter: Router;
  /** Whether that way is open to this person. */
  opensTo(actor: Actor): Promise<boolean>;
  /** For the terminal; pages of the room reach it through its own login only. */
  readonly accounts: AccountsService;
  /** Where the token of a one-time link is used. */
  linkUrl(token: string): string;
}

export function createAdmin(deps: AdminDeps): AdminRoom {
  const { storage, clock, lti, audit, centre, launch, grades, publicUrl } = deps;
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
    launch,
    codes: createCodesStore(connection),
    sessions,
    audit,
    clock,
  });
  const login = createLoginService({ admins, sessions, tries, passwords, totp, guests, audit, clock });
  const desk = createDeskService({ admins, sessions, passwords, login, totp, audit, clock });
  const platforms = createPlatformsService({ lti, audit, endGuests: (id) => guests.end(id) });
  const registering = createRegisteringService({ lti, registration: deps.registration, platforms, audit });
  const ours = ourValues(publicUrl, lti.launchUrl);
  const pages = createPlatformPages({ platforms, registering, ours });
  const settings = createSettingsService({ centre, lti, audit, endGuests: (id) => guests.end(id) });

  const linkUrl = (token: string): string => `${publicUrl}/admin/setup?token=${token}`;

  const router = Router();
  router.use(ownRoom(), visitors(login), entryRouter(guests, publicUrl), csrf());
  router.use(loginRouter({ login, accounts, passwordGate: createPasswordGate(createPassport(), login) }));
  router.use(requireAdmin());
  router.use('/account', requireAccount(), accountRouter(desk));
  router.use('/administrators', requireAccount(), staffRouter({ accounts, desk, linkUrl }));
  router.use('/settings', settingsRouter({ settings, desk, environment: deps.config }));
  router.use(
    '/platforms',
    platformsRouter(platforms, {
      pages,
      ours,
      registering: registeringRouter(registering, platforms, pages),
    }),
  );
  router.use('/grades', gradesRouter(createGradeSyncService({ grades, launch, lti, audit, clock })));
  router.use(
    '/people',
    peopleRouter({
      people: deps.people.service,
      find: (query, page) => findPeople({ lti, launch }, query, page),
      describe: (id) => describePerson({ lti, launch }, id),
    }),
  );
  router.use(
    '/launches',
    launchesRouter(deps.launches.log, () => lti.registrations.list()),
  );
  router.use(
    roomRouter({
      overview: () =>
        overview({
          storage,
          lti,
          launch,
          grades,
          queues: {
            handIns: () => deps.assessments.queue(),
            rosters: () => deps.roster.queue(),
            notices: () => lti.notices.queue(),
            people: () => deps.people.queue(),
          },
          databaseUrl: deps.config.databaseUrl,
        }),
      audit,
      namesOf: async (ids) =>
        new Map((await launch.census.findPeople(ids)).map(({ id, name }) => [id, name])),
    }),
  );

  return {
    router,
    courseRouter: administrationRouter(guests),
    opensTo: (actor) => guests.opensTo(actor),
    accounts,
    linkUrl,
  };
}
