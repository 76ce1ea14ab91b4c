import { parentPort, workerData } from 'node:worker_threads';
import { FileProblem, readQuestions } from './read-file.js';
import type { ReadData, ReadResult } from './read-in-thread.js';

/* The thread's own side: one file in, its questions or its problem out. */
async function answer({ bytes, name, format }: ReadData): Promise<ReadResult> {
  try {
    return { file: await readQuestions(Buffer.from(bytes), name, format) };
  } catch (error) {
    if (error instanceof FileProblem) return { problem: error.key };
    throw error;
  }
}

void answer(workerData as ReadData).then((result) => {
  parentPort?.postMessage(result);
});
