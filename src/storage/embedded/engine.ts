import type { Clock } from '../../shared/clock.js';
import type { ScanWatch } from '../scans.js';
import { StorageError } from '../storage-error.js';
import type { AggregationThread } from './aggregate/thread.js';
import { Catalog, type CollectionInfo } from './catalog.js';
import { Changes } from './changes.js';
import { ErrorCode, serverError } from './errors.js';
import { whileBusy } from './retry.js';
import { isBusy, isMissingTable, readable, type Sqlite } from './sqlite.js';
import { Writer } from './writer.js';

export interface EngineOptions {
  readonly readonly?: boolean;
  readonly scans?: ScanWatch | undefined;
  readonly thread?: AggregationThread | undefined;
}

/** One open database file: how everything else reads and writes it. */
export class Engine {
  readonly db: Sqlite;
  readonly catalog: Catalog;
  readonly changes: Changes;
  /** Shown before a collection's name in messages, as MongoDB shows the database's. */
  readonly name: string;
  readonly clock: Clock;
  readonly readonly: boolean;
  /** For large aggregations; undefined for a database in memory, and for one that is seen at one moment. */
  readonly thread: AggregationThread | undefined;
  readonly scans: ScanWatch | undefined;
  readonly #writer: Writer;
  #closing: Promise<void> | undefined;

  constructor(
    db: Sqlite,
    name: string,
    clock: Clock,
    { readonly = false, scans, thread }: EngineOptions = {},
  ) {
    this.thread = thread;
    this.db = db;
    this.name = name;
    this.clock = clock;
    this.readonly = readonly;
    this.scans = scans;
    this.catalog = new Catalog(db);
    this.changes = new Changes(db);
    this.catalog.refresh();
    this.#writer = new Writer(db, {
      begun: () => this.catalog.refresh(),
      undone: () => this.catalog.refresh(),
    });
  }

  namespace(collection: string): string {
    return `${this.name}.${collection}`;
  }

  /** Runs `job` in the next group commit; see {@link Writer.run}. */
  write<T>(job: () => T): Promise<T> {
    if (this.readonly) return Promise.reject(new StorageError('the database was opened for reading only'));
    return this.#writer.run(job);
  }

  /**
   * Runs a read at once, again while another process locks the file, and again with a fresh view of the
   * catalog when a table went away meanwhile.
   */
  read<T>(action: () => T): Promise<T> {
    if (this.#closing) return Promise.reject(new StorageError('the storage is closed'));
    try {
      return Promise.resolve(action());
    } catch (error) {
      return this.#readAgain(action, error);
    }
  }

  async #readAgain<T>(action: () => T, first: unknown): Promise<T> {
    let error = first;
    for (let attempt = 0; ; attempt++) {
      if (isMissingTable(error) && attempt <= 3) await whileBusy(() => this.catalog.refresh());
      else if (!isBusy(error)) throw readable(error);
      try {
        return await whileBusy(action);
      } catch (next) {
        error = next;
      }
    }
  }

  /** For reading: undefined when there is no such collection, which is an empty one. */
  collection(name: string): CollectionInfo | undefined {
    const known = this.catalog.find(name);
    if (known) return known;
    // Another process may have created it.
    this.catalog.refresh();
    return this.catalog.find(name);
  }

  /** For writing, inside a transaction: created on first use, as MongoDB does. */
  collectionForWrite(name: string): CollectionInfo {
    return this.catalog.find(name) ?? this.createCollection(name);
  }

  createCollection(name: string): CollectionInfo {
    if (name === '' || name.includes('$') || name.includes('\0') || name.startsWith('system.')) {
      throw serverError(ErrorCode.InvalidNamespace, `Invalid collection name: ${name}`);
    }
    return this.catalog.createCollection(name);
  }

  /** Inside a transaction. */
  dropCollection(info: CollectionInfo): void {
    this.catalog.dropCollection(info);
    this.changes.dropped(info.name);
  }

  /** Undoes what `action` wrote, and nothing else, when it throws. Inside a transaction. */
  isolated<T>(action: () => T): T {
    this.db.exec('SAVEPOINT part');
    try {
      const result = action();
      this.db.exec('RELEASE part');
      return result;
    } catch (error) {
      if (this.db.inTransaction) {
        this.db.exec('ROLLBACK TO part; RELEASE part');
        this.catalog.refresh();
      }
      throw error;
    }
  }

  /** Folds the log into the file and empties it, unless another process is reading: then a later call does. */
  async foldLog(): Promise<void> {
    await this.read(() => this.db.value('PRAGMA wal_checkpoint(TRUNCATE)'));
  }

  /** Waits for the writes under way, folds the log into the file, closes. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writer.close();
    await this.thread?.close();
    try {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Another process is reading: the last one to close, or the next to open, merges the log.
    }
    this.db.close();
  }
}
