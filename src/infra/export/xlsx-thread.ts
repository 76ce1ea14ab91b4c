import { MINUTE } from '../../shared/clock.js';
import { threadQueue } from '../../shared/threads.js';
import type { Sheet } from './xlsx-sheet.js';

/** A sheet that needs more memory or time fails, and the process lives on. */
const MEMORY_MB = 512;
const TIMEOUT_MS = 5 * MINUTE;

/** One at a time in a process: several large sheets at once would take the memory and processors that pages need. */
const inThread = threadQueue();

/** Writes a sheet in a thread of its own. @throws ThreadError */
export const writeInThread = (sheet: Sheet): Promise<Uint8Array> =>
  inThread({
    entry: new URL('./xlsx-thread-main', import.meta.url),
    data: sheet,
    memoryMb: MEMORY_MB,
    timeoutMs: TIMEOUT_MS,
  });
