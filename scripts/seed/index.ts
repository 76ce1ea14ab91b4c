import { OWN_PARAMETERS } from '../../src/lti/index.js';
import { pino } from 'pino';
import { buildApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import { loadSecret } from '../../src/secret.js';
import type { Actor } from '../../src/shared/actor.js';
import { DAY, ManualClock, systemClock, type Clock } from '../../src/shared/clock.js';
import type { Role } from '../../src/shared/roles.js';
import { openStorage } from '../../src/storage/index.js';
import * as centre from '../demo-lms/centre.js';
import { seedAssessments } from './assessments.js';
import { seedClosedDays } from './closed-days.js';
import { seedConsultations } from './consultations.js';
import type { SeedContext } from './context.js';
import { seedDirectory } from './directory.js';
import { seedOrganisation } from './organisation.js';
import { seedSelfCheck } from './materials.js';
import { HISTORY_DAYS, seedHistory } from './history.js';
import { seedHeld } from './held.js';
import { seedMarkedTests } from './marked-tests.js';
import { seedNotifications } from './notifications.js';
import { seedQuestions } from './questions.js';
import { seedTimetable } from './timetable.js';

/** The demo LMS as the tool must know it. */
export interface SeedPlatform {
  readonly origin: string;
  readonly clientId: string;
  readonly deploymentId: string;
}

/** What a demo has beside an LMS. */
export interface SeedDemo {
  readonly clock: Clock;
  /** Origin of the imitation of MAX; null where there is none. */
  readonly max: string | null;
}

/** How much of the term is over. */
const TERM_BEHIND_DAYS = 21;

/**
 * Fills a tool's database with the demo centre: registration, people, courses, and what each feature shows on a
 * believable week. Adds nothing to a feature that is not empty, so it may run at every start.
 * @param env as the tool itself gets it; the server may be running
 */
export async function seed(env: NodeJS.ProcessEnv, platform: SeedPlatform, demo?: SeedDemo): Promise<void> {
  const clock = demo?.clock ?? systemClock;
  await withApp(env, clock, async (app) => {
    await seedName(app);
    await seedApp(app, platform, clock.now());
  });
  const now = clock.now();
  const past = new ManualClock(new Date(now.getTime() - HISTORY_DAYS * DAY));
  await withApp(env, past, async (app) => seedHistory(app, await seedPeople(app, platform, now), past, now));
  const term = new ManualClock(new Date(now.getTime() - TERM_BEHIND_DAYS * DAY));
  await withApp(env, term, async (app) => {
    const context = await seedPeople(app, platform, term.now());
    await seedHeld(app.features, context, { now, goTo: (moment) => term.set(moment) });
  });
  await withApp(env, clock, async (app) => {
    await seedQuestions(app.features.questions, await seedPeople(app, platform, clock.now()));
    if (demo) await seedDemo(app, platform, demo);
  });
}

/** What a demo says within its first minute. */
export async function seedDemo(app: App, platform: SeedPlatform, { clock, max }: SeedDemo): Promise<void> {
  const context = await seedPeople(app, platform, clock.now());
  await seedNotifications(app, context, max);
}

/** What the centre is called, unless an administrator has saved settings. */
async function seedName({ centre: settings }: App): Promise<void> {
  const { version, settings: usual } = await settings.find();
  if (version > 0) return;
  await settings.save(0, {
    ...usual,
    nameRu: centre.centre.title,
    nameEn: 'Stupeni distance learning centre',
    site: centre.centre.site,
  });
}

/** An app of its own on the tool's database. */
async function withApp(
  env: NodeJS.ProcessEnv,
  clock: Clock,
  work: (app: App) => Promise<void>,
): Promise<void> {
  const config = loadConfig({ ...env, LOG_LEVEL: 'warn' });
  const storage = await openStorage({ url: config.databaseUrl, clock });
  try {
    const log = pino({ level: config.logLevel });
    const app = buildApp({ config, secret: await loadSecret(config), storage, clock, log });
    await storage.ensureIndexes();
    await work(app);
    await app.lti.close();
  } finally {
    await storage.close();
  }
}

/** The same through an app that stands already, such as a test's. */
export async function seedApp(app: App, platform: SeedPlatform, now = systemClock.now()): Promise<void> {
  const context = await seedPeople(app, platform, now);
  await seedDirectory(app.features.directory, context);
  await seedClosedDays(app.features.schedule, context);
  await seedConsultations(app.features.consultations, context, app.features.schedule.closedDays);
  await seedAssessments(app.features.assessments, context);
  await seedMarkedTests(app.features, context);
  await seedSelfCheck(app.features.directory, app.features.assessments, context);
  await seedTimetable(app.features.timetable, context);
  await seedOrganisation(app.features.directory, context);
}

/** The people and courses of the demo LMS, as after their first launches. @param now of the week that is seeded */
export async function seedPeople(app: App, platform: SeedPlatform, now: Date): Promise<SeedContext> {
  const { origin, clientId, deploymentId } = platform;
  const { id: registrationId } = await app.lti.registrations.add({
    name: centre.centre.title,
    issuer: origin,
    clientId,
    authUrl: `${origin}/mod/lti/auth.php`,
    tokenUrl: `${origin}/mod/lti/token.php`,
    jwksUrl: `${origin}/mod/lti/certs.php`,
    deployments: [deploymentId],
    ownParameters: OWN_PARAMETERS,
  });
  const { people, courses } = app.features.membership;
  const met = await Promise.all(
    centre.people.map(async (person) => {
      const { surname, givenName, patronymic } = person;
      const name = person.private
        ? { surname: '', givenName: '', patronymic: '' }
        : { surname, givenName, patronymic };
      return people.upsertFromLaunch({
        registrationId,
        sub: person.id,
        name,
        email: person.private ? '' : person.email,
      });
    }),
  );
  const ids = new Map(met.map((person) => [person.sub, person]));
  const keys = new Map(
    await Promise.all(
      centre.courses.map(async ({ id, title }) => {
        const course = await courses.upsert({ registrationId, deploymentId, contextId: id, title });
        return [id, course] as const;
      }),
    ),
  );
  for (const course of centre.courses) {
    const courseId = keys.get(course.id)?.id ?? '';
    for (const personId of [...course.teacherIds, ...course.studentIds]) {
      const role = roleIn(course, personId);
      await courses.enrolFromLaunch({ courseId, personId: ids.get(personId)?.id ?? '', role });
    }
  }

  return {
    now,
    registrationId,
    people: new Map([...ids].map(([sub, { id }]) => [sub, id])),
    courses: new Map([...keys].map(([contextId, { id }]) => [contextId, id])),
    actor(personId, courseId): Actor {
      const person = ids.get(personId);
      const course = keys.get(courseId);
      const listed = centre.courses.find(({ id }) => id === courseId);
      if (!person || !course || !listed)
        throw new Error(`no person ${personId} or course ${courseId} to seed with`);
      return {
        personId: person.id,
        registrationId,
        courseId: course.id,
        courseKey: course.key,
        courseTitle: course.title,
        role: roleIn(listed, personId),
        ...(personId === centre.administrator.id && { centreRole: 'administrator' }),
        ...(personId === centre.methodist.id && { centreRole: 'methodist' }),
        name: person.name,
      };
    },
  };
}

function roleIn(course: centre.CentreCourse, personId: string): Role {
  if (personId === centre.administrator.id) return 'administrator';
  if (personId === centre.methodist.id) return 'methodist';
  return course.teacherIds.includes(personId) ? 'teacher' : 'student';
}
