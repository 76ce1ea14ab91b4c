/**
 * `npm run demo`: the tool on its embedded database beside a small LMS, with a believable centre in both.
 * Everything is kept in data/, so a second start goes on where the first ended.
 *
 * PORT, DATABASE_URL, LOG_LEVEL  as for the tool itself; the demo has a database of its own
 * LMS_PORT, LMS_DATA             where the LMS listens, and the file it keeps
 * MAX_PORT                       where the imitation of the messenger MAX listens
 */
import { ConfigError, loadConfig } from '../src/config.js';
import { shownUrl, StorageError } from '../src/storage/index.js';
import { ALL_SCOPES, createDemoLms, SCOPE } from './demo-lms/index.js';
import { DemoClock } from '../src/shared/demo-clock.js';
import { startDemoMax } from './demo-max/index.js';
import { freePort, portTaken, ready, start } from './processes.js';
import { seed } from './seed/index.js';

const toolPort = process.env.PORT ?? '3000';
const lmsPort = process.env.LMS_PORT ?? '4100';
// The two know each other by their addresses: at others they begin anew, and what was done here is kept.
const place = toolPort === '3000' && lmsPort === '4100' ? 'demo' : `demo-${toolPort}-${lmsPort}`;
const database = process.env.DATABASE_URL ?? `file:./data/${place}.db`;
const store = process.env.LMS_DATA ?? `./data/${place}-lms.json`;
const origin = `http://localhost:${toolPort}`;
const clockFile = `./data/${place}.clock`;
const env = {
  ...process.env,
  PORT: toolPort,
  HOST: '127.0.0.1',
  PUBLIC_URL: origin,
  DATABASE_URL: database,
  ALLOW_PRIVATE_NETWORK: '1',
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  // Mail is shown on a page, and sent to nobody.
  SMTP_URL: 'outbox:',
  // A button of /outbox moves it on, for the LMS as well.
  DEMO_CLOCK: clockFile,
};

/** What the person at the terminal can put right is one line, without a stack. */
function giveUp(error: unknown): never {
  if (!(error instanceof ConfigError || error instanceof StorageError)) throw error;
  console.error(error.message);
  process.exit(1);
}

try {
  // Checked first: another server there would be taken for the tool.
  const { port } = loadConfig(env);
  if (await portTaken(port)) throw new ConfigError(`PORT: ${port} is taken by another program`);
} catch (error) {
  giveUp(error);
}
const clock = new DemoClock(clockFile);
const lms = createDemoLms({ port: Number(lmsPort), store, clock });
await lms.listen().catch((error: unknown) => {
  giveUp(
    new ConfigError(
      `LMS_PORT: the demo LMS cannot listen on ${lmsPort} (${String((error as { code?: string }).code)})`,
    ),
  );
});
const tool =
  lms.control.tools().find(({ targetLinkUrl }) => targetLinkUrl.startsWith(`${origin}/`)) ??
  lms.control.registerTool({
    url: origin,
    clientId: 'nastavnik-demo',
    scopes: [...ALL_SCOPES, SCOPE.groups],
  });
const usualPort = process.env.MAX_PORT ?? (place === 'demo' ? '4200' : String(await freePort()));
const max = await startDemoMax({
  port: Number(usualPort),
  webhook: `${origin}/hooks/max`,
  now: () => clock.now(),
}).catch((error: unknown) =>
  giveUp(
    new ConfigError(
      `MAX_PORT: the imitation of MAX cannot listen on ${usualPort} (${String((error as { code?: string }).code)})`,
    ),
  ),
);
await seed(
  env,
  { origin: lms.origin, clientId: tool.clientId, deploymentId: tool.deploymentId },
  { clock, max: max.origin },
).catch(giveUp);

const running = start('src/main.ts', { env, echo: true });
running.child.once('exit', (code) => process.exit(code ?? 1));
try {
  await ready(running, `${origin}/readyz`);
} catch {
  // What the tool had to say is on the screen already.
  process.exit(1);
}

console.log(`
  The demo LMS:     ${lms.origin}      — choose who to be, open a course, click through
  The open site:    ${origin}/ — open to everybody, no login
  Mail of the demo: ${origin}/outbox — what people would receive, and a button that moves the demo's clock on
  MAX of the demo:  ${max.origin} — a messenger's page; link it under «Уведомления» of a course
  Responsible persons: ${origin}/staff — sign in as study@example.org; the link is in the mail of the demo
  Frequent questions:  ${origin}/faq

  Ctrl+C ends both. What was done stays in ${shownUrl(database)} and ${store}.
`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    void Promise.all([running.stop(), lms.close(), max.close()]).then(() => process.exit(0));
  });
}
