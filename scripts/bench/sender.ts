/**
 * `npm run bench:sender`: waiting scores on their way to an LMS that answers in 50 ms and fails a fifth of the
 * calls (grade-lms.ts), once left alone, once with `kill -9` of the tool every five seconds. All must arrive, with
 * their exact values, at no less than 80 % of the rate that the LMS's limits allow: how many it sends to one
 * platform at once, divided by how long a call takes on the average, time-outs included; with kills at no less than
 * 60 % of the rate without.
 *
 *   SCORES=10000 KILL_EVERY=5 (seconds) LMS_TIMEOUT=2 (the tool's patience, seconds)
 */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLti } from '../../src/lti/index.js';
import { SCORES_AT_ONCE } from '../../src/features/gradebook/scores.jobs.js';
import { createGradesStore } from '../../src/features/gradebook/scores.store.js';
import { systemClock } from '../../src/shared/clock.js';
import { createSealer } from '../../src/shared/sealing.js';
import { openStorage } from '../../src/storage/index.js';
import { freePort } from '../processes.js';
import type { Gradebook } from './grade-lms.js';
import { measured, type Measured } from './measured.js';

// Each killed tool leaves a listener that would kill it once more.
process.setMaxListeners(0);

const SCORES = Number(process.env.SCORES ?? 10_000);
const KILL_EVERY_MS = Number(process.env.KILL_EVERY ?? 5) * 1000;
const LMS_TIMEOUT = process.env.LMS_TIMEOUT ?? '2';
const LINE_ITEMS = 20;
const SECRET = 'a secret for the benchmark, long enough';
const LEAST_RATE = 0.8;
/** Of the rate without kills. */
const LEAST_RATE_KILLED = 0.6;
const MOST_MB = 250;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function startGradebook() {
  const child = fork(path.join(import.meta.dirname, 'grade-lms.ts'), [], { execArgv: ['--import', 'tsx'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    origin: `http://127.0.0.1:${port}`,
    async report(): Promise<Gradebook> {
      const answered = once(child, 'message');
      child.send('report');
      return ((await answered) as [Gradebook])[0];
    },
    stop: () => child.kill('SIGKILL'),
  };
}

/** What the person's score must be in the end. */
const scoreOf = (n: number): number => (n * 37) % 1001;

/** Puts all scores into the outbox. */
async function fill(url: string, lms: string) {
  const storage = await openStorage({ url, clock: systemClock });
  const lti = createLti({
    storage,
    clock: systemClock,
    sealer: createSealer(SECRET),
    publicUrl: 'http://localhost',
    allowPrivateNetwork: true,
  });
  const store = createGradesStore(storage.connection);
  await storage.ensureIndexes();
  const { id: registrationId } = await lti.registrations.add({
    issuer: lms,
    clientId: 'bench',
    authUrl: `${lms}/auth`,
    tokenUrl: `${lms}/token`,
    jwksUrl: `${lms}/jwks`,
    deployments: ['1'],
  });
  const now = new Date();
  for (let from = 0; from < SCORES; from += 500) {
    await Promise.all(
      Array.from({ length: Math.min(500, SCORES - from) }, (_, index) => {
        const n = from + index;
        const grade = {
          registrationId,
          courseId: `c${n % LINE_ITEMS}`,
          personId: `p${n}`,
          sub: String(n),
          content: { kind: 'test' as const, id: `t${n % LINE_ITEMS}` },
          title: 'Контрольная',
          scoreGiven: scoreOf(n),
          scoreMaximum: 1000,
          comment: '',
          submittedAt: now,
          asOf: now,
          scopes: null,
        };
        return store.put(`${lms}/lineitems/${n % LINE_ITEMS}`, grade, now);
      }),
    );
  }
  return { storage, lti, store };
}

/** @returns whether all arrived within bounds, and how many scores a second */
async function run(killing: boolean): Promise<{ right: boolean; rate: number }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-bench-'));
  const lms = await startGradebook();
  const port = await freePort();
  const url = `file:${folder}/bench.db`;
  const { storage, lti, store } = await fill(url, lms.origin);
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://localhost:${port}`,
    DATABASE_URL: url,
    SECRET,
    LMS_TIMEOUT,
    ALLOW_PRIVATE_NETWORK: '1',
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
  };
  let [kills, mostMb, cpuMs] = [0, 0, 0];
  let tool: Measured = measured('dist/bundle/main.js', env, { quiet: true });
  let born = performance.now();
  for (;;) {
    const usage = await Promise.race([tool.usage(), pause(2_000)]);
    if (usage) {
      mostMb = Math.max(mostMb, usage.rssMb);
      if (!killing) cpuMs = usage.cpuMs;
    }
    if ((await store.health()).waiting === 0) break;
    await pause(Math.min(500, KILL_EVERY_MS));
    if (!killing || performance.now() - born < KILL_EVERY_MS) continue;
    const gone = once(tool.child, 'exit');
    tool.child.kill('SIGKILL');
    await gone;
    kills += 1;
    tool = measured('dist/bundle/main.js', env, { quiet: true });
    born = performance.now();
  }
  const book = await lms.report();
  const { failed } = await store.health();
  await tool.stop();
  lms.stop();
  await lti.close();
  await storage.close();
  await rm(folder, { recursive: true, force: true });

  const exact = Array.from({ length: SCORES }, (_, n) => n).filter(
    (n) => book.scores[`/lineitems/${n % LINE_ITEMS} ${n}`] === scoreOf(n),
  ).length;
  const mean = book.heldMs / book.calls;
  const allowed = (SCORES_AT_ONCE * 1000) / mean;
  // Of the calls that were needed, those that brought a score: what the limit allows in scores.
  const allowedScores = (allowed * exact) / book.calls;
  const rate = (exact * 1000) / book.lastMs;
  const share = rate / allowedScores;
  const nearly = (exact * 990) / book.nearlyMs / allowedScores;
  console.log(`${killing ? `kill -9 every ${KILL_EVERY_MS / 1000} s` : 'left alone'}:`);
  console.log(`  arrived, exact    ${exact} of ${SCORES}, failed for good ${failed}`);
  console.log(
    `  calls             ${book.calls} (${Object.entries(book.answers)
      .map(([what, n]) => `${what}: ${n}`)
      .join('; ')})`,
  );
  console.log(`  mean call         ${mean.toFixed(0)} ms, at most ${book.mostAtOnce} at once`);
  console.log(
    `  allowed           ${SCORES_AT_ONCE} at once / ${mean.toFixed(0)} ms = ${allowed.toFixed(1)} calls/s, ${allowedScores.toFixed(1)} scores/s`,
  );
  console.log(
    `  reached           ${rate.toFixed(1)} scores/s over ${(book.lastMs / 1000).toFixed(0)} s = ${(share * 100).toFixed(0)} %; up to the 99th of a hundred ${(nearly * 100).toFixed(0)} %`,
  );
  console.log(
    `  resident memory   at most ${mostMb.toFixed(0)} MB${killing ? `, ${kills} kills` : `; ${(cpuMs / book.calls).toFixed(1)} ms CPU per call`}`,
  );
  const right = exact === SCORES && failed === 0 && mostMb < MOST_MB;
  return { right: right && (killing || share >= LEAST_RATE), rate };
}

const build = spawnSync(process.execPath, ['scripts/build.mjs'], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);
const alone = await run(false);
const killed = await run(true);
const kept = killed.rate / alone.rate;
console.log(`with kills, of the rate without: ${(kept * 100).toFixed(0)} %`);
const passed = alone.right && killed.right && kept >= LEAST_RATE_KILLED;
console.log(passed ? 'passed' : 'NOT passed');
process.exit(passed ? 0 : 1);
