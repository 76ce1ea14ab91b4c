import { constants, copyFileSync, existsSync, statSync } from 'node:fs';
import { chmod, link, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { MEMORY, pathOf, reasonOf } from '../embedded/file.js';
import { StorageError } from '../storage-error.js';

/**
 * The path of an embedded database that is there.
 * @param other what to do instead on MongoDB
 * @throws StorageError
 */
export function embeddedPath(url: string, other: string): string {
  if (!/^file:/i.test(url))
    throw new StorageError(`DATABASE_URL: this is for an embedded database; ${other}`);
  const path = pathOf(url);
  if (path === MEMORY) throw new StorageError('DATABASE_URL: a database in memory is gone with its process');
  return path;
}

export function mustExist(path: string): void {
  if (!existsSync(path)) throw new StorageError(`DATABASE_URL: there is no database at ${path}`);
}

/** What the file system refuses is said in one line with the argument's name. @throws StorageError */
export async function onDisk<T>(argument: string, path: string, act: () => Promise<T> | T): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new StorageError(`${argument}: ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** @throws StorageError naming the argument unless a new file can be made there */
export function mustBeFree(argument: string, path: string): void {
  if (existsSync(path)) throw new StorageError(`${argument}: ${path} exists already; name a new file`);
  const folder = dirname(resolve(path));
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new StorageError(`${argument}: there is no folder ${folder}`);
}

/** Resolves once the file's content is on the disk. Not for a file that SQLite has open here: see file.ts. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** As {@link syncFile}, for the names in a folder; some systems cannot, and keep them anyway. */
export async function syncFolder(path: string): Promise<void> {
  await syncFile(path).catch(() => undefined);
}

/**
 * Renames a finished file, unless the name exists meanwhile.
 * @throws StorageError naming the argument
 */
export async function publish(argument: string, draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
    await rm(draft);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new StorageError(`${argument}: ${path} exists already; name a new file`);
    if (!cannotLink(code)) throw error;
    await rename(draft, path);
  }
  await syncFolder(dirname(path));
}

/**
 * Puts `fresh`, which is on the disk, in the place of `path` in one step.
 * @param aside keeps what was there under this name
 */
export async function swap(fresh: string, path: string, aside?: string): Promise<void> {
  await chmod(fresh, 0o600);
  if (aside !== undefined && existsSync(path)) await keepAside(path, aside);
  await rename(fresh, path);
  await syncFolder(dirname(path));
}

async function keepAside(path: string, aside: string): Promise<void> {
  try {
    await link(path, aside);
  } catch (error) {
    if (!cannotLink((error as NodeJS.ErrnoException).code)) throw error;
    // Not a copy: opening the file here would drop the lock that keeps others out.
    await rename(path, aside);
  }
}

/** Copies without reading through this process where the file system can. @throws when `to` exists */
export const copyNew = (from: string, to: string): void =>
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);

/** File systems of memory sticks and network shares know no second name. */
const cannotLink = (code: string | undefined): boolean =>
  ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '');

/** `2026-11-23T20-30-21`, for names of files. */
export const stamp = (now: Date): string => now.toISOString().slice(0, 19).replaceAll(':', '-');
