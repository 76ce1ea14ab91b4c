/** Loaded by mocha before the tests (.mocharc.json). */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildScripts } from '../../scripts/built.js';

/** A file system in memory, where there is one. */
const MEMORY = '/dev/shm';
/** Far more than the databases of a whole run take. */
const ROOM = 2 * 2 ** 30;

const PREFIX = 'nastavnik-test-';
const OLD_MS = 3_600_000;

let folder: string | undefined;

/** Runs once, before the first file, also where files run in several processes. */
export async function mochaGlobalSetup(): Promise<void> {
  // Every write of an embedded database waits for the disk, some milliseconds each. What a killed process has written
  // stays in memory as on a disk; that writes outlive a loss of power is SQLite's own promise, and not tested here.
  if (hasRoom(MEMORY)) {
    removeOld();
    folder = mkdtempSync(path.join(MEMORY, PREFIX));
    // One test opens a database as another user.
    chmodSync(folder, 0o711);
    process.env.TMPDIR = folder;
  }
  await buildScripts();
}

export function mochaGlobalTeardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/** What killed runs have left; other runs may go on beside this one. */
function removeOld(): void {
  for (const name of readdirSync(MEMORY).filter((name) => name.startsWith(PREFIX))) {
    const left = path.join(MEMORY, name);
    if (Date.now() - statSync(left).mtimeMs > OLD_MS) rmSync(left, { recursive: true, force: true });
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
