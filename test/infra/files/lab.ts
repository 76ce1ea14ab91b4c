import { pino } from 'pino';
import { createFiles, type Files, type FileSettings, type NewFile } from '../../../src/infra/files/index.js';
import { ManualClock } from '../../../src/shared/clock.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';

/** Files of one kind of owner, `thing`; the owner `open` may be read by all. */
export interface FilesLab {
  readonly storage: Storage;
  readonly clock: ManualClock;
  readonly files: Files;
  /** Ids that owners refer to. */
  readonly used: Set<string>;
  close(): Promise<void>;
}

export interface FilesLabOptions {
  readonly databaseUrl?: string;
  readonly settings?: FileSettings;
  readonly clock?: ManualClock;
}

export async function startFilesLab(options: FilesLabOptions = {}): Promise<FilesLab> {
  const clock = options.clock ?? new ManualClock(new Date());
  const storage = await openStorage({ url: options.databaseUrl ?? 'file::memory:' });
  const files = createFiles({
    storage,
    clock,
    log: pino({ level: 'silent' }),
    settings: options.settings ?? { kind: 'temporary' },
  });
  const used = new Set<string>();
  files.defineOwner({
    kind: 'thing',
    maxFiles: 3,
    maxBytes: 2 * 1024 * 1024,
    mayRead: (actor, { owner }) => Promise.resolve(owner.id === 'open' || actor?.personId === owner.id),
    inUse: (found) => Promise.resolve(found.map(({ id }) => id).filter((id) => used.has(id))),
  });
  await storage.ensureIndexes();
  return {
    storage,
    clock,
    files,
    used,
    async close() {
      await files.close();
      await storage.close();
    },
  };
}

export const newFile = (content: string | Buffer, changes: Partial<NewFile> = {}): NewFile => ({
  owner: { kind: 'thing', id: 'open' },
  uploadedBy: 'p1',
  name: 'отчёт.txt',
  type: 'text/plain',
  source: { buffer: Buffer.from(content) },
  ...changes,
});
