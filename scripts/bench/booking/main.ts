/**
 * `npm run bench:booking`, on the embedded engine, in one run:
 * 1. STUDENTS (1,000) race for 100 seats in 20 slots of two teachers, each slot overlapping one of the other's,
 *    through HTTP at two server processes, as a program asks (JSON). Counts must be exact, and no person may be in two places. Requests per
 *    second beside those of `/healthz` of the same servers, a bare route: at least 7 %.
 * 2. The list of free times with 1,000 bookings in the database and with BOOKINGS (100,000): at most 1.5 times slower.
 * 3. A personal feed with 2,000 events.
 *
 *   STUDENTS=1000 BOOKINGS=100000 CONCURRENCY=16 ROUNDS=5
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../processes.js';
import { measured, type Measured } from '../measured.js';
import {
  launch,
  send as sendOnce,
  startPlatform,
  type Answer,
  type Arrived,
  type Target,
} from '../platform.js';
import { openData, type BookingData, type Offered } from './data.js';

const STUDENTS = Number(process.env.STUDENTS ?? 1_000);
const BOOKINGS = Number(process.env.BOOKINGS ?? 100_000);
const FEW_BOOKINGS = 1_000;
const CONCURRENCY = Number(process.env.CONCURRENCY ?? 16);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SLOTS = 10;
const SEATS = 5;
const EVENTS = 2_000;
const BARE_REQUESTS = 2_000;
const LEAST_RATIO = 0.07;
const MOST_SLOWER = 1.5;

/** A connection that was kept may be closed by the server at the moment it is used again. */
async function send(url: URL, cookie: string, form?: URLSearchParams, accept?: string): Promise<Answer> {
  try {
    return await sendOnce(url, cookie, form, accept);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ECONNRESET') throw error;
    return sendOnce(url, cookie, form, accept);
  }
}

interface Student extends Arrived {
  readonly csrf: string;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Does all of it, so many at a time. Returns how many a second. */
async function rateOf(count: number, act: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (next < count) await act(next++);
    }),
  );
  return (count * 1_000) / (performance.now() - begun);
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const ok = await send(new URL(url), '').then(
      ({ status }) => status === 200,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} does not answer`);
}

const platform = await startPlatform();
const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-booking-'));
const databaseUrl = `file:${folder}/bench.db`;
const servers: Measured[] = [];
const failures: string[] = [];

function check(holds: boolean, what: string): void {
  console.log(`${holds ? 'ok  ' : 'MISS'}  ${what}`);
  if (!holds) failures.push(what);
}

function envOf(port: number): NodeJS.ProcessEnv {
  return {
    ...{ PORT: String(port), HOST: '127.0.0.1', PUBLIC_URL: `http://localhost:${port}`, LOG_LEVEL: 'warn' },
    ...{ DATABASE_URL: databaseUrl, ALLOW_PRIVATE_NETWORK: '1', RATE_LIMITS: '0', NODE_ENV: 'production' },
  };
}

async function startServer(port: number): Promise<Target> {
  servers.push(measured('dist/bundle/main.js', envOf(port)));
  const origin = `http://localhost:${port}`;
  await answers(`${origin}/readyz`);
  return { origin, login: `${origin}/lti/login`, launch: `${origin}/lti/launch` };
}

function register(port: number): void {
  const added = spawnSync(
    process.execPath,
    [
      ...['--import', 'tsx', 'scripts/platform.ts', 'add', '--issuer', platform.issuer],
      ...['--client-id', 'bench', '--deployment', '1', '--jwks-url', `${platform.issuer}/jwks`],
      ...['--auth-url', `${platform.issuer}/auth`, '--token-url', `${platform.issuer}/token`],
    ],
    { env: { ...process.env, ...envOf(port) }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (added.status !== 0) throw new Error('the platform was not registered');
}

async function enter(target: Target, user: number): Promise<Student> {
  const arrived = await launch(platform.issuer, target, user);
  const { body } = await send(arrived.url, arrived.cookie);
  return { ...arrived, csrf: /name="csrf-token" content="([^"]+)"/.exec(body)?.[1] ?? '' };
}

const at = ({ url }: Student, below: string): URL => new URL(below, url);
const book = (student: Student, slotId: string, accept: string) =>
  send(
    at(student, `consultations/slots/${slotId}/bookings`),
    student.cookie,
    new URLSearchParams({ csrf: student.csrf }),
    accept,
  );

/** CPU time of both servers so far, milliseconds. */
const cpu = async (): Promise<number> =>
  (await Promise.all(servers.map((server) => server.usage()))).reduce((sum, { cpuMs }) => sum + cpuMs, 0);

/** Part 1. */
async function race(
  data: BookingData,
  targets: readonly Target[],
  students: readonly Student[],
): Promise<void> {
  const courseId = await data.courseId();
  const offered: Offered[] = [];
  // The second teacher's slots begin a quarter of an hour later.
  for (const shift of [0, 15]) offered.push(await data.offer(courseId, SLOTS, SEATS, shift));
  const slotIds = offered.flatMap((series) => series.slotIds);
  const healthz = async (): Promise<number> =>
    rateOf(BARE_REQUESTS, (index) => send(new URL(`${targets[index % targets.length]?.origin}/healthz`), ''));
  await healthz();
  const before = await healthz();
  let made = 0;
  const cpuBefore = await cpu();
  const statuses = new Map<number, number>();
  const requests = students.length * 2;
  const rate = await rateOf(requests, async (index) => {
    const student = students[index % students.length];
    // Each tries two neighbours, which overlap for half of them.
    const slotId = slotIds[(index * 7 + Math.floor(index / students.length)) % slotIds.length] ?? '';
    if (student === undefined) return;
    const { status } = await book(student, slotId, 'application/json');
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 303) made += 1;
  });
  const raceCpu = ((await cpu()) - cpuBefore) / requests;
  const bareBegun = await cpu();
  const bare = (before + (await healthz())) / 2;
  const bareCpu = ((await cpu()) - bareBegun) / BARE_REQUESTS;
  // A refusal as a page names the nearest free times and what else can be done.
  const pages = await rateOf(Math.min(requests, 400), async (index) => {
    const student = students[index % students.length];
    if (student !== undefined) await book(student, slotIds[index % slotIds.length] ?? '', 'text/html');
  });
  const answered = [...statuses].map(([status, count]) => `${status}: ${count}`).join(', ');
  console.log(
    `      ${requests} requests of ${students.length} students, ${rate.toFixed(0)}/s (${answered}); /healthz ${bare.toFixed(0)}/s; refusals as pages ${pages.toFixed(0)}/s`,
  );
  console.log(
    `      CPU of the servers: ${raceCpu.toFixed(2)} ms a request, ${bareCpu.toFixed(2)} ms a /healthz, ratio ${(bareCpu / raceCpu).toFixed(3)}`,
  );
  const seats = SLOTS * SEATS * 2;
  check(made === seats, `${made} of ${seats} seats were booked`);
  await checkStored(data, slotIds);
  check(rate / bare >= LEAST_RATIO, `race ratio ${(rate / bare).toFixed(3)} (at least ${LEAST_RATIO})`);
}

