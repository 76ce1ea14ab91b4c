import { parentPort, workerData } from 'node:worker_threads';
import { fileOf } from './writers/file-of.js';
import { PROGRESS_EVERY, type WriteData } from './write-in-thread.js';

/* The thread's own side: questions in, one file out, and how far it is meanwhile. */
async function write({ format, contents, media }: WriteData): Promise<Uint8Array> {
  const byId = new Map(media.map((file) => [file.id, { ...file, bytes: Buffer.from(file.bytes) }]));
  const { content } = await fileOf(format, contents, byId, (ready) => {
    if (ready % PROGRESS_EVERY === 0) parentPort?.postMessage({ progress: ready });
  });
  return typeof content === 'string' ? Buffer.from(content) : content;
}

void write(workerData as WriteData).then((bytes) => {
  parentPort?.postMessage({ bytes });
});
