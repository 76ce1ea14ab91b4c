import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LmsData } from './model.js';

/** Where the LMS keeps its memory between runs. */
export interface Store {
  load(): LmsData | null;
  save(data: LmsData): void;
}

/** Keeps nothing. */
export const noStore: Store = { load: () => null, save: () => undefined };

/**
 * One JSON file, replaced as a whole: written beside, synced, renamed. A reader or a crash sees the old
 * state or the new one, never half of it.
 * @throws Error when the file is there but is not a state of this version
 */
export function jsonFileStore(path: string): Store {
  return {
    load() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
      const data = JSON.parse(text) as LmsData;
      // Its shape is checked no further than that this program wrote it.
      if ((data.version as number) !== 1) throw new Error(`${path}: not a state of the demo LMS, version 1`);
      return data;
    },
    save(data) {
      mkdirSync(dirname(path), { recursive: true });
      const temporary = `${path}.tmp`;
      const file = openSync(temporary, 'w', 0o600);
      try {
        writeFileSync(file, JSON.stringify(data));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
    },
  };
}
