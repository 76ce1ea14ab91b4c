import type { Connection } from 'mongoose';
import type { Clock } from '../shared/clock.js';
import type { Migration } from './migrations/index.js';
import type { ScanWatch } from './scans.js';

/**
 * The database. All features use Mongoose models on `connection`; the URL decides which engine is behind it.
 */
export interface Storage {
  readonly engine: 'embedded' | 'mongodb';
  /** Define models here: `storage.connection.model('Slot', slotSchema)`. */
  readonly connection: Connection;
  /**
   * Runs the migrations the database has not seen, and builds every index the defined models declare. Idempotent,
   * and quick when there is nothing to do.
   * @throws when a migration fails, or a unique index cannot be built on the data that is there
   */
  ensureIndexes(): Promise<void>;
  /** One round trip; throws when the database does not answer. For `/readyz`. */
  ping(): Promise<void>;
  /**
   * Removes documents that TTL indexes find expired, at once instead of within a minute, and returns their number. Does
   * nothing on MongoDB, which removes them by itself.
   */
  sweepExpired(): Promise<number>;
  /**
   * Folds the embedded engine's log into its file, where deleted data has been overwritten: after an erasure neither of
   * them holds it. Does nothing on MongoDB.
   */
  foldLog(): Promise<void>;
  /** Waits for writes in progress, then closes. Safe to call twice. */
  close(): Promise<void>;
}

export interface StorageOptions {
  /** `file:./data/nastavnik.db`, `file::memory:` (tests), `mongodb://…` or `mongodb+srv://…` */
  readonly url: string;
  /** Decides what a TTL index finds expired on the embedded engine. */
  readonly clock?: Clock;
  /**
   * For tools that read everything: an embedded file must exist, reads show it as it was when it was opened, and writes
   * fail. Has no effect on MongoDB.
   */
  readonly readonly?: boolean;
  readonly scans?: ScanWatch;
  /** For tests; {@link MIGRATIONS} otherwise. */
  readonly migrations?: readonly Migration[];
}

export type { Migration };
export type { Scan, ScanWatch } from './scans.js';
export { isDuplicateKey, refusalsOf, takenField, unlessTaken } from './duplicate-key.js';
export { keepReads, type KeptReads } from './kept.js';
export { modelOf } from './model.js';
export { openStorage } from './connect.js';
export { shownUrl } from './mongodb.js';
export { ifWritable, storageProblem } from './problem.js';
export { StorageError } from './storage-error.js';
export { verifyStorage, type VerifyReport } from './verify.js';
