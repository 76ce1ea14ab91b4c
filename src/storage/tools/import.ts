import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StorageError } from '../storage-error.js';
import { withStorage } from './copy.js';
import { documentsIn, fileChecksum, MANIFEST, readManifest, type Manifest } from './folder.js';
import { transfer, type Transferred, type TransferProgress, type TransferSource } from './transfer.js';

/**
 * Reads an export into an empty database, of either engine. Every file is held against the manifest before
 * anything is written. See {@link transfer}.
 * @throws StorageError
 */
export async function importFrom(
  url: string,
  from: string,
  progress?: (step: TransferProgress) => void,
): Promise<Transferred[]> {
  const folder = resolve(from);
  const source = await openFolder(folder);
  return withStorage('DATABASE_URL', { url }, (storage) =>
    transfer(source, { storage, argument: 'DATABASE_URL' }, progress),
  );
}

async function openFolder(folder: string): Promise<TransferSource> {
  const path = join(folder, MANIFEST);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StorageError(
      `--from: ${folder} holds no whole export: ${MANIFEST} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`,
      { cause: error },
    );
  });
  const manifest = readManifest(text, path);
  await checkFiles(folder, manifest);
  const files = new Map(manifest.collections.map(({ name, file }) => [name, join(folder, file)]));
  return {
    identity: `the export with checksum ${createHash('sha256').update(text).digest('hex')}`,
    collections: manifest.collections,
    documents: (collection, skip) => documentsIn(files.get(collection) ?? '', skip),
  };
}

async function checkFiles(folder: string, { collections }: Manifest): Promise<void> {
  for (const { file, bytes, sha256 } of collections) {
    const path = join(folder, file);
    const found = await fileChecksum(path).catch((error: unknown) => {
      throw new StorageError(
        `--from: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`,
        { cause: error },
      );
    });
    if (found.bytes !== bytes || found.sha256 !== sha256) {
      throw new StorageError(`--from: ${path} is not the file the manifest describes: its checksum differs`);
    }
  }
}
