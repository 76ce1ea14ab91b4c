/** Loaded by mocha before the tests (.mocharc.json). */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { buildScripts, isBuilt } from '../../scripts/built.js';

/** A file system in memory, where there is one. */
export const MEMORY = '/dev/shm';
/** Far more than the databases of a whole run take. */
const ROOM = 2 * 2 ** 30;

const PREFIX = 'nastavnik-test-';

let folder: string | undefined;

/** Runs once, before the first file, also where files run in several processes. */
export async function mochaGlobalSetup(): Promise<void> {
  // Every write of an embedded database waits for the disk, some milliseconds each. What a killed process has written
  // stays in memory as on a disk; that writes outlive a loss of power is SQLite's own promise, and not tested here.
  if (hasRoom(MEMORY)) {
    removeOld();
    folder = mkdtempSync(path.join(MEMORY, `${PREFIX}${process.pid}-`));
    // One test opens a database as another user.
    chmodSync(folder, 0o711);
    process.env.TMPDIR = folder;
  }
  if (!isBuilt()) await buildScripts();
}

export function mochaGlobalTeardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/** What killed runs have left; other runs may go on beside this one, by another clock too. */
function removeOld(): void {
  for (const name of readdirSync(MEMORY).filter((name) => name.startsWith(PREFIX))) {
    const owner = Number(name.slice(PREFIX.length).split('-')[0]);
    if (!isAlive(owner)) rmSync(path.join(MEMORY, name), { recursive: true, force: true });
  }
}

/** Whether a process of this number runs; a name without a number belongs to none. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function hasRoom(place: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(place);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
}
