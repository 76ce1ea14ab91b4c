import { closeSync, openSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openDatabase, checkFormat } from '../embedded/open-file.js';
import { whileBusy } from '../embedded/retry.js';
import { readable, Sqlite } from '../embedded/sqlite.js';
import { StorageError } from '../storage-error.js';
import { embeddedPath, mustBeFree, mustExist, onDisk, publish, syncFile } from './files.js';

export interface BackupReport {
  readonly file: string;
  readonly bytes: number;
  readonly collections: number;
  readonly documents: number;
}

/**
 * Writes a snapshot of an embedded database into one new file, while other processes go on writing. The file
 * gets its name only when it is whole, checked and on the disk. Keeps this process busy throughout: for
 * commands, not for servers.
 * @throws StorageError
 */
export async function backup(url: string, file: string): Promise<BackupReport> {
  const path = embeddedPath(url, 'use mongodump, or npm run db -- export --to DIR');
  mustExist(path);
  const target = resolve(file);
  mustBeFree('FILE', target);
  const draft = `${target}.${process.pid}.part`;
  try {
    await onDisk('FILE', target, () => snapshot(path, draft, 'FILE'));
    await syncFile(draft);
    const { collections, documents } = checkSnapshot(draft);
    await publish('FILE', draft, target);
    return { file: target, bytes: statSync(target).size, collections, documents };
  } finally {
    await rm(draft, { force: true });
    await rm(`${draft}-journal`, { force: true });
  }
}

async function snapshot(path: string, draft: string, argument: string): Promise<void> {
  const db = await openDatabase(path);
  try {
    await copyInto(db, draft);
  } catch (error) {
    const known = readable(error);
    throw known instanceof StorageError
      ? new StorageError(`${argument}: ${known.message}`, { cause: error })
      : error;
  } finally {
    db.close();
  }
}

/** A compact, consistent copy of an open database as a new file, readable by its owner alone. */
export async function copyInto(db: Sqlite, file: string): Promise<void> {
  // SQLite would make it readable by all; an empty one it fills.
  closeSync(openSync(file, 'wx', 0o600));
  await whileBusy(() => db.exec(`VACUUM INTO '${file.replaceAll("'", "''")}'`));
}

/** @throws StorageError unless SQLite finds the file sound and it is this program's */
export function checkSnapshot(file: string): { collections: number; documents: number } {
  const db = new Sqlite(file);
  try {
    db.exec('PRAGMA query_only = ON');
    checkFormat(db, file);
    const integrity = db.value('PRAGMA integrity_check(1)');
    if (integrity !== 'ok') throw new StorageError(`the copy ${file} is not sound: ${String(integrity)}`);
    const ids = db.statement('SELECT id FROM collections').all([]);
    const counts = ids.map(([id]) => Number(db.value(`SELECT count(*) FROM c${String(id)}`)));
    return { collections: ids.length, documents: counts.reduce((sum, count) => sum + count, 0) };
  } finally {
    db.close();
  }
}
