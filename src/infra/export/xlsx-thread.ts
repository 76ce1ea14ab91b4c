import { runInThread } from '../../shared/threads.js';
import type { Sheet } from './xlsx-sheet.js';

/** A sheet larger than this memory fails, and the process lives on. */
const MEMORY_MB = 512;

let last: Promise<unknown> = Promise.resolve();

/**
 * Writes a sheet in a thread of its own. One at a time in a process: several large sheets at once would take the
 * memory and the processors that pages need.
 */
export function writeInThread(sheet: Sheet): Promise<Uint8Array> {
  const entry = new URL('./xlsx-thread-main', import.meta.url);
  const written = last.then(() => runInThread<Uint8Array>({ entry, data: sheet, memoryMb: MEMORY_MB }));
  last = written.catch(() => undefined);
  return written;
}
