import { existsSync } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { DiskBytes } from './bytes/disk.js';
import type { ByteStore } from './bytes/index.js';
import { copyFiles, type CopiedFiles, type StoredFile } from './tools.js';

/**
 * The files of a backup or an export: a folder with their bytes, and a list that is written last. Without its list
 * such a folder is not whole.
 */
const LIST = 'files.jsonl';

const line = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{8,64}$/),
  size: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A folder that takes files, in as many rounds as needed, and then its list. */
export interface FilesFolder {
  add(files: AsyncIterable<StoredFile>, from: ByteStore): Promise<CopiedFiles>;
  /** Makes the folder whole. Returns how many files are in it. */
  finish(): Promise<number>;
}

/** @throws Error when something is in the folder already */
export async function newFilesFolder(folder: string): Promise<FilesFolder> {
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw new Error(`${folder} is not empty`);
  }
  const bytes = new DiskBytes(folder);
  const known = new Map<string, StoredFile>();
  return {
    async add(files, from) {
      const copied = await copyFiles(noted(files, known), from, bytes);
      for (const id of copied.missing) known.delete(id);
      return copied;
    },
    async finish() {
      await bytes.prepare();
      const handle = await open(path.join(folder, LIST), 'wx', 0o600);
      try {
        await handle.writeFile([...known.values()].map((file) => `${JSON.stringify(file)}\n`).join(''));
        await handle.sync();
      } finally {
        await handle.close();
      }
      return known.size;
    },
  };
}

async function* noted(
  files: AsyncIterable<StoredFile>,
  known: Map<string, StoredFile>,
): AsyncGenerator<StoredFile, void> {
  for await (const file of files) {
    known.set(file.id, file);
    yield file;
  }
}

/** Files as a folder lists them, with their bytes. */
export interface ReadFolder {
  readonly files: readonly StoredFile[];
  readonly bytes: ByteStore;
}

/** Returns null when there is no such folder. @throws Error when it is not whole */
export async function readFilesFolder(folder: string): Promise<ReadFolder | null> {
  if (!existsSync(folder)) return null;
  const text = await readFile(path.join(folder, LIST), 'utf8').catch(() => null);
  if (text === null) throw new Error(`${folder} has no ${LIST}: it is not whole`);
  const files = text
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => line.parse(JSON.parse(row)));
  return { files, bytes: new DiskBytes(folder) };
}
