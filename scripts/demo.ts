/**
 * `npm run demo`: the tool on its embedded database beside a small LMS, with a believable centre in both.
 * Everything is kept in data/, so a second start goes on where the first ended.
 */
import { createDemoLms } from './demo-lms/index.js';
import { ready, start } from './processes.js';
import { seed } from './seed/index.js';

const toolPort = process.env.PORT ?? '3000';
const lmsPort = process.env.LMS_PORT ?? '4100';
const origin = `http://localhost:${toolPort}`;
const env = {
  ...process.env,
  PORT: toolPort,
  HOST: '127.0.0.1',
  PUBLIC_URL: origin,
  DATABASE_URL: process.env.DATABASE_URL ?? 'file:./data/demo.db',
  ALLOW_PRIVATE_NETWORK: '1',
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
};

const lms = createDemoLms({ port: Number(lmsPort), store: process.env.LMS_DATA ?? './data/demo-lms.json' });
await lms.listen().catch((error: unknown) => {
  console.error(
    `The demo LMS cannot listen on port ${lmsPort} (LMS_PORT): ${String((error as { code?: string }).code)}`,
  );
  process.exit(1);
});
const tool =
  lms.control.tools().find(({ targetLinkUrl }) => targetLinkUrl.startsWith(`${origin}/`)) ??
  lms.control.registerTool({ url: origin, clientId: 'nastavnik-demo' });
await seed(env, { origin: lms.origin, clientId: tool.clientId, deploymentId: tool.deploymentId });

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
  The directory:    ${origin}/directory — open to everybody, no login

  Ctrl+C ends both; what was done stays in data/.
`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    void Promise.all([running.stop(), lms.close()]).then(() => process.exit(0));
  });
}
