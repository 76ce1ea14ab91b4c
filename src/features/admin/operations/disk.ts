import { stat, statfs } from 'node:fs/promises';
import path from 'node:path';

/** Room on the disk that the embedded database lies on; bytes. */
export interface Disk {
  readonly free: number;
  readonly all: number;
  /** Of the database with what is written ahead of it. */
  readonly database: number;
}

const sizeOf = async (file: string): Promise<number> => {
  try {
    return (await stat(file)).size;
  } catch {
    // The write-ahead log comes and goes.
    return 0;
  }
};

/** @returns null for a database that is elsewhere, or nowhere on a disk */
export async function diskOf(databaseUrl: string): Promise<Disk | null> {
  if (!/^file:/i.test(databaseUrl)) return null;
  const file = databaseUrl.slice('file:'.length);
  if (file === ':memory:') return null;
  const [{ bavail, blocks, bsize }, ...sizes] = await Promise.all([
    statfs(path.dirname(path.resolve(file))),
    ...['', '-wal', '-shm'].map((end) => sizeOf(file + end)),
  ]);
  return { free: bavail * bsize, all: blocks * bsize, database: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Below a gigabyte or a twentieth of the disk the page warns. */
export const isShort = ({ free, all }: Disk): boolean => free < Math.max(1e9, all / 20);
