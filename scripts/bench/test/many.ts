/** What is worked out over thousands of attempts: marks, statistics, results, a regrade. */
import { once } from 'node:events';
import path from 'node:path';
import { Types, type mongo } from 'mongoose';
import { createAttemptsStore } from '../../../src/features/assessments/attempts/attempts.store.js';
import { createQuestionsStore } from '../../../src/features/assessments/bank/questions.store.js';
import { createStatisticsService } from '../../../src/features/assessments/statistics/statistics.service.js';
import { createTestsStore, type Test } from '../../../src/features/assessments/tests/tests.store.js';
import { typeOf } from '../../../src/features/assessments/types/index.js';
import { systemClock } from '../../../src/shared/clock.js';
import { openStorage } from '../../../src/storage/index.js';
import { freePort } from '../../processes.js';
import { launch, startPlatform } from '../platform.js';
import { pause, send } from './crowd.js';
import { linkTo, makeTest, openCentre, question, type Centre } from './data.js';
import { startServer } from './exam.js';

const SCORED = 1_000_000;
const LEAST_SCORED = 100_000;
const ATTEMPTS = Number(process.env.ATTEMPTS ?? 5_000);
const QUESTIONS = 50;
const MOST_STATISTICS_MS = 2_000;
const CLASS = 1_000;
const MOST_PAGE_MS = 20;
const LINE_ITEM = 'https://lms.example.org/2/lineitems/1';

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Marks responses to choice and short text in turn. */
export function scoring(): boolean {
  const cases = Array.from({ length: 100 }, (_, n) => {
    const { definition } = question(n);
    const type = typeOf(definition.type);
    const sent = n % 2 === 0 ? [String(n % 5 === 0 ? 0 : 3)] : [n % 3 === 0 ? ` Слово  ${n}` : `верно, ${n}`];
    return { definition, type, assigned: type.deal(definition, false, () => 0), sent };
  });
  const run = (count: number): number => {
    let total = 0;
    for (let n = 0; n < count; n += 1) {
      const found = cases[n % cases.length];
      if (found === undefined) continue;
      const { definition, type, assigned, sent } = found;
      total += type.fraction(definition, type.read(definition, sent, assigned).response, assigned) ?? 0;
    }
    return total;
  };
  run(SCORED / 10);
  const before = cpuMs();
  run(SCORED);
  const rate = (SCORED * 1000) / (cpuMs() - before);
  console.log(
    `scoring: ${Math.round(rate).toLocaleString('en')} responses a second of CPU (at least ${LEAST_SCORED.toLocaleString('en')})`,
  );
  return rate >= LEAST_SCORED;
}

async function testOf({ app, teacher }: Centre, testId: string): Promise<Test> {
  const test = (await app.features.assessments.tests.list(teacher)).find(({ id }) => id === testId);
  if (test === undefined) throw new Error(`no test ${testId}`);
  return test;
}

/** Finished attempts, one of each student, straight into the collection. */
async function fill(centre: Centre, testId: string, count: number): Promise<void> {
  const { storage, app, teacher } = centre;
  const { connection } = storage;
  const placed = await app.features.assessments.tests.placed(await testOf(centre, testId));
  const versions = placed.map(({ question: version }) => version);
  const attempts = connection.collection('test_attempts') as unknown as mongo.Collection;
  const people = connection.collection('people') as unknown as mongo.Collection;
  const memberships = connection.collection('memberships') as unknown as mongo.Collection;
  const at = new Date(Date.now() - 3_600_000);
  for (let from = 0; from < count; from += 250) {
    const batch = Array.from({ length: Math.min(250, count - from) }, (_, place) => {
      const n = from + place;
      const personId = new Types.ObjectId();
      const strength = ((n * 7919) % 1000) / 1000;
      const marks = versions.map((_version, index) => {
        const fraction = ((n * 31 + index * 17) % 100) / 100 < (strength + index / 100) / 1.5 ? 1 : 0;
        return { fraction, score: fraction, by: 'auto', at, why: '', version: 1 };
      });
      return { n, personId, marks };
    });
    await people.insertMany(
      batch.map(({ n, personId }) => ({
        _id: personId,
        registrationId: teacher.registrationId,
        sub: `s${testId}${n}`,
        name: { surname: `Студент${n}`, givenName: 'Иван', patronymic: 'Иванович' },
        email: '',
        words: [`студент${n}`, 'иван', 'иванович'],
        createdAt: at,
      })),
    );
    await memberships.insertMany(
      batch.map(({ personId }) => ({
        courseId: teacher.courseId,
        personId: personId.toString(),
        role: 'student',
        groups: [],
        leftAt: null,
        seenAt: at,
      })),
    );
    await attempts.insertMany(
      batch.map(({ n, personId, marks }) => ({
        courseId: teacher.courseId,
        testId,
        personId: personId.toString(),
        number: 1,
        state: 'marked',
        open: false,
        startedAt: new Date(at.getTime() - 1_200_000),
        questions: versions.map(({ id, key }) => ({ versionId: id, key, mark: 1, order: [0, 1, 2, 3] })),
        answers: versions.map((_version, index) => ({
          response: index % 2 === 0 ? (n + index) % 4 : `слово ${(n + index) % 7}`,
          revision: 1,
          saveId: `save-${n}-${index}`,
          savedAt: at,
        })),
        revision: versions.length,
        finishedAt: new Date(at.getTime() + n),
        finishedBy: 'student',
        marks,
        markVersion: 1,
        score: marks.reduce((sum, { score }) => sum + score, 0),
        maximum: versions.length,
      })),
    );
  }
}

