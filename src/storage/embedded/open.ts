import { basename, extname } from 'node:path';
import type { Connection } from 'mongoose';
import { systemClock, type Clock } from '../../shared/clock.js';
import type { Storage } from '../index.js';
import { StorageError } from '../storage-error.js';
import { CATALOG_SQL } from './catalog.js';
import { connectEngine } from './driver.js';
import { Engine } from './engine.js';
import { MEMORY, noteOpen, pathOf, prepareFile } from './file.js';
import { whileBusy } from './retry.js';
import { isCorrupt, isNotADatabase, Sqlite } from './sqlite.js';
import { Sweeper } from './ttl.js';
import { verifyEngine, type VerifyReport } from './verify.js';

/** "Nast": marks our files, so that another program's database is not taken for ours. */
const APPLICATION_ID = 0x4e_61_73_74;
/** Of the tables described in catalog.ts. A higher one was written by a later version of this program. */
const FORMAT = 1;

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

  readonly #closed: () => void;
  #closing: Promise<void> | undefined;

  /** @param closed is called once the file is closed */
  constructor(connection: Connection, engine: Engine, closed: () => void) {
    this.connection = connection;
    this.#engine = engine;
    this.#closed = closed;
    this.#sweeper = new Sweeper(engine);
    this.#sweeper.start((error) => {
      // The next sweep tries again; without a listener an 'error' event would end the process.
      if (connection.listenerCount('error') > 0) connection.emit('error', error);
    });
  }

  async ensureIndexes(): Promise<void> {
    for (const model of Object.values(this.connection.models)) await model.createIndexes();
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

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#sweeper.stop();
    await this.#engine.close();
    this.#closed();
    await this.connection.close();
  }
}

/** @throws StorageError */
export async function openEmbedded(url: string, clock: Clock = systemClock): Promise<EmbeddedStorage> {
  const path = pathOf(url);
  if (path !== MEMORY) prepareFile(path);
  const db = await openDatabase(path);
  const name = path === MEMORY ? 'memory' : basename(path, extname(path));
  const engine = new Engine(db, name, clock);
  const closed = path === MEMORY ? () => undefined : noteOpen(path);
  return new EmbeddedStorage(await connectEngine(engine), engine, closed);
}

async function openDatabase(path: string): Promise<Sqlite> {
  let db: Sqlite | undefined;
  try {
    const opened = new Sqlite(path);
    db = opened;
    await whileBusy(() => checkFormat(opened, path));
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
      : `cannot open the database ${path}: ${error instanceof Error ? error.message : 'unknown reason'}`;
  return new StorageError(why, { cause: error });
}

/** Before anything is changed: is this file ours, and not from a later version? */
function checkFormat(db: Sqlite, path: string): void {
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

function initialize(db: Sqlite, path: string): void {
  if (Number(db.value('PRAGMA user_version')) === FORMAT) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have done it meanwhile.
    checkFormat(db, path);
    db.exec(
      `${CATALOG_SQL} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}; COMMIT`,
    );
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
