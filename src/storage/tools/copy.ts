import { openStorage } from '../connect.js';
import { MEMORY, pathOf } from '../embedded/file.js';
import type { Storage } from '../index.js';
import { shownUrl } from '../mongodb.js';
import { StorageError } from '../storage-error.js';
import { describeCollections, documentsById } from './records.js';
import { transfer, type Transferred, type TransferProgress, type TransferSource } from './transfer.js';

/**
 * Copies a whole database into an empty one, of the same engine or the other. See {@link transfer}.
 * @throws StorageError
 */
export async function copy(
  from: string,
  to: string,
  progress?: (step: TransferProgress) => void,
): Promise<Transferred[]> {
  const [source, target] = [labelOf('--from', from), labelOf('--to', to)];
  if (source === target) throw new StorageError('--to: is the same database as --from');
  return withStorage('--from', { url: from, readonly: true }, (fromStorage) =>
    withStorage('--to', { url: to }, async (toStorage) =>
      transfer(await sourceOf(fromStorage, source), { storage: toStorage, argument: '--to' }, progress),
    ),
  );
}

async function sourceOf(storage: Storage, identity: string): Promise<TransferSource> {
  return {
    identity,
    collections: await describeCollections(storage),
    documents: (collection, skip) => documentsById(storage, collection, skip),
  };
}

/** Opens, acts, closes; what cannot be opened is said with the argument's name. */
export async function withStorage<T>(
  argument: string,
  options: { readonly url: string; readonly readonly?: boolean },
  act: (storage: Storage) => Promise<T>,
): Promise<T> {
  const storage = await openStorage(options).catch((error: unknown) => {
    throw error instanceof StorageError
      ? new StorageError(`${argument}: ${error.message}`, { cause: error })
      : error;
  });
  try {
    return await act(storage);
  } finally {
    await storage.close();
  }
}

/** The database a URL names, without a password. */
function labelOf(argument: string, url: string): string {
  if (!/^(file:|mongodb(\+srv)?:\/\/)./i.test(url)) {
    throw new StorageError(`${argument}: must begin with file:, mongodb:// or mongodb+srv://`);
  }
  if (!/^file:/i.test(url)) return shownUrl(url);
  const path = pathOf(url);
  if (path === MEMORY) throw new StorageError(`${argument}: a database in memory is gone with its process`);
  return `file:${path}`;
}