async function centreWith(
  folder: string,
  name: string,
  count: number,
  { origin, issuer } = { origin: 'http://localhost:1', issuer: 'https://lms.example.org' },
) {
  const url = `file:${path.join(folder, `${name}.db`)}`;
  const centre = await openCentre(url, origin, issuer);
  const testId = await makeTest(centre, 'Контрольная', QUESTIONS);
  await fill(centre, testId, count);
  return { url, centre, testId };
}

/** The stores alone, on a connection of their own. */
async function storesOf(url: string) {
  const storage = await openStorage({ url, clock: systemClock });
  return {
    storage,
    tests: createTestsStore(storage.connection),
    attempts: createAttemptsStore(storage.connection),
    questions: createQuestionsStore(storage.connection),
  };
}

/** CPU of one call, the least of three: the first one compiles. */
async function least(act: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const before = cpuMs();
    await act();
    taken.push(cpuMs() - before);
  }
  return Math.min(...taken);
}

export async function statistics(folder: string): Promise<boolean> {
  const { url, centre, testId } = await centreWith(folder, 'statistics', ATTEMPTS);
  await centre.close();
  const { storage, ...stores } = await storesOf(url);
  const service = createStatisticsService(stores);
  const taken = await least(() => service.ofTest(centre.teacher, testId));
  await storage.close();
  console.log(
    `statistics of ${ATTEMPTS} attempts × ${QUESTIONS} questions, read from the database: ${taken.toFixed(0)} ms of CPU (at most ${MOST_STATISTICS_MS})`,
  );
  return taken <= MOST_STATISTICS_MS;
}

export async function results(folder: string): Promise<boolean> {
  const platform = await startPlatform();
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const { url, centre, testId } = await centreWith(folder, 'results', CLASS, {
    origin,
    issuer: platform.issuer,
  });
  await centre.close();
  const server = await startServer(url, port);
  const target = { origin, login: `${origin}/lti/login`, launch: `${origin}/lti/launch` };
  const arrived = await launch(platform.issuer, target, 1, 'Instructor');
  const teacher = { origin, cookie: arrived.cookie, csrf: '' };
  const course = /^\/c\/[a-z0-9]+/.exec(arrived.url.pathname)?.[0] ?? '';
  const pages = async (count: number): Promise<void> => {
    for (let n = 1; n <= count; n += 1) {
      const page = (n % 25) + 1;
      const address = `${course}/tests/${testId}/results?page=${page}`;
      const reply = await send(teacher, 'GET', address, undefined, 'text/html');
      if (reply.status !== 200) throw new Error(`results: ${reply.status} ${reply.body}`);
    }
  };
  await pages(100);
  const before = await server.usage();
  await pages(100);
  const taken = ((await server.usage()).cpuMs - before.cpuMs) / 100;
  await server.stop();
  platform.close();
  console.log(
    `results of ${CLASS} students, a page of 40: ${taken.toFixed(1)} ms of CPU (at most ${MOST_PAGE_MS})`,
  );
  return taken <= MOST_PAGE_MS;
}

/** Gives everybody the points of one question, and kills the job on the way until it is done. */
export async function regrade(folder: string): Promise<boolean> {
  const platform = await startPlatform();
  const port = await freePort();
  const { url, centre, testId } = await centreWith(folder, 'regrade', ATTEMPTS, {
    origin: `http://localhost:${port}`,
    issuer: platform.issuer,
  });
  const { teacher } = centre;
  const [item] = (await testOf(centre, testId)).items;
  await linkTo(centre, testId, LINE_ITEM);
  await centre.close();
  const { storage, tests } = await storesOf(url);
  const attempts = storage.connection.collection('test_attempts') as unknown as mongo.Collection;
  const scores = storage.connection.collection('grades') as unknown as mongo.Collection;
  const now = new Date();
  await tests.changeItems(
    teacher.courseId,
    testId,
    ({ items }) => items.map((each) => (each.key === item?.key ? { ...each, treatment: 'full' } : each)),
    now,
  );
  await tests.askRegrade(teacher.courseId, testId, { personId: teacher.personId, at: now, why: 'Ошибка' });
  const isDone = { testId, 'marks.0.by': 'full' };

  let kills = 0;
  const begun = performance.now();
  let server = await startServer(url, port, true);
  for (;;) {
    await pause(kills < 3 ? 3_000 : 1_000);
    const done = await attempts.countDocuments(isDone);
    if (done === ATTEMPTS && (await attempts.countDocuments({ testId, 'events.0': { $exists: true } })) === 0)
      break;
    if (kills >= 3 || done === ATTEMPTS) continue;
    const gone = once(server.child, 'exit');
    server.child.kill('SIGKILL');
    await gone;
    kills += 1;
    server = await startServer(url, port, true);
  }
  const seconds = (performance.now() - begun) / 1000;
  // Jobs of the last events write the last rows of the outbox.
  for (let tries = 0; tries < 60 && (await scores.countDocuments({})) < ATTEMPTS; tries += 1)
    await pause(1_000);
  const changed = await attempts
    .find(isDone, { projection: { markVersion: 1, markChanges: 1, personId: 1, score: 1 } })
    .toArray();
  const single = changed.filter(({ markVersion }) => markVersion === 2).length;
  const rows = await scores.find({}).toArray();
  const right = new Map(changed.map(({ personId, score }) => [personId as string, score as number]));
  const exact = rows.filter(
    ({ personId, scoreGiven }) => right.get(personId as string) === scoreGiven,
  ).length;
  await server.stop();
  await storage.close();
  platform.close();
  console.log(
    `regrade of ${ATTEMPTS} attempts, ${kills} × kill -9: ${seconds.toFixed(0)} s; ${changed.length} changed, ${single} of them once; ${rows.length} grades in the outbox, ${exact} exact`,
  );
  return changed.length === ATTEMPTS && single === ATTEMPTS && rows.length === ATTEMPTS && exact === ATTEMPTS;
}
