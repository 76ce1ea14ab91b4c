import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Connection } from 'mongoose';
import { systemClock } from '../../shared/clock.js';
import type { Storage, StorageOptions } from '../index.js';
import { MIGRATIONS, type Migration } from '../migrations/index.js';
import { ensureSchema } from '../schema.js';
import { StorageError } from '../storage-error.js';
import { AggregationThread } from './aggregate/thread.js';
import { connectEngine } from './driver.js';
import { Engine } from './engine.js';
import { MEMORY, pathOf, prepareFile } from './file.js';
import { openDatabase } from './open-file.js';
import { whileBusy } from './retry.js';
import type { Sqlite } from './sqlite.js';
import { fileStats, type FileStats } from './stats.js';
import { Sweeper } from './ttl.js';
import { verifyEngine, type VerifyReport } from './verify.js';

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

  foldLog(): Promise<void> {
    return this.#engine.foldLog();
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
  const engine = new Engine(db, name, clock, {
    readonly,
    scans,
    thread: path === MEMORY || readonly ? undefined : new AggregationThread({ path, name }),
  });
  return new EmbeddedStorage(await connectEngine(engine), engine, migrations);
}

/** From here on the connection sees the database as it is now, whatever other processes write. */
function freeze(db: Sqlite): void {
  db.exec('PRAGMA query_only = ON');
  if (!db.inTransaction) db.exec('BEGIN');
  db.value('SELECT count(*) FROM collections');
}
