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
import { identityOf, openDatabase } from './open-file.js';
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
  readonly #file: OpenedFile | undefined;
  #closing: Promise<void> | undefined;

  /** @param file undefined for a database in memory */
  constructor(connection: Connection, engine: Engine, migrations: readonly Migration[], file?: OpenedFile) {
    this.#migrations = migrations;
    this.#file = file;
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

  /** @throws StorageError if the file is no more where it was opened: what is written is lost at a restart */
  async ping(): Promise<void> {
    await this.#engine.read(() => this.#engine.db.value('SELECT 1'));
    if (this.#file !== undefined) checkPlace(this.#file);
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

/** A file as it was when it was opened. */
interface OpenedFile {
  readonly path: string;
  readonly identity: string;
}

function checkPlace({ path, identity }: OpenedFile): void {
  const now = identityOf(path);
  if (now === identity) return;
  const what = now === '' ? 'was moved away or deleted' : 'was replaced by another one';
  // Without the path: this line is shown to every visitor of /readyz.
  throw new StorageError(
    `the file of the database ${what} while the program runs: stop the program, put the file back, start again`,
  );
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
  const file = path === MEMORY ? undefined : { path, identity: identityOf(path) };
  return new EmbeddedStorage(await connectEngine(engine), engine, migrations, file);
}

/** From here on the connection sees the database as it is now, whatever other processes write. */
function freeze(db: Sqlite): void {
  db.exec('PRAGMA query_only = ON');
  if (!db.inTransaction) db.exec('BEGIN');
  db.value('SELECT count(*) FROM collections');
}
