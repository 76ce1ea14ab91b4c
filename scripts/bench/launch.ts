/**
 * `npm run bench:launch`: CPU per launch of this tool (embedded engine, every write durable) beside three others,
 * in one run: login, launch and first page on each side, the same client, rounds in turn.
 * - bare: ltijs 5.9.9 with its database in memory, printing a name (bare-ltijs.ts);
 * - peer: ltijs with its own Mongoose database over our engine, doing the work of our first page (peer/);
 * - floor: a bare Node server that verifies, writes one durable row and sends the bytes of our page (floor.ts).
 *
 * A ratio is the median over the rounds, for the machine may be busier in one than in another. The last lines are
 * `peer N.NN` (the peer's CPU per launch divided by ours) and `floor N.NN` (ours divided by the floor's).
 * A server runs for days: what compiling costs in its first seconds is warmed away on all sides.
 *
 *   LAUNCHES=400 ROUNDS=5 CONCURRENCY=4 WARM=2000
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../processes.js';
import { measured, type Measured } from './measured.js';
import { launch, send, startPlatform, type Answer, type Arrived, type Target } from './platform.js';

const LAUNCHES = Number(process.env.LAUNCHES ?? 400);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const CONCURRENCY = Number(process.env.CONCURRENCY ?? 4);
const WARM = Number(process.env.WARM ?? 2000);
const STUDENTS = 200;

interface Side {
  readonly name: string;
  readonly target: Target;
  readonly process: Measured;
  /** One figure per round. */
  readonly cpu: number[];
  readonly rate: number[];
  readonly follow: number[];
}

async function times(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (next < count) await act(next++);
    }),
  );
}

async function cpuOf(
  side: Side,
  count: number,
  act: (index: number) => Promise<unknown>,
): Promise<[number, number]> {
  const before = await side.process.usage();
  const start = performance.now();
  await times(count, act);
  const seconds = (performance.now() - start) / 1000;
  const after = await side.process.usage();
  return [(after.cpuMs - before.cpuMs) / count, count / seconds];
}

async function answers(url: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const ok = await send(new URL(url), '').then(
      ({ status }) => status < 500,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} does not answer`);
}

/** Resolves once a launch goes through. */
async function launched(side: Side): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const ok = await launch(platform.issuer, side.target, 0).then(
      () => true,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${side.name} takes no launch`);
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const build = spawnSync(process.execPath, ['scripts/build.mjs'], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);

const platform = await startPlatform();
const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-bench-'));
const pageFile = path.join(folder, 'page.json');

interface SideOptions {
  readonly login: string;
  readonly launch: string;
  /** Answers without a launch as soon as the side listens. */
  readonly ready: string;
  readonly env?: NodeJS.ProcessEnv;
}

const running: Measured[] = [];

/** Starts a side; resolves once it answers. */
async function startSide(name: string, file: string, port: number, options: SideOptions): Promise<Side> {
  const origin = `http://localhost:${port}`;
  const env = { PORT: String(port), ISSUER: platform.issuer, FOLDER: folder, PAGE_FILE: pageFile };
  const child = measured(file, { ...env, NODE_ENV: 'production', ...options.env });
  running.push(child);
  await answers(origin + options.ready);
  const target = { origin, login: origin + options.login, launch: origin + options.launch };
  return { name, target, process: child, cpu: [], rate: [], follow: [] };
}

async function startOurs(): Promise<Side> {
  const port = await freePort();
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://localhost:${port}`,
    DATABASE_URL: `file:${folder}/bench.db`,
    ALLOW_PRIVATE_NETWORK: '1',
    // One person asks for all of it.
    RATE_LIMITS: '0',
    LOG_LEVEL: 'info',
  };
  const registered = spawnSync(
    process.execPath,
    [
      ...['--import', 'tsx', 'scripts/platform.ts', 'add', '--issuer', platform.issuer],
      ...['--client-id', 'bench', '--deployment', '1', '--jwks-url', `${platform.issuer}/jwks`],
      ...['--auth-url', `${platform.issuer}/auth`, '--token-url', `${platform.issuer}/token`],
    ],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (registered.status !== 0) process.exit(1);
  return startSide('nastavnik', 'dist/bundle/main.js', port, {
    login: '/lti/login',
    launch: '/lti/launch',
    ready: '/readyz',
    env,
  });
}

