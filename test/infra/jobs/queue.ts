import { pino } from 'pino';
import { createJobs, type Jobs } from '../../../src/infra/jobs/index.js';
import type { FoundJob } from '../../../src/infra/jobs/jobs.model.js';
import { ManualClock } from '../../../src/shared/clock.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';

export const START = '2026-03-02T09:00:00Z';

/** A queue on a database in memory. */
export interface Queue {
  readonly storage: Storage;
  readonly clock: ManualClock;
  readonly jobs: Jobs;
  /** A runner of another process: nothing is shared with the first but the database and the clock. */
  anotherProcess(): Jobs;
  /** The stored job. */
  row(name: string, key: string): Promise<FoundJob>;
  close(): Promise<void>;
}

export async function openQueue(): Promise<Queue> {
  const clock = new ManualClock(START);
  const storage = await openStorage({ url: 'file::memory:', clock });
  const log = pino({ level: 'silent' });
  const build = (): Jobs => createJobs({ storage, clock, log, random: () => 0 });
  const jobs = build();
  await storage.ensureIndexes();
  return {
    storage,
    clock,
    jobs,
    anotherProcess: build,
    async row(name, key) {
      const row = await storage.connection.model('Job').findOne({ name, key }).lean<FoundJob>();
      if (row === null) throw new Error(`there is no job ${name} ${key}`);
      return row;
    },
    async close() {
      await jobs.stop();
      await storage.close();
    },
  };
}

/** Something that a job waits for until a test opens it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** Waits until a condition holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
