import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeArgs } from '../../scripts/built.js';
import { freePort, ready, start, type Running } from '../../scripts/processes.js';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a TypeScript file of the project to its end, without what this process's own environment says of it. */
export async function run(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, nodeArgs(file, ...args), {
    env: { ...process.env, NODE_ENV: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

export const newFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'nastavnik-process-'));

/** The tool as a process on a free port, with its database in this folder. */
export interface Tool {
  readonly origin: string;
  readonly env: NodeJS.ProcessEnv;
  /** Everything printed by all the processes there have been. */
  output(): string;
  running: Running;
  /** As a crash: nothing is said to it, nothing is waited for. */
  kill(): Promise<void>;
  /** Once more, on the same port and database. */
  startAgain(): Promise<void>;
}

export async function startTool(folder: string, more: NodeJS.ProcessEnv = {}): Promise<Tool> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: origin,
    DATABASE_URL: `file:${path.join(folder, 'data/nastavnik.db')}`,
    ALLOW_PRIVATE_NETWORK: '1',
    LOG_LEVEL: 'trace',
    ...more,
  };
  let before = '';
  const tool: Tool = {
    origin,
    env,
    output: () => before + tool.running.output(),
    running: start('src/main.ts', { env }),
    async kill() {
      const gone = once(tool.running.child, 'exit');
      tool.running.child.kill('SIGKILL');
      await gone;
    },
    async startAgain() {
      before += tool.running.output();
      tool.running = start('src/main.ts', { env });
      await ready(tool.running, `${origin}/readyz`);
    },
  };
  await ready(tool.running, `${origin}/readyz`);
  return tool;
}

/** Waits, as long as the test may take, until something holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
