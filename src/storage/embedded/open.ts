import { existsSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Connection } from 'mongoose';
import { systemClock } from '../../shared/clock.js';
import type { Storage, StorageOptions } from '../index.js';
import { MIGRATIONS, type Migration } from '../migrations/index.js';
import { ensureSchema } from '../schema.js';
import { StorageError } from '../storage-error.js';
import { CATALOG_SQL, CATALOG_UPGRADES } from './catalog.js';
import { connectEngine } from './driver.js';
import { Engine } from './engine.js';
import { checkSize, MEMORY, noteOpen, pathOf, prepareFile } from './file.js';
import { whileBusy } from './retry.js';
import { isCorrupt, isNotADatabase, readable, Sqlite } from './sqlite.js';
import { fileStats, type FileStats } from './stats.js';
import { Sweeper } from './ttl.js';
import { verifyEngine, type VerifyReport } from './verify.js';

/** "Nast": marks our files, so that another program's database is not taken for ours. */
const APPLICATION_ID = 0x4e_61_73_74;
/** Of the tables described in catalog.ts. A higher one was written by a later version of this program. */
const FORMAT = 2;

const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA cache_size = -16000;
  PRAGMA journal_size_limit = 67108864;
`;

/** The engine behind `file:` URLs. */
export class EmbeddedStorage implements Storage {
  readonly engine = 'embedded';
  readonly connection: Connection;
  readonly #engine: Engine;
  readonly #sweeper: Sweeper;
  readonly #migrations: readonly Migration[];
  #closing: Promise<void> | undefined;

  constructor(connection: Connection, engine: Engine, migrations: readonly Migration[]) {
    this.#migrations = migrations;
    this.connection = connection;
    this.#engine = engine;
    this.#sweeper = new Sweeper(engine);
    if (engine.readonly) return;
    this.#sweeper.start((error) => {
      // The next sweep tries again; without a listener an 'error' event would end the process.
      if (connection.listenerCount('error') > 0) connection.emit('error', error);
    });
  }

  ensureIndexes(): Promise<void> {
    return ensureSchema(this.connection, this.#migrations);
  }

  async ping(): Promise<void> {
    await this.#engine.read(() => this.#engine.db.value('SELECT 1'));
  }

  sweepExpired(): Promise<number> {
    return this.#sweeper.sweep();
  }

  verify(): Promise<VerifyReport> {
    return verifyEngine(this.#engine);
  }

  stats(): Promise<FileStats> {
    return fileStats(this.#engine);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#sweeper.stop();
    await this.#engine.close();
    await this.connection.close();
  }
}

/** @throws StorageError */
export async function openEmbedded({
  url,
  clock = systemClock,
  readonly = false,
  scans,
  migrations = MIGRATIONS,
}: StorageOptions): Promise<EmbeddedStorage> {
  const path = pathOf(url);
  if (path !== MEMORY) {
    if (readonly && !existsSync(path)) throw new StorageError(`there is no database at ${path}`);
    prepareFile(path);
  }
  const db = await openDatabase(path);
  const name = path === MEMORY ? 'memory' : basename(path, extname(path));
  if (readonly) await whileBusy(() => freeze(db));
  const engine = new Engine(db, name, clock, { readonly, scans });
  return new EmbeddedStorage(await connectEngine(engine), engine, migrations);
}

/** From here on the connection sees the database as it is now, whatever other processes write. */
function freeze(db: Sqlite): void {
  db.exec('PRAGMA query_only = ON');
  if (!db.inTransaction) db.exec('BEGIN');
  db.value('SELECT count(*) FROM collections');
}

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

const identityOf = (path: string): number =>
  path === MEMORY ? 0 : (statSync(path, { throwIfNoEntry: false })?.ino ?? 0);

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

export function asStorageError(error: unknown, path: string): StorageError {
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

/** Before anything is changed: is this file ours, and not from a later version? */
export function checkFormat(db: Sqlite, path: string): void {
  const format = Number(db.value('PRAGMA user_version'));
  const application = Number(db.value('PRAGMA application_id'));
  const tables = Number(db.value('SELECT count(*) FROM sqlite_master'));
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
  const size = path === MEMORY ? undefined : statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined || size === 0) return;
  checkSize(path, size, Number(db.value('PRAGMA page_count')) * Number(db.value('PRAGMA page_size')));
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
