/**
 * `npm run bench:start`: how long the built tool takes from its process's beginning to listening, and how much
 * memory it holds then; on an empty database and on the one it left.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../processes.js';
import { measured } from './measured.js';

const RUNS = Number(process.env.RUNS ?? 5);

const build = spawnSync(process.execPath, ['scripts/build.mjs'], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-start-'));
const figures: { ms: number; mb: number }[] = [];
for (let run = 0; run <= RUNS; run++) {
  const port = await freePort();
  const begun = performance.now();
  const tool = measured('dist/bundle/main.js', {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: `file:${folder}/start.db`,
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
  });
  while (!(await accepts(port))) {
    if (tool.child.exitCode !== null) throw new Error('the tool ended');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const ms = performance.now() - begun;
  const page = await fetch(`http://127.0.0.1:${port}/readyz`);
  if (!page.ok) throw new Error(`/readyz: ${page.status}`);
  const { rssMb } = await tool.usage();
  if (run === 0)
    console.log(`first start (empty database): ${ms.toFixed(0)} ms, ${rssMb.toFixed(0)} MB resident`);
  else figures.push({ ms, mb: rssMb });
  await tool.stop();
}
await rm(folder, { recursive: true, force: true });

const spread = (values: number[], unit: string): string => {
  const sorted = values.sort((a, b) => a - b);
  return `median ${sorted[sorted.length >> 1]?.toFixed(0)} ${unit} (${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)})`;
};
console.log(
  `start to listening: ${spread(
    figures.map(({ ms }) => ms),
    'ms',
  )}`,
);
console.log(
  `resident after start: ${spread(
    figures.map(({ mb }) => mb),
    'MB',
  )}`,
);
