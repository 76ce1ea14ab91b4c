import type { Worker } from 'node:worker_threads';
import { mongo } from 'mongoose';
import { decode, encode, type DecodeOptions, type Doc } from '../bson.js';
import { ErrorCode, serverError } from '../errors.js';
import { startThread } from '../../../shared/threads.js';
import { StorageError } from '../../storage-error.js';
import type { FromThread, ThreadData, ToldError, ToThread } from './messages.js';
import type { AggregateOptions } from './pipeline.js';

/** Kept this long after its last aggregation: starting it takes some hundred milliseconds. */
const IDLE_MS = 30_000;
/** What all large aggregations of the process may take together; beyond it they fail, and the process lives on. */
const MEMORY_MB = 512;

interface Waiting {
  readonly settle: (docs: readonly Uint8Array[] | undefined) => void;
  readonly fail: (error: Error) => void;
}

/** An aggregation in the thread. */
export interface ThreadAggregation {
  /** Returns the next documents, at least one; undefined at the end. */
  next(): Promise<readonly Doc[] | undefined>;
}

/**
 * Runs large aggregations on the same file in a thread of their own, so that grouping and sorting hundreds of
 * thousands of documents keeps no request waiting. One thread per open file: memory stays bounded.
 */
export class AggregationThread {
  readonly #data: ThreadData;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #started = 0;
  #closed = false;
  readonly #waiting = new Map<number, Waiting>();
  readonly #running = new Set<number>();

  constructor(data: ThreadData) {
    this.#data = data;
  }

  start(collection: string, pipeline: unknown, options: AggregateOptions, now: Date): ThreadAggregation {
    const id = ++this.#started;
    const { collation = null, hint = null, decode: decoding, maxTimeMs = 0 } = options;
    const request = encode({ pipeline, collation, hint, decode: decoding ?? null });
    let begun = false;
    return {
      next: async () => {
        if (begun && !this.#running.has(id)) return undefined;
        const docs = await this.#ask(
          id,
          begun
            ? { kind: 'more', id }
            : { kind: 'start', id, collection, request, maxTimeMs, now: now.getTime() },
        );
        begun = true;
        return docs?.map((bytes) => decodeDocument(bytes, decoding));
      },
    };
  }

  /** Ends running aggregations. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#stop(new StorageError('the storage is closed'));
  }

  #ask(id: number, message: ToThread): Promise<readonly Uint8Array[] | undefined> {
    if (this.#closed) return Promise.reject(new StorageError('the storage is closed'));
    clearTimeout(this.#idle);
    this.#worker ??= this.#open();
    this.#worker.ref();
    this.#running.add(id);
    return new Promise((settle, fail) => {
      this.#waiting.set(id, { settle, fail });
      this.#worker?.postMessage(message);
    });
  }

  #open(): Worker {
    const worker = startThread(new URL('./thread-main', import.meta.url), this.#data, MEMORY_MB);
    worker.on('message', (message: FromThread) => {
      if (worker === this.#worker) this.#heard(message);
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#lost(error);
    });
    return worker;
  }

  #heard(message: FromThread): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind !== 'batch') this.#running.delete(message.id);
    this.#rest();
    if (message.kind === 'error') waiting?.fail(errorOf(message.error));
    else waiting?.settle(message.kind === 'batch' ? message.docs : undefined);
  }

  /** Without aggregations the thread does not keep the process alive and ends after a while. */
  #rest(): void {
    if (this.#waiting.size > 0) return;
    this.#worker?.unref();
    if (this.#running.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#stop(new StorageError('the thread was idle')), IDLE_MS);
    this.#idle.unref();
  }

  #lost(error: Error): void {
    const outOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const told = outOfMemory
      ? serverError(
          ErrorCode.MemoryLimitExceeded,
          `the aggregation needs more than ${MEMORY_MB} MB: group or sort fewer documents`,
        )
      : error;
    this.#worker = undefined;
    this.#failAll(told);
  }

  async #stop(reason: Error): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#failAll(reason);
    if (!worker) return;
    const gone = new Promise<void>((resolve) => {
      worker.once('exit', () => {
        resolve();
      });
    });
    // Waited for from here on: where nothing else keeps the process, it would end before the thread does.
    worker.ref();
    worker.postMessage({ kind: 'quit' } satisfies ToThread);
    await gone;
  }

  #failAll(reason: Error): void {
    this.#running.clear();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { fail } of waiting) fail(reason);
  }
}

const decodeDocument = (bytes: Uint8Array, options: DecodeOptions | undefined): Doc =>
  decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), options);

function errorOf({ message, code, codeName, storage }: ToldError): Error {
  if (storage === true) return new StorageError(message);
  return code === undefined ? new Error(message) : new mongo.MongoServerError({ message, code, codeName });
}
