/**
 * `npm run bench:launch`: CPU per launch of this tool (embedded engine, every write durable) beside bare ltijs
 * 5.9.9 with its database in memory. Login, launch and first page on both sides, the same client, rounds in
 * turn; the last line is bare's CPU per launch divided by ours.
 *
 * A server runs for days: what compiling costs in its first seconds is warmed away on both sides.
 *
 *   LAUNCHES=400 ROUNDS=5 CONCURRENCY=4 WARM=2000
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../processes.js';
import { measured, type Measured } from './measured.js';
import { launch, send, startPlatform, type Arrived, type Target } from './platform.js';

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

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const build = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);

const platform = await startPlatform();
const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-bench-'));
const [oursPort, barePort] = [await freePort(), await freePort()];
const env = {
  PORT: String(oursPort),
  HOST: '127.0.0.1',
  PUBLIC_URL: `http://localhost:${oursPort}`,
  DATABASE_URL: `file:${folder}/bench.db`,
  ALLOW_PRIVATE_NETWORK: '1',
  // One person asks for all of it.
  RATE_LIMITS: '0',
  LOG_LEVEL: 'info',
  NODE_ENV: 'production',
};
const registered = spawnSync(
  process.execPath,
  [
    ...['--import', 'tsx', 'scripts/platform.ts', 'add', '--issuer', platform.issuer, '--client-id', 'bench'],
    ...['--auth-url', `${platform.issuer}/auth`, '--token-url', `${platform.issuer}/token`],
    ...['--jwks-url', `${platform.issuer}/jwks`, '--deployment', '1'],
  ],
  { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] },
);
if (registered.status !== 0) process.exit(1);

const side = (
  name: string,
  file: string,
  port: number,
  login: string,
  launched: string,
  more: NodeJS.ProcessEnv,
): Side => {
  const origin = `http://localhost:${port}`;
  return {
    name,
    target: { origin, login: origin + login, launch: origin + launched },
    process: measured(file, more),
    cpu: [],
    rate: [],
    follow: [],
  };
};
const ours = side('nastavnik', 'dist/main.js', oursPort, '/lti/login', '/lti/launch', env);
const bare = side('bare ltijs', 'scripts/bench/bare-ltijs.ts', barePort, '/login', '/', {
  PORT: String(barePort),
  ISSUER: platform.issuer,
});

try {
  await Promise.all([answers(`${ours.target.origin}/readyz`), answers(`${bare.target.origin}/keys`)]);
  for (const one of [bare, ours])
    await times(WARM, (index) => launch(platform.issuer, one.target, index % STUDENTS));
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of round % 2 === 0 ? [bare, ours] : [ours, bare]) {
      let arrived: Arrived | undefined;
      const [cpu, rate] = await cpuOf(one, LAUNCHES, async (index) => {
        arrived = await launch(platform.issuer, one.target, index % STUDENTS);
      });
      const at = arrived;
      if (at === undefined) throw new Error('nobody arrived');
      const [follow] = await cpuOf(one, LAUNCHES, async () => {
        const page = await send(at.url, at.cookie);
        if (page.status !== 200) throw new Error(`follow-up: ${page.status}`);
      });
      one.cpu.push(cpu);
      one.rate.push(rate);
      one.follow.push(follow);
    }
  }
  for (const one of [bare, ours]) {
    const { rssMb } = await one.process.usage();
    console.log(
      `${one.name.padEnd(11)} ${median(one.rate).toFixed(0).padStart(5)} launches/s  ${median(one.cpu).toFixed(2)} ms CPU per launch ` +
        `(${one.cpu.map((value) => value.toFixed(2)).join(' ')})  ${median(one.follow).toFixed(2)} ms per follow-up page  ${rssMb.toFixed(0)} MB`,
    );
  }
  console.log(`follow-up ratio ${(median(bare.follow) / median(ours.follow)).toFixed(2)}`);
  console.log(`ratio ${(median(bare.cpu) / median(ours.cpu)).toFixed(2)}`);
} finally {
  await Promise.all([ours.process.stop(), bare.process.stop()]);
  platform.close();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
