import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { readable } from '../embedded/sqlite.js';
import { holdAlone } from './alone.js';
import { checkSnapshot, copyInto } from './backup.js';
import { embeddedPath, mustExist, onDisk, swap, syncFile } from './files.js';

export interface CompactReport {
  readonly file: string;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/**
 * Frees the space of deleted documents: writes a new database file beside the old one, checks it and
 * swaps the two in one step. Needs as much free space as the result takes, and the database for itself.
 * @throws StorageError; nothing has changed then
 */
export async function compact(url: string): Promise<CompactReport> {
  const path = embeddedPath(url, 'MongoDB has its own compact command');
  mustExist(path);
  const alone = await holdAlone(path);
  const fresh = `${path}.${process.pid}.compacting`;
  try {
    const bytesBefore = statSync(path).size;
    await onDisk('DATABASE_URL', path, () => copyInto(alone.db, fresh));
    await syncFile(fresh);
    checkSnapshot(fresh);
    await swap(fresh, path);
    return { file: path, bytesBefore, bytesAfter: statSync(path).size };
  } catch (error) {
    throw readable(error);
  } finally {
    alone.release();
    for (const suffix of ['', '-journal']) await rm(fresh + suffix, { force: true });
  }
}
