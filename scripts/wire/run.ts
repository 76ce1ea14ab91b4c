/**
 * `npm run test:wire`: the contract suite and the tools through the official driver against mongo-java-server,
 * the MongoDB-compatible server that needs nothing but Java and passes the most. What it lacks is declared in
 * test/contract/lacks.ts; anything else that fails fails the run. Where Java is missing or its registry is
 * out of reach it says so and ends well: then there was nothing to check.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { startWireServer } from './server.js';

const server = await startWireServer();
if (typeof server === 'string') {
  console.log(`The wire-protocol side was not run: ${server}.`);
} else {
  const tests = spawn('npm', ['run', '-s', 'test:mongo'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    stdio: 'inherit',
    env: { ...process.env, MONGODB_URI: server.url('contract'), MONGODB_SERVER: 'mongo-java-server' },
  });
  const [code] = (await once(tests, 'exit')) as [number | null];
  server.stop();
  process.exitCode = code ?? 1;
}
