/** 300 students take the same test at once: no answer may be lost, and a save costs little more than a bare route. */
import path from 'node:path';
import { freePort } from '../../processes.js';
import type { Measured } from '../measured.js';
import { launch, startPlatform } from '../platform.js';
import { startTool } from '../tool-server.js';
import { pause, send, Timings, type Student } from './crowd.js';
import { makeTest, openCentre, SECRET } from './data.js';

const STUDENTS = Number(process.env.STUDENTS ?? 300);
const QUESTIONS = 30;
/** Each student saves one answer every five seconds. */
const SAVES = Number(process.env.SAVES ?? QUESTIONS);
const SAVE_EVERY_MS = Number(process.env.EVERY ?? 5) * 1000;
const START_WITHIN_MS = 30_000;
const FINISH_WITHIN_MS = 30_000;
/** How often each student asks the bare route. */
const BARE = 10;
/** Requests at full speed. */
const FAST = Number(process.env.FAST ?? 4_000);
/** CPU of a save, in bare routes at the same pace. */
const MOST_ROUTES = 7;

interface Running extends Student {
  attempt: string;
  /** Question, from 1 → the text that the server has acknowledged. */
  readonly acknowledged: Map<number, string>;
  /** Question, from 1 → the revision of its answer. */
  readonly revisions: Map<number, number>;
}

/** A tool that reads no rosters by itself. */
export const startServer = (url: string, port: number, quiet = false): Promise<Measured> =>
  startTool({ url, port, secret: SECRET, quiet, env: { ROSTER_HOURS: '0' } });

/** Spreads the students' calls evenly over `ms`. */
const spread = (students: readonly Running[], ms: number, act: (of: Running) => Promise<void>) =>
  Promise.all(
    students.map(async (student, place) => {
      await pause((ms * place) / students.length);
      await act(student);
    }),
  );

/** Requests under way at full speed: of students who save without a pause, most wait for an answer. */
const AT_ONCE = Number(process.env.AT_ONCE ?? 32);

/** CPU of a request when they come as fast as they are answered, in milliseconds. */
async function atFullSpeed(
  server: Measured,
  times: number,
  act: (n: number) => Promise<unknown>,
): Promise<number> {
  const rounds = async (from: number, count: number): Promise<void> => {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, lane) => {
        for (let n = lane; n < count; n += AT_ONCE) await act(from + n);
      }),
    );
  };
  const warmUp = times / 4;
  await rounds(0, warmUp);
  const before = await server.usage();
  await rounds(warmUp, times);
  return ((await server.usage()).cpuMs - before.cpuMs) / times;
}

/** Saves an answer of a student, upon the one before. @returns the status */
async function save(student: Running, number: number, text: string, id: string): Promise<number> {
  const revision = student.revisions.get(number) ?? 0;
  const { status } = await send(student, 'PUT', `${student.attempt}/answers/${number}`, {
    response: [text],
    revision,
    save: id,
  });
  if (status === 200) {
    student.revisions.set(number, revision + 1);
    student.acknowledged.set(number, text);
  }
  return status;
}

/** Each student asks something every few seconds. @returns CPU of one request, in milliseconds, and the time it took */
async function paced(
  server: Measured,
  students: readonly Running[],
  times: number,
  act: (student: Running, place: number, n: number) => Promise<void>,
): Promise<{ cpuMs: number; seconds: number }> {
  const before = await server.usage();
  const begun = performance.now();
  await Promise.all(
    students.map(async (student, place) => {
      await pause((SAVE_EVERY_MS * place) / students.length);
      const first = performance.now();
      for (let n = 1; n <= times; n += 1) {
        await pause(first + (n - 1) * SAVE_EVERY_MS - performance.now());
        await act(student, place, n);
      }
    }),
  );
  const after = await server.usage();
  return {
    cpuMs: (after.cpuMs - before.cpuMs) / (students.length * times),
    seconds: (performance.now() - begun) / 1000,
  };
}

