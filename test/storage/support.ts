import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectionOf, type Collection } from '../contract/collection.js';
import { openStorage, type Storage } from '../../src/storage/index.js';
import type { Clock } from '../../src/shared/clock.js';

export { failure, type Collection, type Doc } from '../contract/support.js';

/** A repeatable random number generator (mulberry32), 0 … 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Folders and storages of one test, gone when it is over. Call inside `describe`. */
export function workshop(): {
  readonly folder: () => string;
  readonly open: (url?: string, clock?: Clock) => Promise<Storage>;
  readonly collection: (storage: Storage, name?: string) => Collection;
} {
  let folders: string[] = [];
  let storages: Storage[] = [];
  afterEach(async () => {
    for (const storage of storages) await storage.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    storages = [];
    folders = [];
  });
  return {
    folder() {
      const folder = mkdtempSync(join(tmpdir(), 'nastavnik-storage-'));
      folders.push(folder);
      return folder;
    },
    async open(url = 'file::memory:', clock) {
      const storage = await openStorage({ url, ...(clock && { clock }) });
      storages.push(storage);
      return storage;
    },
    collection: (storage, name = 'things') => collectionOf(storage, name),
  };
}
