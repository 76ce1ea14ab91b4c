import { StorageError } from '../storage-error.js';
import { backoff, BUSY_LIMIT_MS, busyTooLong } from './retry.js';
import { isBusy, readable, type Sqlite } from './sqlite.js';

/** What the writer tells its owner. */
export interface WriterHooks {
  /** A transaction has begun: no other process can change the file until it ends. */
  begun(): void;
  /** Something written since `begun` was undone. */
  undone(): void;
}

interface Job {
  readonly run: () => unknown;
  readonly settle: (result: unknown) => void;
  readonly fail: (error: unknown) => void;
  readonly expires: number;
}

/** A group stops taking writes after this long, so that the event loop turns; the rest go into the next. */
const GROUP_MS = 8;

/**
 * Group commit: the writes of one event-loop turn share one transaction, and with it one wait for the disk.
 * Each write of a group has its own savepoint: a failed one is undone by itself. A promise settles only after COMMIT, so
 * an acknowledged write is on the disk.
 */
export class Writer {
  readonly #db: Sqlite;
  readonly #hooks: WriterHooks;
  readonly #now: () => number;
  #queue: Job[] = [];
  #pending = false;
  #attempt = 0;
  #closed = false;
  #drained: (() => void)[] = [];

  /** @param now milliseconds that pass, by which a group ends */
  constructor(db: Sqlite, hooks: WriterHooks, now: () => number = () => performance.now()) {
    this.#db = db;
    this.#hooks = hooks;
    this.#now = now;
  }

  /**
   * @param job runs synchronously inside the transaction
   * @returns what the job returned, after COMMIT
   * @throws what the job threw; StorageError when another process kept the file locked, or after close
   */
  run<T>(job: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new StorageError('the storage is closed'));
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({
        run: job,
        settle: resolve as (result: unknown) => void,
        fail: reject,
        expires: Date.now() + BUSY_LIMIT_MS,
      });
      this.#schedule();
    });
  }

  /** Takes no more writes; resolves when those under way have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#queue.length > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #schedule(): void {
    if (this.#pending) return;
    this.#pending = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      this.#attempt = 0;
    } catch (error) {
      if (isBusy(error)) {
        this.#later(error);
        return;
      }
      this.#pending = false;
      this.#failAll(this.#queue.splice(0), error);
      return;
    }
    this.#pending = false;
    const group: { job: Job; outcome: () => void }[] = [];
    try {
      this.#hooks.begun();
      this.#runGroup(group);
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#rollback();
      // What has not been run yet is not to blame; it goes into the next group.
      this.#failAll(group.length > 0 ? group.map((entry) => entry.job) : this.#queue.splice(0), error);
      group.length = 0;
    }
    for (const { outcome } of group) outcome();
    if (this.#queue.length > 0) this.#schedule();
    else this.#tellDrained();
  }

  #runGroup(group: { job: Job; outcome: () => void }[]): void {
    const alone = this.#queue.length === 1;
    const until = this.#now() + GROUP_MS;
    let taken = 0;
    try {
      for (const job of this.#queue) {
        taken++;
        const entry = { job, outcome: (): void => undefined };
        group.push(entry);
        entry.outcome = this.#runOne(job, alone);
        if (this.#now() > until) break;
      }
    } finally {
      this.#queue = this.#queue.slice(taken);
    }
  }

  /** Returns what to tell the caller once the transaction is through. */
  #runOne(job: Job, alone: boolean): () => void {
    // A group of one needs no savepoint: undoing it is undoing the transaction.
    if (!alone) this.#db.exec('SAVEPOINT write');
    try {
      const result = job.run();
      if (!alone) this.#db.exec('RELEASE write');
      return () => job.settle(result);
    } catch (error) {
      // SQLite ends the transaction by itself when the disk is full or fails: then the whole group is lost.
      if (!this.#db.inTransaction) throw error;
      if (alone) {
        this.#db.exec('ROLLBACK; BEGIN');
      } else {
        this.#db.exec('ROLLBACK TO write; RELEASE write');
      }
      this.#hooks.undone();
      return () => job.fail(readable(error));
    }
  }

  #later(error: unknown): void {
    const now = Date.now();
    const expired = this.#queue.filter((job) => job.expires < now);
    if (expired.length > 0) {
      this.#queue = this.#queue.filter((job) => job.expires >= now);
      this.#failAll(expired, busyTooLong(error));
    }
    if (this.#queue.length === 0) {
      this.#pending = false;
      this.#tellDrained();
      return;
    }
    setTimeout(() => this.#flush(), backoff(this.#attempt++));
  }

  #rollback(): void {
    try {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    } finally {
      this.#hooks.undone();
    }
  }

  #failAll(jobs: readonly Job[], error: unknown): void {
    const told = readable(error);
    for (const job of jobs) job.fail(told);
    if (this.#queue.length === 0) this.#tellDrained();
  }

  #tellDrained(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}
