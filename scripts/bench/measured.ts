/** A child process whose CPU time and memory can be read while it runs. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface Usage {
  /** User and system time since the process began, milliseconds, all threads. */
  readonly cpuMs: number;
  readonly rssMb: number;
}

export interface Measured {
  readonly child: ChildProcess;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, '../..');
const probe = path.join(root, 'scripts/bench/probe.mjs');

/**
 * @param file a built .js file, or a .ts file, which gets tsx
 * With PROFILE=folder each child leaves a CPU profile there when it ends.
 * @param quiet drops what it writes to stderr
 */
export function measured(file: string, env: NodeJS.ProcessEnv, { quiet = false } = {}): Measured {
  const { PROFILE } = process.env;
  const profile = PROFILE === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${PROFILE}`];
  const execArgv = [...profile, '--import', probe, ...(file.endsWith('.ts') ? ['--import', 'tsx'] : [])];
  const child = fork(path.join(root, file), [], {
    execArgv,
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', quiet ? 'ignore' : 'inherit', 'ipc'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return {
    child,
    async usage() {
      const ended = new AbortController();
      const gone = (): void => ended.abort(new Error(`${file} ended before it could be asked`));
      child.once('exit', gone);
      try {
        const answer = once(child, 'message', { signal: ended.signal });
        child.send('usage');
        return ((await answer) as [Usage])[0];
      } finally {
        child.off('exit', gone);
      }
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
