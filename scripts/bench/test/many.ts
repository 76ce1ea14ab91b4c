/** What is worked out over thousands of attempts: marks, statistics, results. */
import { createStatisticsService } from '../../../src/features/assessments/statistics/statistics.service.js';
import { typeOf } from '../../../src/features/assessments/types/index.js';
import { freePort } from '../../processes.js';
import { launch, startPlatform } from '../platform.js';
import { send } from './crowd.js';
import { question } from './data.js';
import { startServer } from './exam.js';
import { ATTEMPTS, centreWith, QUESTIONS, storesOf } from './filled.js';

const SCORED = 1_000_000;
const LEAST_SCORED = 100_000;
const MOST_STATISTICS_MS = 2_000;
const CLASS = 1_000;
const MOST_PAGE_MS = 20;

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
