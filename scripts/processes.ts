/** Child processes of scripts: started, waited for, and never left behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { nodeArgs } from './built.js';

const root = path.resolve(import.meta.dirname, '..');

export interface Running {
  readonly child: ChildProcess;
  /** What it has printed so far, both streams. */
  output(): string;
  /** SIGTERM, then SIGKILL after ten seconds. @returns the exit code, null when killed */
  stop(): Promise<number | null>;
}

/** Below the range from which kernels give ports to whatever asks for any (Linux from 32768, others from 49152). */
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;
const given = new Set<number>();

/**
 * Finds a port of the loopback address on which nothing listens, for a process that is yet to start. Taken by
 * chance from a range of our own: a port that the kernel gave could be given again before the process listens.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (given.has(port) || (await portTaken(port))) continue;
    given.add(port);
    return port;
  }
}

/** Returns whether this port of the loopback address is in use. */
export async function portTaken(port: number): Promise<boolean> {
  const server = createServer();
  const taken = await new Promise<boolean>((resolve) => {
    server.once('error', () => {
      resolve(true);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(false);
    });
  });
  if (!taken) await new Promise((resolve) => server.close(resolve));
  return taken;
}

/**
 * Starts a TypeScript file of this project as a process of its own.
 * @param echo prints what it says, as it comes
 */
export function start(
  file: string,
  { args = [], env = {}, echo = false }: { args?: string[]; env?: NodeJS.ProcessEnv; echo?: boolean } = {},
): Running {
  const child = spawn(process.execPath, nodeArgs(file, ...args), {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (echo) process.stdout.write(text);
    });
  }
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return {
    child,
    output: () => output,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(kill, 10_000);
      await exited;
      clearTimeout(timer);
      return child.exitCode;
    },
  };
}

/**
 * Waits until an address answers 200.
 * @throws Error with what the process printed, when it ends first or two minutes pass
 */
export async function ready(running: Running, url: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline && running.child.exitCode === null) {
    const answered = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} does not answer:\n${running.output()}`);
}
