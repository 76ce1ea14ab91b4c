import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Sheet } from './xlsx-sheet.js';

/** A sheet larger than this memory fails, and the process lives on. */
const MEMORY_MB = 512;

let last: Promise<unknown> = Promise.resolve();

/**
 * Writes a sheet in a thread of its own. One at a time in a process: several large sheets at once would take the
 * memory and the processors that pages need.
 */
export function writeInThread(sheet: Sheet): Promise<Uint8Array> {
  const written = last.then(() => write(sheet));
  last = written.catch(() => undefined);
  return written;
}

function write(sheet: Sheet): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = startThread(sheet);
    worker.once('message', (bytes: Uint8Array) => {
      resolve(bytes);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      reject(new Error('the thread that writes a sheet ended without it'));
    });
  });
}

function startThread(workerData: Sheet): Worker {
  const options = { workerData, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } };
  const extension = extname(import.meta.url);
  const entry = new URL(`./xlsx-thread-main${extension}`, import.meta.url);
  if (extension === '.js') return new Worker(entry, options);
  // Sources, as scripts and tests run them: a thread does not inherit the loader that reads them.
  const loader = createRequire(import.meta.url).resolve('tsx/cjs/api');
  const code = `require(${JSON.stringify(loader)}).register(); require(${JSON.stringify(fileURLToPath(entry))})`;
  return new Worker(code, { ...options, eval: true });
}
