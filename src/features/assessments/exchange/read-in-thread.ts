import { MINUTE } from '../../../shared/clock.js';
import { runInThread, ThreadError } from '../../../shared/threads.js';
import type { ForeignFile } from './foreign.js';
import { FileProblem, type Format } from './read-file.js';

export interface ReadData {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly format: Format | null;
}

export type ReadResult =
  { readonly file: ForeignFile & { readonly format: Format } } | { readonly problem: string };

const MEMORY_MB = 512;
const TIMEOUT_MS = 2 * MINUTE;

/**
 * Reads a large file of questions beside the process, with bounds for memory and time.
 * @throws FileProblem
 */
export async function readInThread(data: ReadData): Promise<ForeignFile & { readonly format: Format }> {
  try {
    const result = await runInThread<ReadResult>({
      entry: new URL('./read-thread-main', import.meta.url),
      data,
      memoryMb: MEMORY_MB,
      timeoutMs: TIMEOUT_MS,
    });
    if ('problem' in result) throw new FileProblem(result.problem);
    const { files = [], ...file } = result.file;
    // A buffer comes out of a thread as a plain array of bytes.
    return { ...file, files: files.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) })) };
  } catch (error) {
    if (error instanceof ThreadError) throw new FileProblem('tooHeavy');
    throw error;
  }
}
