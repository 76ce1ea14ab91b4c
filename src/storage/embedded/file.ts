import {
  closeSync,
  constants,
  accessSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  type Stats,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StorageError } from '../storage-error.js';

export const MEMORY = ':memory:';
const SQLITE_HEADER = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * The path in a database URL: `file:./data/x.db` from the working directory, `file:/data/x.db`,
 * `file:///data/x.db`, `file::memory:`.
 * @throws StorageError
 */
export function pathOf(url: string): string {
  const rest = url.slice('file:'.length);
  if (rest === MEMORY) return MEMORY;
  if (rest.includes('?') || rest.includes('#')) {
    throw new StorageError(`the database URL "${url}" must be a path alone: no "?" and no "#"`);
  }
  if (rest.startsWith('//')) {
    try {
      return fileURLToPath(url);
    } catch {
      throw new StorageError(
        `the database URL "${url}" is not a path; write file:./data/nastavnik.db or file:/absolute/path.db`,
      );
    }
  }
  if (rest === '' || rest.endsWith('/')) {
    throw new StorageError(
      `the database URL "${url}" names no file; write for example file:./data/nastavnik.db`,
    );
  }
  return resolve(decoded(rest));
}

/** Decodes `%20` to a blank; a per cent sign without a code stays. */
function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** Files this process has opened as databases; the library may keep them open after `close()`, see sqlite.ts. */
const opened = new Set<string>();

/**
 * Notes that this process opens the file as a database. From then on it may be opened only through SQLite: closing
 * any other descriptor of it would drop SQLite's locks, which POSIX keeps per process.
 */
export function noteOpen(path: string): void {
  opened.add(path);
}

/**
 * Makes sure there is a file to open, readable by its owner alone, and that it can be a database. Never changes
 * a file that is there.
 * @throws StorageError with one line saying what is wrong with which path
 */
export function prepareFile(path: string): void {
  const stats = statOf(path);
  if (!stats) {
    makeFile(path);
    return;
  }
  if (stats.isDirectory()) throw new StorageError(`cannot open the database: ${path} is a directory`);
  if (!stats.isFile()) throw new StorageError(`cannot open the database: ${path} is not a regular file`);
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    const why =
      reasonOf(error) === REASONS.EROFS ? REASONS.EROFS : 'no permission to write it and its folder';
    throw new StorageError(`cannot open the database ${path}: ${why}`, { cause: error });
  }
  if (!opened.has(path)) checkContent(path, stats.size);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new StorageError(`cannot open the database ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function makeFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite gives the files it puts beside this one the same permissions.
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new StorageError(`cannot create the database ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function checkContent(path: string, size: number): void {
  const log = statOf(`${path}-wal`)?.size ?? 0;
  if (size === 0) {
    // A file made a moment ago by another process is empty too; one with a log has lost its content.
    if (log > 0)
      throw new StorageError(
        `the database ${path} is empty but has a log: it was truncated; restore a backup`,
      );
    return;
  }
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  if (!header.subarray(0, 16).equals(SQLITE_HEADER)) {
    throw new StorageError(`${path} is not a database of this program; it was left as it is`);
  }
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const pages = header.readUInt32BE(28);
  checkSize(path, size, pages * pageSize);
}

/** @param bytes what the file says of itself @throws StorageError when it is shorter */
export function checkSize(path: string, size: number, bytes: number): void {
  // With a log, missing pages may be in there.
  if (bytes <= size || (statOf(`${path}-wal`)?.size ?? 0) > 0) return;
  throw new StorageError(`the database ${path} is truncated: ${size} bytes of ${bytes}; restore a backup`);
}

const REASONS = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is not a folder',
  ENAMETOOLONG: 'the path is too long',
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
} as const;

/** Why the file system refused, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (REASONS as Readonly<Record<string, string>>)[code] ?? (code || 'unknown reason');
}
