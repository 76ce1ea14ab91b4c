/**
 * `npm test`: builds the tests and what they start, and runs them with mocha, which gets the arguments. From a build each
 * of the two processes reads some files instead of two thousand, and compiles none.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { buildScripts } from './built.js';

const root = path.resolve(import.meta.dirname, '..');

await buildScripts('tests');
const mocha = spawn(
  process.execPath,
  [
    path.join(root, 'node_modules/mocha/bin/mocha.js'),
    '--config',
    path.join(root, 'test/support/parallel.mocharc.cjs'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => mocha.kill(signal));
const [code] = (await once(mocha, 'exit')) as [number | null];
process.exitCode = code ?? 1;
