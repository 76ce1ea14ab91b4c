import { setTimeout as pause } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.js';

/** Two writes met on one document. A server of MongoDB's own tries again by itself; compatible ones leave it to us. */
const WRITE_CONFLICT = 112;

/** Pauses before the next tries, in milliseconds; each is a little longer or shorter. */
const PAUSES_MS = [5, 15, 40, 100, 250];

const isWriteConflict = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === WRITE_CONFLICT;

/** The writes of a collection that stand for themselves; the last argument may be their options. */
const WRITES = [
  'insertOne',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'findOneAndUpdate',
  'findOneAndReplace',
  'findOneAndDelete',
] as const;

type Write = (...args: unknown[]) => Promise<unknown>;
type Writes = Record<(typeof WRITES)[number] | 'bulkWrite', Write>;

/**
 * Makes all writes of a database that fail for a passing reason run again: a write conflict after growing pauses; once,
 * an upsert that another one has just overtaken, for the second time it updates.
 * https://www.mongodb.com/docs/manual/reference/method/db.collection.updateOne/#upsert-with-duplicate-values
 */
export function retryWrites(db: Pick<mongo.Db, 'collection'>): void {
  const collectionOf = db.collection.bind(db);
  db.collection = ((...args: Parameters<typeof collectionOf>) => {
    const collection = collectionOf(...args);
    const writes = collection as unknown as Writes;
    for (const name of WRITES) {
      const write = writes[name].bind(collection);
      writes[name] = (...given) => retried(() => write(...given), isUpsert(given.at(-1)));
    }
    const bulkWrite = writes.bulkWrite.bind(collection);
    writes.bulkWrite = (operations, options) => bulkRetried(bulkWrite, operations as Operation[], options);
    return collection;
  }) as typeof db.collection;
}

const isUpsert = (options: unknown): boolean => (options as { upsert?: unknown } | null)?.upsert === true;

/** Runs a write, and again if it fails for a passing reason. */
export async function retried<Value>(write: () => Promise<Value>, upsert: boolean): Promise<Value> {
  let overtaken = false;
  for (let tries = 0; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (upsert && !overtaken && isDuplicateKey(error)) {
        overtaken = true;
        continue;
      }
      const wait = PAUSES_MS[tries];
      if (!isWriteConflict(error) || wait === undefined) throw error;
      await pause(wait * (0.5 + Math.random()));
    }
  }
}

type Operation = Readonly<Record<string, { readonly upsert?: boolean } | undefined>>;
interface BulkError {
  readonly writeErrors?: unknown;
}

/**
 * Runs the operations of an unordered bulk write, and once more those that another write has overtaken. The result is
 * that of the last run.
 */
async function bulkRetried(
  bulkWrite: Write,
  operations: readonly Operation[],
  options: unknown,
): Promise<unknown> {
  try {
    return await bulkWrite(operations, options);
  } catch (error) {
    const failed = [(error as BulkError).writeErrors ?? []].flat() as { index: number; code: number }[];
    const passing = failed.every(
      (fault) =>
        isWriteConflict(fault) || (isDuplicateKey(fault) && isUpsertOperation(operations[fault.index])),
    );
    const ordered = (options as { ordered?: boolean } | undefined)?.ordered !== false;
    if (ordered || failed.length === 0 || !passing) throw error;
    await pause(PAUSES_MS[1]);
    return bulkWrite(
      failed.flatMap(({ index }) => operations[index] ?? []),
      options,
    );
  }
}

const isUpsertOperation = (operation: Operation | undefined): boolean =>
  Object.values(operation ?? {}).some((part) => part?.upsert === true);
