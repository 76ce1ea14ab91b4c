import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { programVersion } from '../../shared/version.js';
import type { Storage } from '../index.js';
import { StorageError } from '../storage-error.js';
import { withStorage } from './copy.js';
import { onDisk, syncFolder } from './files.js';
import { EXPORT_FORMAT, fileOf, lineOf, MANIFEST, writeManifest, type ExportedCollection } from './folder.js';
import { describeCollections, documentsById, type CollectionDescription } from './records.js';
import type { TransferProgress } from './transfer.js';

export interface ExportReport {
  readonly folder: string;
  readonly collections: readonly ExportedCollection[];
}

/** Written at once. */
const CHUNK = 1 << 18;

/**
 * Writes a database as canonical Extended JSON into a new or empty folder, readable by its owner alone. An
 * embedded database is written as it is at one moment, whatever other processes do meanwhile.
 * @throws StorageError
 */
export async function exportTo(
  url: string,
  to: string,
  progress: (step: TransferProgress) => void = () => undefined,
  now = new Date(),
): Promise<ExportReport> {
  const folder = resolve(to);
  await mustBeEmptyFolder(folder);
  return withStorage('DATABASE_URL', { url, readonly: true }, (storage) =>
    onDisk('--to', folder, () => writeAll(storage, folder, progress, now)),
  );
}

async function writeAll(
  storage: Storage,
  folder: string,
  progress: (step: TransferProgress) => void,
  now: Date,
): Promise<ExportReport> {
  const collections: ExportedCollection[] = [];
  for (const collection of await describeCollections(storage)) {
    collections.push(await exportCollection(storage, collection, folder, progress));
  }
  const manifest = { format: EXPORT_FORMAT, version: programVersion, createdAt: now, collections } as const;
  const handle = await open(join(folder, MANIFEST), 'wx', 0o600);
  try {
    await handle.writeFile(writeManifest(manifest));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(folder);
  return { folder, collections };
}

async function mustBeEmptyFolder(folder: string): Promise<void> {
  await onDisk('--to', folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new StorageError(`--to: ${folder} is not empty; name a new folder`);
  }
}

async function exportCollection(
  storage: Storage,
  { name, documents: total, indexes }: CollectionDescription,
  folder: string,
  progress: (step: TransferProgress) => void,
): Promise<ExportedCollection> {
  const file = fileOf(name);
  const handle = await open(join(folder, file), 'wx', 0o600);
  const out = new Output(handle);
  let documents = 0;
  try {
    for await (const doc of documentsById(storage, name)) {
      await out.write(lineOf(doc, name));
      if (++documents % 1000 === 0) progress({ phase: 'copying', collection: name, done: documents, total });
    }
    await out.finish();
  } finally {
    await handle.close();
  }
  return {
    name,
    file,
    documents,
    bytes: out.bytes,
    sha256: out.sha256(),
    indexes: indexes.map((index) => ({ ...index })),
  };
}

/** A file that is written in large pieces, and summed up on the way. */
class Output {
  bytes = 0;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #waiting: string[] = [];
  #length = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(text: string): Promise<void> {
    this.#waiting.push(text);
    this.#length += text.length;
    if (this.#length >= CHUNK) await this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#handle.sync();
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#waiting.join(''));
    this.#waiting = [];
    this.#length = 0;
    this.#hash.update(bytes);
    this.bytes += bytes.length;
    await this.#handle.writeFile(bytes);
  }
}
