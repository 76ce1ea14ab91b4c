/**
 * `npm run test:wire`: the contract suite through the official driver against mongo-java-server, the
 * MongoDB-compatible server that needs nothing but Java and passes the most. What it lacks is declared in
 * test/contract/lacks.ts; anything else that fails fails the run. Where Java is missing or its registry is
 * out of reach it says so and ends well: then there was nothing to check.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'node_modules/.cache/wire');
const FETCH_MS = 180_000;
const START_MS = 60_000;

const NOT_RUN = 'The wire-protocol side was not run:';

/** @returns why the libraries are not there; undefined when they are */
async function fetchServer(): Promise<string | undefined> {
  if (spawnSync('java', ['-version']).status !== 0) return 'no Java here';
  const present = await readdir(folder).catch(() => []);
  if (present.some((name) => name.startsWith('mongo-java-server-core'))) return undefined;
  const fetched = spawnSync(
    'mvn',
    ['-q', '-B', '-f', 'scripts/wire/pom.xml', 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`],
    { cwd: root, timeout: FETCH_MS, stdio: 'ignore' },
  );
  if (fetched.error && 'code' in fetched.error && fetched.error.code === 'ENOENT') return 'no Maven here';
  return fetched.status === 0 ? undefined : 'mongo-java-server could not be fetched';
}

async function startServer(): Promise<{ server: ChildProcess; port: string } | undefined> {
  const server = spawn('java', ['-Xmx256m', '-cp', `${folder}/*`, 'scripts/wire/WireServer.java'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const timer = setTimeout(() => server.kill(), START_MS);
  for await (const line of createInterface(server.stdout)) {
    const port = /^listening (\d+)$/.exec(line)?.[1];
    if (port === undefined) continue;
    clearTimeout(timer);
    return { server, port };
  }
  clearTimeout(timer);
  return undefined;
}

const missing = await fetchServer();
const started = missing === undefined ? await startServer() : undefined;
if (!started) {
  console.log(`${NOT_RUN} ${missing ?? 'mongo-java-server did not start'}.`);
} else {
  const { server, port } = started;
  const tests = spawn('npm', ['run', '-s', 'test:mongo'], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      MONGODB_URI: `mongodb://127.0.0.1:${port}/contract`,
      MONGODB_SERVER: 'mongo-java-server',
    },
  });
  const [code] = (await once(tests, 'exit')) as [number | null];
  server.stdin?.end();
  server.kill();
  process.exitCode = code ?? 1;
}