async function firstPage({ target }: Side): Promise<Answer> {
  const { url, cookie } = await launch(platform.issuer, target, 0);
  return send(url, cookie);
}

/** Headers that belong to one answer, or that Node writes itself. */
const PASSING = new Set([
  ...['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'set-cookie'],
]);

const kept = ({ headers, body }: Answer): string =>
  JSON.stringify({
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !PASSING.has(name))),
    body,
  });

/** A launch and its follow-up page on this side, `LAUNCHES` times each. */
async function measure(side: Side): Promise<void> {
  let arrived: Arrived | undefined;
  const [cpu, rate] = await cpuOf(side, LAUNCHES, async (index) => {
    arrived = await launch(platform.issuer, side.target, index % STUDENTS);
  });
  const at = arrived;
  if (at === undefined) throw new Error('no launch arrived');
  const [follow] = await cpuOf(side, LAUNCHES, async () => {
    const page = await send(at.url, at.cookie);
    if (page.status !== 200) throw new Error(`follow-up: ${page.status}`);
  });
  side.cpu.push(cpu);
  side.rate.push(rate);
  side.follow.push(follow);
}

/** Median over the rounds of a side's figures divided by another's. */
const ratio = (above: readonly number[], below: readonly number[]): string =>
  median(above.map((value, round) => value / (below[round] ?? NaN))).toFixed(2);

/** A page may differ this much: nonces, names, lines. */
const PAGE_TOLERANCE = 0.05;

/** @throws Error when the peer prints a page of another size, which makes its figure worth nothing */
function compareSizes(ours: Answer, peer: Answer): void {
  const [ourBytes, peerBytes] = [ours, peer].map(({ body }) => Buffer.byteLength(body)) as [number, number];
  console.log(`first page: ${ourBytes} bytes, the peer's ${peerBytes}`);
  if (Math.abs(peerBytes / ourBytes - 1) > PAGE_TOLERANCE)
    throw new Error('scripts/bench/peer/*.ejs must print a page of the same size as views/home');
}

try {
  const ours = await startOurs();
  const ourPage = await firstPage(ours);
  await writeFile(pageFile, kept(ourPage));
  const bare = await startSide('bare ltijs', 'scripts/bench/bare-ltijs.ts', await freePort(), {
    login: '/login',
    launch: '/',
    ready: '/keys',
  });
  const peer = await startSide('peer', 'scripts/bench/peer/main.ts', await freePort(), {
    login: '/login',
    launch: '/',
    ready: '/keys',
  });
  const floor = await startSide('floor', 'scripts/bench/floor.ts', await freePort(), {
    login: '/login',
    launch: '/launch',
    ready: '/page',
  });
  // The platform is registered last there.
  await launched(peer);
  compareSizes(ourPage, await firstPage(peer));

  const sides = [bare, peer, floor, ours];
  for (const side of sides)
    await times(WARM, (index) => launch(platform.issuer, side.target, index % STUDENTS));
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) await measure(side);
  }
  for (const side of sides) {
    const { rssMb } = await side.process.usage();
    console.log(
      `${side.name.padEnd(11)} ${median(side.rate).toFixed(0).padStart(5)} launches/s  ${median(side.cpu).toFixed(2)} ms CPU per launch ` +
        `(${side.cpu.map((value) => value.toFixed(2)).join(' ')})  ${median(side.follow).toFixed(2)} ms per follow-up page  ${rssMb.toFixed(0)} MB`,
    );
  }
  console.log(`follow-up ratio ${ratio(bare.follow, ours.follow)}`);
  console.log(`follow-up peer ${ratio(peer.follow, ours.follow)}`);
  console.log(`ratio ${ratio(bare.cpu, ours.cpu)}`);
  console.log(`peer ${ratio(peer.cpu, ours.cpu)}`);
  console.log(`floor ${ratio(ours.cpu, floor.cpu)}`);
} finally {
  await Promise.all(running.map((child) => child.stop()));
  platform.close();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
