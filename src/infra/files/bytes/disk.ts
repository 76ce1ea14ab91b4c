import { copyFile, mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { newKey } from '../../../shared/ids.js';
import {
  BytesMissing,
  checkByteId,
  type ByteSource,
  type ByteStore,
  type StoredBytes,
} from './byte-store.js';

const DRAFTS = 'drafts';

/** A folder on disk. A file is written beside its place, made durable and then renamed, so that none is ever half. */
export class DiskBytes implements ByteStore {
  readonly place: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = path.resolve(folder);
    this.place = this.#folder;
  }

  async prepare(): Promise<void> {
    await mkdir(path.join(this.#folder, DRAFTS), { recursive: true, mode: 0o700 });
  }

  async put(id: string, source: ByteSource): Promise<void> {
    const target = this.#pathOf(id);
    await this.prepare();
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    const draft = path.join(this.#folder, DRAFTS, `${id}.${newKey(8)}`);
    try {
      if ('buffer' in source) await writeFile(draft, source.buffer, { flag: 'wx', mode: 0o600 });
      else await copyFile(source.path, draft);
      await syncPath(draft);
      await rename(draft, target);
      await syncPath(path.dirname(target)).catch(() => undefined);
    } finally {
      await rm(draft, { force: true });
    }
  }

  async open(id: string, range?: { start: number; end: number }): Promise<Readable> {
    const handle = await open(this.#pathOf(id), 'r').catch((error: unknown) => {
      throw isMissing(error) ? new BytesMissing(id) : error;
    });
    return handle.createReadStream(range);
  }

  async sizeOf(id: string): Promise<number | null> {
    try {
      return (await stat(this.#pathOf(id))).size;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
  }

  async *list(): AsyncGenerator<StoredBytes, void> {
    for (const shelf of await names(this.#folder)) {
      if (!/^[a-z0-9]{2}$/.test(shelf)) continue;
      for (const id of await names(path.join(this.#folder, shelf))) {
        const found = await stat(path.join(this.#folder, shelf, id)).catch(() => null);
        if (found?.isFile() === true) yield { id, size: found.size, at: found.mtime };
      }
    }
  }

  async removeDrafts(before: Date): Promise<void> {
    const folder = path.join(this.#folder, DRAFTS);
    for (const name of await names(folder)) {
      const draft = path.join(folder, name);
      const found = await stat(draft).catch(() => null);
      if (found !== null && found.mtime < before) await rm(draft, { force: true });
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Folders of two letters each: file systems and people dislike folders with a million names. */
  #pathOf(id: string): string {
    checkByteId(id);
    return path.join(this.#folder, id.slice(0, 2), id);
  }
}

/** A folder that is made when first needed, and deleted at `close()`. */
export class TemporaryBytes implements ByteStore {
  readonly place = 'a temporary folder';
  #made: Promise<DiskBytes> | undefined;

  #disk(): Promise<DiskBytes> {
    return (this.#made ??= mkdtemp(path.join(tmpdir(), 'nastavnik-files-')).then(
      (folder) => new DiskBytes(folder),
    ));
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }
  async put(id: string, source: ByteSource): Promise<void> {
    await (await this.#disk()).put(id, source);
  }
  async open(id: string, range?: { start: number; end: number }): Promise<Readable> {
    return (await this.#disk()).open(id, range);
  }
  async sizeOf(id: string): Promise<number | null> {
    return (await this.#disk()).sizeOf(id);
  }
  async remove(id: string): Promise<void> {
    await (await this.#disk()).remove(id);
  }
  async *list(): AsyncGenerator<StoredBytes, void> {
    if (this.#made !== undefined) yield* (await this.#made).list();
  }
  removeDrafts(): Promise<void> {
    return Promise.resolve();
  }
  async close(): Promise<void> {
    if (this.#made !== undefined) await rm((await this.#made).place, { recursive: true, force: true });
    this.#made = undefined;
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
    throw error;
  }
}

async function syncPath(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
