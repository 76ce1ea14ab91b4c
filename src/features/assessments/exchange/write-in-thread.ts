import { MINUTE } from '../../../shared/clock.js';
import { runInThread } from '../../../shared/threads.js';
import type { QuestionContent } from '../bank/questions.store.js';
import type { ExportFormat } from './export-formats.js';
import type { MediaOut } from './writers/media-out.js';

export interface WriteData {
  readonly format: ExportFormat;
  readonly contents: readonly QuestionContent[];
  readonly media: readonly MediaOut[];
}

const MEMORY_MB = 512;
const TIMEOUT_MS = 2 * MINUTE;

/** A page that is looked at meanwhile shows how far it is. */
export const PROGRESS_EVERY = 50;

/**
 * Writes a large file of questions beside the process, with bounds for memory and time.
 * @param tell is called now and then with the number of questions that are ready
 * @throws ThreadError
 */
export async function writeInThread(data: WriteData, tell: (ready: number) => void): Promise<Buffer> {
  const { bytes } = await runInThread<{ readonly bytes: Uint8Array }>({
    entry: new URL('./write-thread-main', import.meta.url),
    data,
    memoryMb: MEMORY_MB,
    timeoutMs: TIMEOUT_MS,
    onProgress: tell,
  });
  return Buffer.from(bytes);
}
