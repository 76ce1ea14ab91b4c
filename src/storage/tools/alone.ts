import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { pause } from '../embedded/retry.js';
import { isBusy, isCorrupt, isNotADatabase, Sqlite } from '../embedded/sqlite.js';
import { checkFormat } from '../embedded/open-file.js';
import { StorageError } from '../storage-error.js';
import { embeddedPath, mustExist } from './files.js';

/** Another command may be about to end. */
const PATIENCE_MS = 2000;
const STEP_MS = 50;

export interface Alone {
  readonly db: Sqlite;
  /** Lets others in again. */
  release(): void;
}

/**
 * Opens an embedded database that no other process has open, and keeps others out. Its log is folded in, so
 * that the one file is all of it.
 * @throws StorageError when another process has it open, or it is damaged
 */
export async function holdAlone(path: string): Promise<Alone> {
  const log = keepLog(path);
  const db = new Sqlite(path);
  try {
    await becomeAlone(db, path);
  } catch (error) {
    release(db);
    if (!isNotADatabase(error) && !isCorrupt(error)) throw error;
    log.putBack();
    throw new DamagedError(path, error);
  } finally {
    log.forget();
  }
  return { db, release: () => release(db) };
}

/** Closing a file it cannot read, SQLite deletes its log, which may be what is left of the latest writes. */
function keepLog(path: string): { putBack(): void; forget(): void } {
  const log = `${path}-wal`;
  const kept = `${log}.${process.pid}.kept`;
  try {
    linkSync(log, kept);
  } catch {
    // There is no log, or the file system knows no links.
  }
  return {
    putBack: () => {
      if (existsSync(kept) && !existsSync(log)) renameSync(kept, log);
    },
    forget: () => rmSync(kept, { force: true }),
  };
}

/** A file that cannot say who has it open. */
export class DamagedError extends StorageError {
  constructor(path: string, cause: unknown) {
    super(`the database ${path} is damaged`, { cause });
  }
}

async function becomeAlone(db: Sqlite, path: string): Promise<void> {
  for (let waited = 0; ; waited += STEP_MS) {
    try {
      checkFormat(db, path);
      // Leaving the log's mode needs a lock that only a lone connection gets.
      db.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      db.exec('PRAGMA locking_mode = NORMAL');
      if (waited >= PATIENCE_MS) throw inUse(path, error);
    }
    await pause(STEP_MS);
  }
}

const inUse = (path: string, cause: unknown): StorageError =>
  new StorageError(`another process has ${path} open: stop the server and other commands first`, { cause });

function release(db: Sqlite): void {
  try {
    // The lock goes with the next read, not with close(): see sqlite.ts.
    db.exec('PRAGMA locking_mode = NORMAL');
    db.exec('SELECT count(*) FROM sqlite_master');
  } catch {
    // A damaged file was never locked.
  }
  db.close();
}

/** @throws StorageError when another process has the database of this URL open; MongoDB does not tell */
export async function checkAlone(url: string): Promise<void> {
  if (!/^file:/i.test(url)) return;
  const path = embeddedPath(url, '');
  mustExist(path);
  (await holdAlone(path)).release();
}