async function checkStored(data: BookingData, slotIds: readonly string[]): Promise<void> {
  const rows = (await data.storage.connection
    .collection('schedule_times')
    .find({ kind: 'booking', slotId: { $in: [...slotIds] }, state: 'booked' })
    .toArray()) as unknown as { slotId: string; personId: string; startsAt: Date; endsAt: Date }[];
  const perSlot = slotIds.map((id) => rows.filter(({ slotId }) => slotId === id).length);
  check(
    perSlot.every((count) => count === SEATS),
    `every slot has ${SEATS} bookings`,
  );
  const overlaps = rows.filter((row, index) =>
    rows.some(
      (other, at) =>
        at < index &&
        other.personId === row.personId &&
        other.startsAt < row.endsAt &&
        row.startsAt < other.endsAt,
    ),
  );
  check(overlaps.length === 0, `${overlaps.length} bookings overlap another of the same student`);
}

/** Milliseconds of a page, the median. */
async function timeOf(student: Student, below: string): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < 40; index += 1) {
    const begun = performance.now();
    const { status } = await send(at(student, below), student.cookie);
    taken.push(performance.now() - begun);
    if (status !== 200) throw new Error(`${below}: ${status}`);
  }
  return median(taken);
}

/** Part 2. */
async function list(data: BookingData, student: Student): Promise<void> {
  const courseId = await data.courseId();
  // Enough for a page of them.
  await data.offer(courseId, 30, 3, 5);
  const ms: number[] = [];
  for (const count of [FEW_BOOKINGS, BOOKINGS]) {
    await data.fill(courseId, count);
    await timeOf(student, 'consultations');
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await timeOf(student, 'consultations'));
    ms.push(Math.min(...rounds));
    console.log(`      free times with ${count} bookings: ${ms.at(-1)?.toFixed(1)} ms`);
  }
  const ratio = (ms[1] ?? 0) / (ms[0] ?? 1);
  check(ratio <= MOST_SLOWER, `list ratio ${ratio.toFixed(2)} (at most ${MOST_SLOWER})`);
}

/** Part 3. */
async function feed(data: BookingData, student: Student): Promise<void> {
  const person = (await data.storage.connection.collection('people').findOne({ sub: '0' })) as {
    _id: unknown;
  } | null;
  await data.appoint(await data.courseId(), String(person?._id), EVENTS);
  const { body } = await send(
    at(student, 'calendar/feed'),
    student.cookie,
    new URLSearchParams({ csrf: student.csrf }),
  );
  const address = /https?:\/\/[^<"\s]+\/calendar\/[\w-]{32}\.ics/.exec(body)?.[0];
  if (address === undefined) throw new Error('no address of a feed');
  const taken: number[] = [];
  let events = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    const { body: text } = await send(new URL(address), '');
    taken.push(performance.now() - begun);
    events = text.split('BEGIN:VEVENT').length - 1;
  }
  check(events >= EVENTS, `feed of ${events} events in ${median(taken).toFixed(0)} ms`);
}

try {
  const built = spawnSync(process.execPath, ['scripts/build.mjs'], {
    stdio: 'inherit',
  });
  if (built.status !== 0) throw new Error('the build failed');
  const ports = [await freePort(), await freePort()];
  register(ports[0] ?? 0);
  const targets: Target[] = [];
  for (const port of ports) targets.push(await startServer(port));
  const students: Student[] = [];
  await rateOf(STUDENTS, async (index) => {
    const target = targets[index % targets.length];
    if (target !== undefined) students.push(await enter(target, index));
  });
  const data = await openData(databaseUrl);
  const first = students.find(({ url }) => url.origin === targets[0]?.origin);
  if (first === undefined) throw new Error('no student was let in');
  await race(data, targets, students);
  const [target] = targets;
  if (target === undefined) throw new Error('no server');
  const person = await enter(target, 0);
  await list(data, person);
  await feed(data, person);
  await data.storage.close();
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  platform.close();
  await rm(folder, { recursive: true, force: true });
}
process.exit(failures.length === 0 ? 0 : 1);
