import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { forkFile } from '../support/fork.js';

/** A piece of work, and the write before which it stops for ever. */
export interface Halt {
  /** `jobs`: all that is due. */
  readonly work: 'erase' | 'merge' | 'jobs';
  /** '' for none of them: something else holds the work up. */
  readonly collection: string;
  /** Of the driver: `updateOne`, say. Any of them unless given. */
  readonly method?: string;
  /** What the write's arguments contain, as JSON. */
  readonly containing?: string;
  readonly person?: string;
  readonly into?: string;
}

export interface Order {
  readonly origin: string;
  readonly databaseUrl: string;
  readonly secret: string;
  /** Further settings of the tool. */
  readonly env?: Readonly<Record<string, string>>;
  readonly halts: readonly Halt[];
}

export type Word = { readonly halted: Halt } | { readonly failed: string };

export interface Halting {
  readonly child: ChildProcess;
  /** Settles when all that were told to halt before a write do. */
  readonly halted: Promise<void>;
  /** As a crash: nothing is said to it, nothing is waited for. */
  kill(): Promise<void>;
}

/** Starts a process that begins work and does not end it. */
export function startHalting(order: Order): Halting {
  const child = forkFile('test/processes/halting-process.ts', [JSON.stringify(order)]);
  let missing = order.halts.filter(({ collection }) => collection !== '').length;
  const halted = new Promise<void>((resolve, reject) => {
    if (missing === 0) resolve();
    child.on('message', (word: Word) => {
      if ('failed' in word) reject(new Error(word.failed));
      else if (--missing === 0) resolve();
    });
    child.on('exit', (code) => reject(new Error(`it ended by itself (${code ?? 'killed'})`)));
  });
  // Whoever waits hears of it; that a killed one ends is no news.
  halted.catch(() => undefined);
  return {
    child,
    halted,
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
