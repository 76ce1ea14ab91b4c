import { randomUUID } from 'node:crypto';
import { copyFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { App } from '../../src/app.js';
import { openStorage, type Storage } from '../../src/storage/index.js';
import { MEMORY } from './setup.js';

const newFile = (): string => path.join(tmpdir(), `nastavnik-empty-${randomUUID()}.db`);

// Making the collections and indexes of the whole tool takes longer than a short test: done once in a process.
let template: Promise<string> | undefined;

async function makeTemplate(build: (storage: Storage) => App): Promise<string> {
  const file = newFile();
  const storage = await openStorage({ url: `file:${file}` });
  const app = build(storage);
  await storage.ensureIndexes();
  await app.lti.close();
  await storage.close();
  return file;
}

/**
 * Returns the path of a new database that has every index and no document. Null where temporary files are on a disk:
 * there a database in memory is quicker.
 * @param build makes the app, which knows what indexes there are
 */
export async function newEmptyDatabase(build: (storage: Storage) => App): Promise<string | null> {
  if (!tmpdir().startsWith(MEMORY)) return null;
  template ??= makeTemplate(build);
  const file = newFile();
  await copyFile(await template, file);
  return file;
}

/** Removes what `newEmptyDatabase` has made, once it is closed. */
export async function removeDatabase(file: string): Promise<void> {
  await Promise.all(['', '-wal', '-shm'].map((end) => rm(`${file}${end}`, { force: true })));
}
