import { statSync } from 'node:fs';
import { StorageError } from '../storage-error.js';
import { CATALOG_SQL, CATALOG_UPGRADES } from './catalog.js';
import { checkSize, MEMORY, noteOpen } from './file.js';
import { whileBusy } from './retry.js';
import { isCorrupt, isNotADatabase, readable, Sqlite } from './sqlite.js';

/** "Nast": marks our files, so that another program's database is not taken for ours. */
const APPLICATION_ID = 0x4e_61_73_74;
/** Of the tables described in catalog.ts. A higher one was written by a later version of this program. */
const FORMAT = 2;

const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA cache_size = -16000;
  PRAGMA journal_size_limit = 67108864;
`;

/** A file that is swapped while it is opened is opened again, as often as this. */
const MAX_SWAPS = 5;

/**
 * Opens a file as this program's database, making it one when it is empty.
 * @throws StorageError with one line saying what is wrong with it
 */
export async function openDatabase(path: string): Promise<Sqlite> {
  for (let swaps = 0; ; swaps++) {
    const before = identityOf(path);
    const db = await openOnce(path);
    // `restore` and `compact` put another file in its place; what was opened here may be the old one.
    if (identityOf(path) === before || swaps === MAX_SWAPS) return db;
    db.close();
  }
}

/** Returns what tells a file from another one at the same place; '' for none, and for a database in memory. */
export function identityOf(path: string): string {
  const found = path === MEMORY ? undefined : statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev} ${found.ino}`;
}

async function openOnce(path: string): Promise<Sqlite> {
  if (path !== MEMORY) noteOpen(path);
  let db: Sqlite | undefined;
  try {
    const opened = new Sqlite(path);
    db = opened;
    await whileBusy(() => checkFormat(opened, path));
    await whileBusy(() => checkWhole(opened, path));
    await whileBusy(() => opened.exec(SETTINGS));
    await whileBusy(() => initialize(opened, path));
    return opened;
  } catch (error) {
    db?.close();
    throw asStorageError(error, path);
  }
}

function asStorageError(error: unknown, path: string): StorageError {
  if (error instanceof StorageError) return error;
  const why = isNotADatabase(error)
    ? `${path} is not a database of this program; it was left as it is`
    : isCorrupt(error)
      ? `the database ${path} is damaged; restore a backup`
      : `cannot open the database ${path}: ${trouble(error)}`;
  return new StorageError(why, { cause: error });
}

function trouble(error: unknown): string {
  const known = readable(error);
  return known instanceof Error ? known.message : 'unknown reason';
}

/**
 * Before anything is changed: is this file ours, and not from a later version?
 * The marks and the tables are read in one transaction: another process may be making the database just now.
 */
export function checkFormat(db: Sqlite, path: string): void {
  const own = !db.inTransaction;
  if (own) db.exec('BEGIN');
  let tables: number;
  let format: number;
  let application: number;
  try {
    tables = Number(db.value('SELECT count(*) FROM sqlite_master'));
    format = Number(db.value('PRAGMA user_version'));
    application = Number(db.value('PRAGMA application_id'));
  } finally {
    if (own) db.exec('COMMIT');
  }
  if (tables > 0 && application !== APPLICATION_ID) {
    throw new StorageError(`${path} is a database of another program; it was left as it is`);
  }
  if (format > FORMAT) {
    throw new StorageError(
      `the database ${path} was written by a later version (format ${format}, this version knows ${FORMAT}); update the program`,
    );
  }
}

function checkWhole(db: Sqlite, path: string): void {
  if (path === MEMORY) return;
  // The pages first: a file to which another process writes may have grown by the time its size is read.
  const bytes = Number(db.value('PRAGMA page_count')) * Number(db.value('PRAGMA page_size'));
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size !== undefined && size > 0) checkSize(path, size, bytes);
}

function initialize(db: Sqlite, path: string): void {
  if (Number(db.value('PRAGMA user_version')) === FORMAT) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have done it meanwhile.
    checkFormat(db, path);
    const upgrade = CATALOG_UPGRADES[Number(db.value('PRAGMA user_version'))] ?? '';
    db.exec(
      `${upgrade} ${CATALOG_SQL} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}; COMMIT`,
    );
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
