import mongoose, { mongo } from 'mongoose';
import type { Doc } from '../bson.js';
import type { Engine } from '../engine.js';
import { badValue, isServerError } from '../errors.js';
import { TOO_FAR, type OrTooFar, type WriteOperation } from './target.js';

/** The driver's running account of a bulk write. */
export interface BulkAccount {
  ok: number;
  writeErrors: BulkWriteError[];
  writeConcernErrors: never[];
  insertedIds: { index: number; _id: unknown }[];
  nInserted: number;
  nUpserted: number;
  nMatched: number;
  nModified: number;
  nRemoved: number;
  upserted: { index: number; _id: unknown }[];
}

/** One step of a bulk: what to do, and how it changes the account. */
export interface BulkStep {
  readonly operation: WriteOperation<BulkChange>;
  /** As the caller gave it, for the error. */
  readonly source: unknown;
}

/** What a step did; a step of many documents may have failed half-way. */
export interface BulkChange {
  readonly counts: Partial<Pick<BulkAccount, 'nInserted' | 'nMatched' | 'nModified' | 'nRemoved'>>;
  readonly upsertedId?: unknown;
  readonly error?: unknown;
}

/** In the shape of the driver's own, which it does not export. */
export class BulkWriteError {
  constructor(readonly err: { index: number; code: number; errmsg: string; errInfo: unknown; op: unknown }) {}
  get code(): number {
    return this.err.code;
  }
  get index(): number {
    return this.err.index;
  }
  get errmsg(): string {
    return this.err.errmsg;
  }
  get errInfo(): unknown {
    return this.err.errInfo;
  }
  getOperation(): unknown {
    return this.err.op;
  }
  toJSON(): Doc {
    const { code, index, errmsg, op } = this.err;
    return { code, index, errmsg, op };
  }
}

type BulkResult = mongo.BulkWriteResult;

/** Mongoose looks for the driver's own class, and hands it on as part of its driver. */
const { BulkWriteResult } = (
  mongoose as unknown as {
    driver: { get(): { BulkWriteResult: new (account: BulkAccount, ordered: boolean) => BulkResult } };
  }
).driver.get();

/** A group of steps shares a transaction this long. */
const SLICE_MS = 5;

/**
 * Runs the steps in order, each by itself; as many as fit share a transaction.
 * @param insertedIds of the inserts, by their place in the bulk
 * @throws MongoBulkWriteError when a step failed: the first one ends an ordered bulk
 */
export async function runBulk(
  engine: Engine,
  steps: readonly BulkStep[],
  ordered: boolean,
  insertedIds: BulkAccount['insertedIds'],
): Promise<BulkResult> {
  if (steps.length === 0) throw badValue('Invalid BulkOperation, Batch cannot be empty');
  const bulk = new Bulk(engine, steps, ordered, insertedIds);
  await bulk.run();
  return bulk.conclude();
}

class Bulk {
  readonly #account: BulkAccount;
  #at = 0;
  /** Where the bulk is over: behind the last step, or behind the one that ended it. */
  #end: number;

  constructor(
    private readonly engine: Engine,
    private readonly steps: readonly BulkStep[],
    private readonly ordered: boolean,
    insertedIds: BulkAccount['insertedIds'],
  ) {
    this.#end = steps.length;
    this.#account = {
      ok: 1,
      writeErrors: [],
      writeConcernErrors: [],
      insertedIds,
      nInserted: 0,
      nUpserted: 0,
      nMatched: 0,
      nModified: 0,
      nRemoved: 0,
      upserted: [],
    };
  }

  async run(): Promise<void> {
    while (this.#at < this.#end) {
      // The account changes only after the transaction is through.
      const outcomes = await this.engine.write(() => this.#group());
      for (const outcome of outcomes) {
        const step = this.steps[this.#at];
        if (step && outcome.change === TOO_FAR) {
          this.#note(await settle(() => step.operation.later()));
        } else if (outcome.change !== TOO_FAR) {
          this.#note(outcome as Settled);
        }
      }
    }
  }

  /** Inside a transaction: as many steps as there is time for. */
  #group(): Outcome[] {
    const until = performance.now() + SLICE_MS;
    const outcomes: Outcome[] = [];
    for (let at = this.#at; at < this.steps.length; at++) {
      const step = this.steps[at];
      if (!step) break;
      const outcome = this.#runOne(step);
      outcomes.push(outcome);
      const failed =
        'error' in outcome || (typeof outcome.change === 'object' && outcome.change.error !== undefined);
      if (outcome.change === TOO_FAR || (this.ordered && failed) || performance.now() > until) break;
    }
    return outcomes;
  }

  #runOne({ operation }: BulkStep): Outcome {
    try {
      return { change: this.engine.isolated(() => operation.now()) };
    } catch (error) {
      if (!this.engine.db.inTransaction) throw error;
      return { change: undefined, error };
    }
  }

  #note({ change, error }: Settled): void {
    const index = this.#at++;
    const account = this.#account;
    if (change) {
      account.nInserted += change.counts.nInserted ?? 0;
      account.nMatched += change.counts.nMatched ?? 0;
      account.nModified += change.counts.nModified ?? 0;
      account.nRemoved += change.counts.nRemoved ?? 0;
      if (change.upsertedId !== undefined) {
        account.nUpserted++;
        account.upserted.push({ index, _id: change.upsertedId });
      }
    }
    const failure = error ?? change?.error;
    if (failure === undefined) return;
    // What the disk or the file refuses is not a matter of one step.
    if (!isServerError(failure)) throw failure instanceof Error ? failure : new Error('the write failed');
    account.writeErrors.push(
      new BulkWriteError({
        index,
        code: Number(failure.code),
        errmsg: failure.message,
        errInfo: undefined,
        op: this.steps[index]?.source,
      }),
    );
    if (this.ordered) this.#end = this.#at;
  }

  conclude(): BulkResult {
    const result = new BulkWriteResult(this.#account, this.ordered);
    const [first] = this.#account.writeErrors;
    if (!first) return result;
    throw new mongo.MongoBulkWriteError(
      {
        message: first.errmsg,
        code: first.code,
        writeErrors: this.#account.writeErrors as unknown as mongo.WriteError[],
      },
      result,
    );
  }
}

interface Outcome {
  readonly change: OrTooFar<BulkChange> | undefined;
  readonly error?: unknown;
}

interface Settled {
  readonly change: BulkChange | undefined;
  readonly error?: unknown;
}

async function settle(action: () => Promise<BulkChange>): Promise<Settled> {
  try {
    return { change: await action() };
  } catch (error) {
    return { change: undefined, error };
  }
}
