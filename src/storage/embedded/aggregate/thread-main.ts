import { parentPort, workerData } from 'node:worker_threads';
import { decode, encode, type Doc } from '../bson.js';
import { Engine } from '../engine.js';
import { isServerError } from '../errors.js';
import { openDatabase } from '../open-file.js';
import { StorageError } from '../../storage-error.js';
import type { FromThread, StartMessage, ThreadData, ToldError, ToThread } from './messages.js';
import { Aggregation } from './pipeline.js';

/**
 * The thread of thread.ts: runs aggregations on a connection of its own, which only reads. It sees what is
 * committed, as every other process does.
 */
const BATCH = 1000;
const BATCH_BYTES = 2 * 1024 * 1024;

const { path, name } = workerData as ThreadData;
const tell = (message: FromThread): void => parentPort?.postMessage(message);

const opening = openDatabase(path).then((db) => {
  db.exec('PRAGMA query_only = ON');
  return db;
});
const running = new Map<number, Running>();

class Running {
  readonly #id: number;
  readonly #aggregation: Aggregation;
  /** Worked out, and not asked for yet. */
  #ready: readonly Doc[] = [];

  constructor(id: number, aggregation: Aggregation) {
    this.#id = id;
    this.#aggregation = aggregation;
  }

  async more(): Promise<void> {
    while (this.#ready.length === 0) {
      const docs = await this.#aggregation.next();
      if (!running.has(this.#id)) return;
      if (docs === undefined) {
        running.delete(this.#id);
        tell({ kind: 'end', id: this.#id });
        return;
      }
      this.#ready = docs;
    }
    const docs: Uint8Array[] = [];
    for (let bytes = 0; docs.length < BATCH && bytes < BATCH_BYTES;) {
      const doc = this.#ready[docs.length];
      if (!doc) break;
      const encoded = encode(doc);
      bytes += encoded.length;
      docs.push(encoded);
    }
    this.#ready = this.#ready.slice(docs.length);
    tell({ kind: 'batch', id: this.#id, docs });
  }
}

async function start({ id, collection, request, maxTimeMs, now }: StartMessage): Promise<void> {
  const engine = new Engine(await opening, name, { now: () => new Date(now) }, { readonly: true });
  const { pipeline, collation, hint, decode: decoding } = decode(request);
  const aggregation = new Aggregation(engine, collection, pipeline, {
    collation,
    hint,
    maxTimeMs,
    ...(decoding !== null && decoding !== undefined && { decode: decoding }),
  });
  running.set(id, new Running(id, aggregation));
  await running.get(id)?.more();
}

function told(error: unknown): ToldError {
  const message = error instanceof Error ? error.message : String(error);
  if (isServerError(error)) {
    const { code, codeName } = error;
    return {
      message,
      ...(typeof code === 'number' && { code }),
      ...(codeName !== undefined && { codeName }),
    };
  }
  return { message, ...(error instanceof StorageError && { storage: true }) };
}

async function handle(message: ToThread): Promise<void> {
  switch (message.kind) {
    case 'start':
      return start(message);
    case 'more':
      return running.get(message.id)?.more();
    case 'stop':
      running.delete(message.id);
      return;
    case 'quit':
      (await opening).close();
      parentPort?.close();
  }
}

parentPort?.on('message', (message: ToThread) => {
  handle(message).catch((error: unknown) => {
    if (message.kind === 'quit') throw error;
    running.delete(message.id);
    tell({ kind: 'error', id: message.id, error: told(error) });
  });
});
