import type { Connection } from 'mongoose';
import { migrate, type Migration } from './migrations/index.js';
import { TRANSFERS } from './names.js';
import { StorageError } from './storage-error.js';

/**
 * Makes the database what this version of the program expects: migrations first, then every index the defined
 * models declare.
 * @throws StorageError with one line; MongoServerError when a unique index cannot be built on the data
 */
export async function ensureSchema(connection: Connection, migrations: readonly Migration[]): Promise<void> {
  const { db } = connection;
  if (!db) throw new StorageError('the storage is closed');
  if (await db.collection(TRANSFERS).findOne({})) {
    throw new StorageError(
      'a copy into this database was interrupted: finish it with npm run db -- copy, or name another one',
    );
  }
  await migrate(db, migrations);
  // Side by side, so that the embedded engine makes many of them in one transaction.
  const made = await Promise.allSettled(
    Object.values(connection.models).map((model) => model.createIndexes()),
  );
  const failed = made.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
