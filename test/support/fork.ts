import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { entryOf } from '../../scripts/built.js';

/** Starts a TypeScript file of the project as a process that can be talked to. What it prints to stdout is dropped. */
export function forkFile(file: string, args: readonly string[], options: ForkOptions = {}): ChildProcess {
  const { file: entry, execArgv } = entryOf(file);
  return fork(entry, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], ...options, execArgv });
}