export async function exam(folder: string): Promise<boolean> {
  const platform = await startPlatform();
  const url = `file:${path.join(folder, 'exam.db')}`;
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const centre = await openCentre(url, origin, platform.issuer);
  const testId = await makeTest(centre, 'Контрольная', QUESTIONS);
  await centre.close();

  const server = await startServer(url, port);
  const target = { origin, login: `${origin}/lti/login`, launch: `${origin}/lti/launch` };
  const students: Running[] = [];
  for (let user = 1; user <= STUDENTS; user += 1) {
    const { url: arrived, cookie } = await launch(platform.issuer, target, user);
    const course = /^\/c\/[a-z0-9]+/.exec(arrived.pathname)?.[0] ?? '';
    students.push({
      ...{ origin, cookie, course, csrf: '', attempt: '' },
      ...{ acknowledged: new Map(), revisions: new Map() },
    });
  }
  const nobody = { origin, cookie: '', csrf: '' };
  const fastBare = await atFullSpeed(server, FAST, () => send(nobody, 'GET', '/healthz'));
  const timings = new Timings();
  const timed = async (action: string, ...call: Parameters<typeof send>) => {
    const begun = performance.now();
    const reply = await send(...call);
    timings.add(action, performance.now() - begun);
    return reply;
  };

  const begun = performance.now();
  const idle = await server.usage();
  await spread(students, START_WITHIN_MS, async (student) => {
    const page = await timed(
      'look',
      student,
      'GET',
      `${student.course}/tests/${testId}`,
      undefined,
      'text/html',
    );
    student.csrf = /name="csrf"\s+value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const made = await timed('start', student, 'POST', `${student.course}/tests/${testId}/attempts`, {});
    if (made.status !== 303) throw new Error(`start: ${made.status} ${made.body}`);
    student.attempt = made.location;
    await timed('open', student, 'GET', student.attempt, undefined, 'text/html');
  });

  // At the pace of the saves a request costs more than at full speed: caches are cold, and the process wakes for it.
  const bare = await paced(server, students, BARE, async (student) => {
    await send(student, 'GET', '/healthz');
  });
  let refused = 0;
  const saves = await paced(server, students, SAVES, async (student, place, n) => {
    const number = ((n - 1) % QUESTIONS) + 1;
    const text = number % 2 === 1 ? String((place + n) % 4) : `слово ${place} ${n}`;
    const begunAt = performance.now();
    if ((await save(student, number, text, `save-${place}-${n}-0000`)) !== 200) refused += 1;
    timings.add('save', performance.now() - begunAt);
  });
  const fastSave = await atFullSpeed(server, FAST, async (n) => {
    const student = students[n % students.length];
    if (student === undefined) return;
    // Two at once are never of one student: each has its own place in the row.
    const number = 2 * (Math.floor(n / students.length) % (QUESTIONS / 2)) + 2;
    if ((await save(student, number, `слово ${n}`, `fast-${n}-0000000`)) !== 200) refused += 1;
  });

  await spread(students, FINISH_WITHIN_MS, async (student) => {
    const done = await timed('finish', student, 'POST', `${student.attempt}/finish`, {});
    if (done.status !== 303) throw new Error(`finish: ${done.status} ${done.body}`);
    await timed('result', student, 'GET', student.attempt, undefined, 'text/html');
  });
  const end = await server.usage();
  const all = (performance.now() - begun) / 1000;

  let lost = 0;
  for (const student of students) {
    const { questions } = JSON.parse((await send(student, 'GET', student.attempt)).body) as {
      questions: { number: number; given?: string; options?: { text: string; chosen: boolean }[] }[];
    };
    for (const [number, text] of student.acknowledged) {
      const found = questions.find((question) => question.number === number);
      const given = found?.given ?? found?.options?.findIndex(({ chosen }) => chosen);
      if (String(given) !== text) lost += 1;
    }
  }
  await server.stop();
  platform.close();

  console.log(
    `${STUDENTS} students, ${QUESTIONS} questions, a save every ${SAVE_EVERY_MS / 1000} s, ${SAVES} each:`,
  );
  timings.print();
  console.log(
    `  all        ${(timings.count / all).toFixed(0)} requests a second over ${all.toFixed(0)} s, beside those that are measured at full speed and of the bare route`,
  );
  console.log(
    `  saves      ${((STUDENTS * SAVES) / saves.seconds).toFixed(0)} a second over ${saves.seconds.toFixed(0)} s, ${refused} refused`,
  );
  console.log(
    `  CPU        ${(((end.cpuMs - idle.cpuMs) / (all * 1000)) * 100).toFixed(0)} % of a core over ${all.toFixed(0)} s; resident ${end.rssMb.toFixed(0)} MB`,
  );
  const ratio = saves.cpuMs / bare.cpuMs;
  console.log(
    `  a save     ${saves.cpuMs.toFixed(2)} ms of CPU; the bare route at the same pace ${bare.cpuMs.toFixed(2)} ms: ${ratio.toFixed(1)} of it (at most ${MOST_ROUTES})`,
  );
  console.log(
    `             at full speed, ${AT_ONCE} at once, ${fastSave.toFixed(3)} ms; the bare route likewise ${fastBare.toFixed(3)} ms: ${(fastSave / fastBare).toFixed(1)} of it`,
  );
  console.log(`  lost       ${lost} of ${STUDENTS * Math.min(SAVES, QUESTIONS)} acknowledged answers`);
  return lost === 0 && refused === 0 && ratio <= MOST_ROUTES;
}
