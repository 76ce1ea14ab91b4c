/**
 * `npm run bench:notify`: the lists of an evening on their way to a mail server that takes 100 messages a second and a
 * Telegram that takes 30, once left alone, once with `kill -9` of the tool every five seconds. Nothing may be lost; left
 * alone, at least 90 % of the limits are to be reached, with kills 60 %. A message is sent twice at most once per kill
 * and connection, under the same Message-ID. And the look of each minute for what begins, with 100,000 bookings.
 *
 *   LISTS=10000 LINKED=3000 (of them by Telegram too) BOOKINGS=100000 KILL_EVERY=5 (seconds) ONLY=look|alone|killed BUILD=0
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MESSENGER_CONNECTIONS } from '../../src/features/notifications/sending/sender.service.js';
import { MAIL_CONNECTIONS } from '../../src/infra/mail/index.js';
import { freePort } from '../processes.js';
import { measured } from './measured.js';
import { lookTimes } from './notify-look.js';
import { makeBookings, makePeople, openCentre } from './notify-data.js';
import { startSmtp, startTelegram } from './notify-servers.js';

// Each killed tool leaves a listener that would kill it once more.
process.setMaxListeners(0);

const LISTS = Number(process.env.LISTS ?? 10_000);
const LINKED = Number(process.env.LINKED ?? LISTS * 0.3);
const BOOKINGS = Number(process.env.BOOKINGS ?? 100_000);
const KILL_EVERY_MS = Number(process.env.KILL_EVERY ?? 5) * 1_000;
const ONLY = process.env.ONLY ?? '';
const SMTP_LIMIT = 100;
const TELEGRAM_LIMIT = 30;
const LEAST_ALONE = 0.9;
const LEAST_KILLED = 0.6;
const MOST_MB = 250;
const MOST_LOOK_MS = 50;
/** Of the tool: what a kill may leave without a note. */
const CONNECTIONS = { mail: MAIL_CONNECTIONS, telegram: MESSENGER_CONNECTIONS };
const SECRET = 'a secret for the benchmark, long enough';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function envOf(file: string, port: number, smtpPort: number): Record<string, string> {
  return {
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://localhost:${port}`,
    DATABASE_URL: `file:${file}`,
    SECRET,
    ALLOW_PRIVATE_NETWORK: '1',
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}?tls=none`,
    MAIL_FROM: 'tool@example.org',
  };
}

async function fill(env: Record<string, string>, telegramPort: number): Promise<void> {
  const centre = await openCentre(env);
  await makePeople(centre, LISTS, LINKED);
  await centre.app.features.notifications.administration.saveChannel('telegram', 0, {
    enabled: true,
    content: 'full',
    values: { bot: 'bench_bot', baseUrl: `http://127.0.0.1:${telegramPort}` },
    secrets: { token: '1:bench' },
  });
  await centre.close();
}

/** @returns whether all arrived within bounds */
async function run(killing: boolean): Promise<boolean> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-bench-'));
  const [mail, telegram] = [await startSmtp(SMTP_LIMIT), await startTelegram(TELEGRAM_LIMIT)];
  const env = envOf(path.join(folder, 'bench.db'), await freePort(), mail.port);
  await fill(env, telegram.port);
  let [kills, mostMb] = [0, 0];
  /** From the first message on: what a start costs is another benchmark's. */
  const cpu = { from: 0, until: 0, sentBefore: 0 };
  const begun = performance.now();
  let tool = measured('dist/bundle/main.js', env);
  let born = performance.now();
  const all = (): boolean => mail.taken.different >= LISTS && telegram.taken.different >= LINKED;
  const giveUpAt = begun + (LISTS / SMTP_LIMIT) * 6_000 + 120_000;
  while (!all() && performance.now() < giveUpAt) {
    const usage = await Promise.race([tool.usage(), pause(2_000)]).catch(() => undefined);
    if (usage) {
      mostMb = Math.max(mostMb, usage.rssMb);
      const sent = mail.taken.different + telegram.taken.different;
      if (sent === 0) cpu.from = usage.cpuMs;
      else if (cpu.sentBefore === 0) Object.assign(cpu, { from: usage.cpuMs, sentBefore: sent });
      cpu.until = usage.cpuMs;
    }
    await pause(Math.min(500, KILL_EVERY_MS));
    if (!killing || performance.now() - born < KILL_EVERY_MS) continue;
    const gone = once(tool.child, 'exit');
    tool.child.kill('SIGKILL');
    await gone;
    kills += 1;
    tool = measured('dist/bundle/main.js', env);
    born = performance.now();
  }
  // What a killed process has left is sent once its leases are over.
  await pause(killing ? 15_000 : 1_000);
  await tool.stop();
  mail.close();
  telegram.close();
  await rm(folder, { recursive: true, force: true });

  const least = killing ? LEAST_KILLED : LEAST_ALONE;
  console.log(`${killing ? `kill -9 every ${KILL_EVERY_MS / 1_000} s, ${kills} kills` : 'left alone'}:`);
  const right = [
    { name: 'mail', server: mail, count: LISTS, limit: SMTP_LIMIT, open: CONNECTIONS.mail },
    { name: 'telegram', server: telegram, count: LINKED, limit: TELEGRAM_LIMIT, open: CONNECTIONS.telegram },
  ].map(({ name, server: { taken, refused }, count, limit, open }) => {
    const share = taken.rate / limit;
    const mostDoubles = kills * open;
    console.log(
      `  ${name.padEnd(9)} ${taken.different} of ${count}, ${taken.doubles} twice (at most ${mostDoubles}), ` +
        `${refused()} refused by the limit; ${taken.rate.toFixed(1)}/s = ${(share * 100).toFixed(0)} % of ${limit}/s`,
    );
    return taken.different === count && taken.doubles <= mostDoubles && (count === 0 || share >= least);
  });
  const lastAt = Math.max(mail.taken.lastAt, telegram.taken.lastAt);
  console.log(`  all sent ${((lastAt - begun) / 1_000).toFixed(0)} s after the first start`);
  console.log(
    `  memory    at most ${mostMb.toFixed(0)} MB${killing ? '' : `; ${((cpu.until - cpu.from) / (LISTS + LINKED - cpu.sentBefore)).toFixed(1)} ms CPU per message`}`,
  );
  return right.every((passed) => passed) && mostMb < MOST_MB;
}

async function look(): Promise<boolean> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-bench-'));
  const centre = await openCentre(envOf(path.join(folder, 'bench.db'), await freePort(), 25));
  await makeBookings(centre, await makePeople(centre, 1_000, 0), BOOKINGS);
  const { first, median, slowest, due } = await lookTimes(centre);
  await centre.close();
  await rm(folder, { recursive: true, force: true });
  console.log(
    `the look of each minute, ${BOOKINGS.toLocaleString('en')} bookings, ${due} of them within a day:`,
  );
  console.log(
    `  first ${first.toFixed(1)} ms (a program that has just started), then ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`,
  );
  return median < MOST_LOOK_MS;
}

if (process.env.BUILD !== '0') {
  const build = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  if (build.status !== 0) process.exit(build.status ?? 1);
}
const results: boolean[] = [];
if (ONLY === '' || ONLY === 'look') results.push(await look());
if (ONLY === '' || ONLY === 'alone') results.push(await run(false));
if (ONLY === '' || ONLY === 'killed') results.push(await run(true));
const passed = results.every((result) => result);
console.log(passed ? 'passed' : 'NOT passed');
process.exit(passed ? 0 : 1);
