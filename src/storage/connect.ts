import { openEmbedded } from './embedded/open.js';
import type { Storage, StorageOptions } from './index.js';
import { checkKnown, MIGRATIONS } from './migrations/index.js';
import { openMongo } from './mongodb.js';
import { StorageError } from './storage-error.js';

/**
 * Opens the database its URL names: a file, or MongoDB.
 * @throws StorageError with a line fit for a terminal; nothing that is there is overwritten
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const storage = await openEngine(options);
  try {
    const { db } = storage.connection;
    if (db) await checkKnown(db, options.migrations ?? MIGRATIONS);
    return storage;
  } catch (error) {
    await storage.close();
    throw error;
  }
}

function openEngine(options: StorageOptions): Promise<Storage> {
  const { url } = options;
  if (/^file:/i.test(url)) return openEmbedded(options);
  if (/^mongodb(\+srv)?:\/\//i.test(url)) return openMongo(options);
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? '';
  const given = scheme === '' ? 'a URL without a scheme' : `"${scheme}"`;
  throw new StorageError(
    `the database URL must begin with file:, mongodb:// or mongodb+srv://, not ${given}`,
  );
}
