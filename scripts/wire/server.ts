/** Starts mongo-java-server, which it fetches with Maven when it is not there yet. */
import { spawn, spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'node_modules/.cache/wire');
const FETCH_MS = 180_000;
const START_MS = 60_000;

export interface WireServer {
  /** Of a database on it. */
  url(database: string): string;
  stop(): void;
}

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

/**
 * @param heapMb everything it holds is in memory
 * @returns a server with nothing in it, or why there is none
 */
export async function startWireServer(heapMb = 256): Promise<WireServer | string> {
  const missing = await fetchServer();
  if (missing !== undefined) return missing;
  const java = [`-Xmx${heapMb}m`, '-cp', `${folder}/*`, 'scripts/wire/WireServer.java'];
  const server = spawn('java', java, { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] });
  const timer = setTimeout(() => server.kill(), START_MS);
  try {
    for await (const line of createInterface(server.stdout)) {
      const port = /^listening (\d+)$/.exec(line)?.[1];
      if (port === undefined) continue;
      return {
        url: (database) => `mongodb://127.0.0.1:${port}/${database}`,
        stop() {
          server.stdin.end();
          server.kill();
        },
      };
    }
    return 'mongo-java-server did not start';
  } finally {
    clearTimeout(timer);
  }
}
