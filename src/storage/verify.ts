import { EmbeddedStorage } from './embedded/open.js';
import type { VerifyReport } from './embedded/verify.js';
import type { Storage } from './index.js';
import { StorageError } from './storage-error.js';

export type { VerifyReport };

/**
 * Checks an embedded database: SQLite's own integrity check, and every index against its documents. Reads
 * everything, so it takes as long as the file is large.
 * @throws StorageError on MongoDB, which has `validate` for this
 */
export async function verifyStorage(storage: Storage): Promise<VerifyReport> {
  if (!(storage instanceof EmbeddedStorage)) {
    throw new StorageError(
      'only an embedded database can be verified here; MongoDB has its own validate command',
    );
  }
  return storage.verify();
}
