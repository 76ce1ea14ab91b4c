/** How soon after the end of an attempt the LMS has the grade. */
import path from 'node:path';
import { freePort } from '../../processes.js';
import { launch, startPlatform } from '../platform.js';
import { pause, send } from './crowd.js';
import { linkTo, makeTest, openCentre } from './data.js';
import { startServer } from './exam.js';

const STUDENTS = 60;
const QUESTIONS = 10;
const MOST_MEDIAN_MS = 300;
const LONGEST_MS = 30_000;

/** Students finish one after another; an LMS beside the tool takes each score at once. */
export async function delivery(folder: string): Promise<boolean> {
  const taken = new Map<string, number>();
  const platform = await startPlatform((userId) => taken.set(userId, performance.now()));
  const url = `file:${path.join(folder, 'delivery.db')}`;
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const centre = await openCentre(url, origin, platform.issuer);
  const testId = await makeTest(centre, 'Контрольная', QUESTIONS);
  await linkTo(centre, testId, `${platform.issuer}/2/lineitems/13/lineitem?type_id=1`);
  await centre.close();
  const server = await startServer(url, port);
  const target = { origin, login: `${origin}/lti/login`, launch: `${origin}/lti/launch` };
  const delays: number[] = [];
  for (let user = 1; user <= STUDENTS; user += 1) {
    const { url: arrived, cookie } = await launch(platform.issuer, target, user);
    const course = /^\/c\/[a-z0-9]+/.exec(arrived.pathname)?.[0] ?? '';
    const student = { origin, cookie, csrf: '' };
    const page = await send(student, 'GET', `${course}/tests/${testId}`, undefined, 'text/html');
    student.csrf = /name="csrf"\s+value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const made = await send(student, 'POST', `${course}/tests/${testId}/attempts`, {});
    const done = await send(student, 'POST', `${made.location}/finish`, {});
    const answered = performance.now();
    if (done.status !== 303) throw new Error(`finish: ${done.status} ${done.body}`);
    while (!taken.has(String(user)) && performance.now() - answered < LONGEST_MS) await pause(5);
    delays.push(Math.max(0, (taken.get(String(user)) ?? Infinity) - answered));
  }
  await server.stop();
  platform.close();
  const sorted = delays.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Infinity;
  console.log(
    `grades of ${STUDENTS} students in the LMS after the answer to “finish”: median ${at(0.5).toFixed(0)} ms (at most ${MOST_MEDIAN_MS}), p95 ${at(0.95).toFixed(0)} ms, longest ${at(1).toFixed(0)} ms`,
  );
  return at(0.5) <= MOST_MEDIAN_MS && at(1) < LONGEST_MS;
}
