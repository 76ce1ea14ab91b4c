/** What the benchmark of tests works on: a centre made in the database by the tool's own services. */
import { buildApp, type App } from '../../../src/app.js';
import { loadConfig } from '../../../src/config.js';
import type { mongo } from 'mongoose';
import { pino } from 'pino';
import { createLog } from '../../../src/log.js';
import { USUAL_SETTINGS, type QuestionContent } from '../../../src/features/assessments/index.js';
import type { Actor } from '../../../src/shared/actor.js';
import { systemClock } from '../../../src/shared/clock.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';

export const SECRET = 'a secret for the benchmark, long enough';

export const single = (n: number): QuestionContent => ({
  text: `Вопрос ${n}: что из этого верно?`,
  mark: 1,
  feedback: '',
  definition: {
    type: 'single',
    options: [0, 1, 2, 3].map((place) => ({ text: `Вариант ${place + 1}`, right: place === n % 4 })),
  },
});

export const short = (n: number): QuestionContent => ({
  text: `Вопрос ${n}: напишите слово.`,
  mark: 1,
  feedback: '',
  definition: { type: 'short', accepted: ['верно*', `слово ${n}`], caseMatters: false },
});

/** Choice and short text in turn. */
export const question = (n: number): QuestionContent => (n % 2 === 0 ? single(n) : short(n));

export interface Centre {
  readonly storage: Storage;
  readonly app: App;
  readonly teacher: Actor;
  close(): Promise<void>;
}

/** Opens a database with the tool's services on it; nothing listens and no job runs. */
export async function openCentre(url: string, publicUrl: string, issuer: string): Promise<Centre> {
  const storage = await openStorage({ url, clock: systemClock });
  const config = loadConfig({
    DATABASE_URL: url,
    PUBLIC_URL: publicUrl,
    ALLOW_PRIVATE_NETWORK: '1',
    LOG_LEVEL: 'silent',
    ROSTER_HOURS: '0',
  });
  const app = buildApp({
    config,
    secret: SECRET,
    storage,
    clock: systemClock,
    log: createLog('silent', pino.destination(2)),
  });
  await storage.ensureIndexes();
  const known = await app.lti.registrations.list();
  const registration =
    known[0] ??
    (await app.lti.registrations.add({
      issuer,
      clientId: 'bench',
      authUrl: `${issuer}/auth`,
      tokenUrl: `${issuer}/token`,
      jwksUrl: `${issuer}/jwks`,
      deployments: ['1'],
    }));
  const { courses, people } = app.features.membership;
  const course = await courses.upsert({
    registrationId: registration.id,
    deploymentId: '1',
    contextId: '2',
    title: 'Математический анализ',
  });
  const name = { surname: 'Соколова', givenName: 'Анна', patronymic: 'Ильинична' };
  const person = await people.upsertFromLaunch({
    registrationId: registration.id,
    sub: 'teacher',
    name,
    email: '',
  });
  return {
    storage,
    app,
    teacher: {
      personId: person.id,
      registrationId: registration.id,
      courseId: course.id,
      courseKey: course.key,
      courseTitle: course.title,
      role: 'teacher',
      name,
    },
    async close() {
      await app.lti.close();
      await storage.close();
    },
  };
}

/** Makes a published test. @returns its id */
export async function makeTest({ app, teacher }: Centre, title: string, questions: number): Promise<string> {
  const { tests } = app.features.assessments;
  const test = await tests.create(teacher, { ...USUAL_SETTINGS, title, description: '', pageSize: 0 });
  for (let n = 0; n < questions; n += 1) await tests.addQuestion(teacher, test.id, question(n));
  await tests.publish(teacher, test.id);
  return test.id;
}

/** A link of the course with a column of the gradebook. */
export async function linkTo({ storage, teacher }: Centre, testId: string, lineItem: string): Promise<void> {
  const links = storage.connection.collection('resource_links') as unknown as mongo.Collection;
  await links.insertOne({
    courseId: teacher.courseId,
    resourceLinkId: '7',
    title: 'Контрольная',
    content: { kind: 'test', id: testId },
    sent: null,
    lineItem,
    lineItems: '',
    scopes: ['https://purl.imsglobal.org/spec/lti-ags/scope/score'],
  });
}
