import { existsSync, mkdirSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { openStorage } from '../connect.js';
import { StorageError } from '../storage-error.js';
import { verifyStorage } from '../verify.js';
import { DamagedError, holdAlone, type Alone } from './alone.js';
import { copyNew, embeddedPath, onDisk, stamp, swap, syncFile } from './files.js';

export interface RestoreReport {
  readonly file: string;
  readonly collections: number;
  readonly documents: number;
  /** Where the database that was there is kept; undefined when there was none. */
  readonly kept: string | undefined;
}

export interface RestoreOptions {
  /** Also replace a database too damaged to say whether another process has it open. */
  readonly force?: boolean;
  readonly now?: Date;
}

/**
 * Puts a backup in the place of an embedded database: copied beside it, verified whole, then swapped in one
 * step. What was there is kept. The backup itself is only read.
 * @throws StorageError; nothing has changed then
 */
export async function restore(
  url: string,
  file: string,
  { force = false, now = new Date() }: RestoreOptions = {},
): Promise<RestoreReport> {
  const path = embeddedPath(url, 'use mongorestore, or npm run db -- import --from DIR');
  const source = resolve(file);
  checkBackup(source, path);
  const made = (): string | undefined => mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  await onDisk('DATABASE_URL', path, made);
  const fresh = `${path}.${process.pid}.restoring`;
  let alone: Alone | undefined;
  try {
    alone = existsSync(path) && statSync(path).size > 0 ? await holdOrForce(path, force) : undefined;
    await onDisk('DATABASE_URL', path, () => copyNew(source, fresh));
    await syncFile(fresh);
    const { collections, documents } = await verified(fresh, source);
    const kept = existsSync(path) ? freeName(`${path}.before-restore-${stamp(now)}`) : undefined;
    // A log left by a damaged database must not be taken for the new one's.
    for (const log of [`${path}-wal`, `${path}-shm`, `${path}-journal`]) {
      if (existsSync(log)) await rename(log, `${kept ?? fresh}${log.slice(path.length)}`);
    }
    await swap(fresh, path, kept);
    return { file: path, collections, documents, kept };
  } finally {
    alone?.release();
    for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(fresh + suffix, { force: true });
  }
}

function checkBackup(source: string, path: string): void {
  const stats = statSync(source, { throwIfNoEntry: false });
  if (!stats) throw new StorageError(`FILE: there is no file ${source}`);
  if (!stats.isFile()) throw new StorageError(`FILE: ${source} is not a file`);
  if (stats.size === 0) throw new StorageError(`FILE: ${source} is empty`);
  if (source === path) throw new StorageError('FILE: is the database itself');
  if (existsSync(`${source}-wal`) && statSync(`${source}-wal`).size > 0) {
    throw new StorageError(
      `FILE: ${source} has a log beside it (${basename(source)}-wal): it is a database in use, not a backup`,
    );
  }
}

async function holdOrForce(path: string, force: boolean): Promise<Alone | undefined> {
  try {
    return await holdAlone(path);
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    if (force) return undefined;
    throw new StorageError(
      `the database ${path} is damaged and cannot say who has it open: stop the server, then add --force`,
      { cause: error },
    );
  }
}

async function verified(fresh: string, source: string): Promise<{ collections: number; documents: number }> {
  try {
    const storage = await openStorage({ url: `file:${encodeURI(fresh)}` });
    try {
      const report = await verifyStorage(storage);
      if (!report.ok) throw new StorageError(report.problems[0] ?? 'is damaged');
      return report;
    } finally {
      await storage.close();
    }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const reason = error.message.replaceAll(fresh, source);
    throw new StorageError(`FILE: ${source} is no sound backup, nothing was changed: ${reason}`, {
      cause: error,
    });
  }
}

function freeName(wanted: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!existsSync(name)) return name;
  }
}
