import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** A thread that gave no result: it needed more memory or time than allowed, or ended without one. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError';

  constructor(readonly reason: 'memory' | 'time' | 'ended') {
    super(`thread: ${reason}`);
  }
}

export interface ThreadTask {
  /** Address of the module without its extension: `new URL('./sheet-main', import.meta.url)`. */
  readonly entry: URL;
  /** What the module finds as `workerData`: a plain value. */
  readonly data: unknown;
  readonly memoryMb: number;
  /** No limit unless given. */
  readonly timeoutMs?: number;
  /** Posted to the module piece by piece, and null after the last. What it throws, `runInThread` throws. */
  readonly feed?: AsyncIterable<unknown>;
  /** Is given the number of each `{ progress }` that the module posts before its result. */
  readonly onProgress?: (progress: number) => void;
}

/** How far a module is; not its result. */
const progressOf = (message: unknown): number | null =>
  typeof message === 'object' && message !== null && 'progress' in message ? Number(message.progress) : null;

/**
 * Runs a module in a thread of its own, and returns the one message that it posts besides progress.
 * @throws ThreadError; what the module throws
 */
export function runInThread<Result>({
  entry,
  data,
  memoryMb,
  timeoutMs,
  feed,
  onProgress,
}: ThreadTask): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = startThread(entry, data, memoryMb);
    if (feed !== undefined)
      void feedThread(worker, feed).catch((error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        void worker.terminate();
      });
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            reject(new ThreadError('time'));
            void worker.terminate();
          }, timeoutMs);
    worker.on('message', (message: unknown) => {
      const progress = progressOf(message);
      if (progress !== null) {
        onProgress?.(progress);
        return;
      }
      resolve(message as Result);
      void worker.terminate();
    });
    worker.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new ThreadError('memory') : error);
    });
    worker.once('exit', () => {
      clearTimeout(timer);
      reject(new ThreadError('ended'));
    });
  });
}

async function feedThread(worker: Worker, feed: AsyncIterable<unknown>): Promise<void> {
  const ended = new AbortController();
  worker.once('exit', () => ended.abort());
  for await (const piece of feed) {
    if (ended.signal.aborted) return;
    worker.postMessage(piece);
  }
  worker.postMessage(null);
}

/** Returns a function that runs tasks as `runInThread` does, one after the other. */
export function threadQueue(): <Result>(task: ThreadTask) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(task: ThreadTask) => {
    const result = last.then(() => runInThread<Result>(task));
    last = result.catch(() => undefined);
    return result;
  };
}

/**
 * Starts a module of this project in a thread, as source or built, as the program itself runs.
 * @param module its address without the extension
 */
export function startThread(module: URL, workerData: unknown, memoryMb: number): Worker {
  const options = { workerData, resourceLimits: { maxOldGenerationSizeMb: memoryMb } };
  const extension = extname(import.meta.url);
  const entry = new URL(`${module.href}${extension}`);
  if (extension === '.js') return new Worker(entry, options);
  // Sources, as scripts and tests run them: a thread does not inherit the loader that reads them.
  const loader = createRequire(import.meta.url).resolve('tsx/cjs/api');
  const code = `require(${JSON.stringify(loader)}).register(); require(${JSON.stringify(fileURLToPath(entry))})`;
  return new Worker(code, { ...options, eval: true });
}
