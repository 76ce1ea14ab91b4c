import { Mongoose, type Connection } from 'mongoose';
import type { Storage, StorageOptions } from './index.js';
import { MIGRATIONS, type Migration } from './migrations/index.js';
import { ensureSchema } from './schema.js';
import { StorageError } from './storage-error.js';
import { retryWrites } from './write-retry.js';

/** Long enough for a replica set to elect a primary. */
const SELECTION_MS = 15_000;

/** The engine behind `mongodb:` URLs: MongoDB, through Mongoose's own driver. */
class MongoStorage implements Storage {
  readonly engine = 'mongodb';
  readonly connection: Connection;
  readonly #migrations: readonly Migration[];

  constructor(connection: Connection, migrations: readonly Migration[]) {
    this.connection = connection;
    this.#migrations = migrations;
  }

  ensureIndexes(): Promise<void> {
    return ensureSchema(this.connection, this.#migrations);
  }

  async ping(): Promise<void> {
    await this.connection.db?.command({ ping: 1 });
  }

  /** MongoDB removes expired documents by itself. */
  sweepExpired(): Promise<number> {
    return Promise.resolve(0);
  }

  foldLog(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** @throws StorageError with one line, without the password */
export async function openMongo({ url, migrations = MIGRATIONS }: StorageOptions): Promise<Storage> {
  const mongoose = new Mongoose();
  mongoose.set({ autoIndex: false, autoCreate: false, bufferCommands: false });
  try {
    const connection = await mongoose
      .createConnection(url, {
        ...(!/[?&]serverSelectionTimeoutMS=/i.test(url) && { serverSelectionTimeoutMS: SELECTION_MS }),
        // What is acknowledged survives the loss of a machine.
        writeConcern: { w: 'majority', journal: true },
      })
      .asPromise();
    if (connection.db) retryWrites(connection.db);
    return new MongoStorage(connection, migrations);
  } catch (error) {
    throw new StorageError(`cannot connect to MongoDB at ${hostsOf(url)}: ${firstLine(error)}`, {
      cause: error,
    });
  }
}

/** A database's URL as it may be shown: without user, password and options. */
export function shownUrl(url: string): string {
  if (/^file:/i.test(url)) return url;
  const [scheme = '', rest = ''] = url.split('://', 2);
  // A password may hold anything but a question mark.
  return `${scheme}://${rest.replace(/\?.*$/s, '').replace(/^.*@/s, '')}`;
}

/** The part of the URL that may be shown. */
export const hostsOf = (url: string): string =>
  url
    .replace(/^[^:]+:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/?].*$/s, '');

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\/\/[^@/\s]*@/g, '//').split('\n', 1)[0] ?? '';
}
