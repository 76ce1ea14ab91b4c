import type { Connection } from 'mongoose';
import { asNew } from './jobs.store.js';
import { jobsModel, type FoundJob, type StoredState } from './jobs.model.js';

/** All jobs of one name, as an administrator sees them. */
export interface JobFigures {
  readonly name: string;
  /** To be run, and not being run. */
  readonly waiting: number;
  readonly running: number;
  /** Given up, until a person retries them. */
  readonly failed: number;
  /** Since when the oldest of those waits or runs that are due; null while none is. */
  readonly oldest: Date | null;
}

/** A job that was given up. */
export interface FailedJob {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly dueSince: Date;
  readonly attempts: number;
  /** The last failure's message. */
  readonly error: string;
}

export interface JobsOverview {
  /** Returns the figures of each name; names without any job have zeros. */
  figures(names: readonly string[], now: Date): Promise<JobFigures[]>;
  /** Returns the failed jobs of a name, or of all, by name and then the oldest first. */
  listFailed(filter: {
    readonly name?: string;
    readonly limit: number;
    readonly skip?: number;
  }): Promise<FailedJob[]>;
  /** Makes one failed job due. Returns whether it had failed. */
  retry(id: string, now: Date): Promise<boolean>;
  /** Makes all failed jobs due, or those of a name. Returns how many. */
  retryAll(name: string | undefined, now: Date): Promise<number>;
}

const NONE = { waiting: 0, running: 0, failed: 0, oldest: null };

export function createJobsOverview(connection: Connection): JobsOverview {
  const model = jobsModel(connection);

  const figuresOf = async (name: string, now: Date): Promise<JobFigures> => {
    const [open, running, failed, oldest] = await Promise.all([
      model.countDocuments({ state: 'waiting', name }),
      model.countDocuments({ leasedUntil: { $gt: now }, name }),
      model.countDocuments({ state: 'failed', name }),
      model
        .findOne({ state: 'waiting', name, dueSince: { $lte: now } })
        .sort({ dueSince: 1 })
        .select({ dueSince: 1 })
        .lean<{ dueSince: Date }>(),
    ]);
    return { name, waiting: Math.max(open - running, 0), running, failed, oldest: oldest?.dueSince ?? null };
  };

  /** Names of stored jobs, along the index: those of another version of the program are among them. */
  const storedNames = async (state: StoredState): Promise<string[]> => {
    const names: string[] = [];
    for (let last = ''; ;) {
      const row = await model
        .findOne({ state, name: { $gt: last } })
        .sort({ name: 1, dueSince: 1 })
        .select({ name: 1 })
        .lean<{ name: string }>();
      if (row === null) return names;
      names.push(row.name);
      last = row.name;
    }
  };

  return {
    async figures(names, now) {
      const stored = await Promise.all((['waiting', 'failed'] as const).map(storedNames));
      const present = new Set(stored.flat());
      // Most names have no jobs but done ones: they are not counted.
      return Promise.all(
        [...new Set([...names, ...present])]
          .sort()
          .map(async (name) => (present.has(name) ? figuresOf(name, now) : { ...NONE, name })),
      );
    },

    async listFailed({ name, limit, skip = 0 }) {
      const rows = await model
        .find({ state: 'failed', ...(name !== undefined && { name }) })
        .sort({ name: 1, dueSince: 1 })
        .skip(skip)
        .limit(limit)
        .lean<FoundJob[]>();
      return rows.map(({ _id, name: of, key, dueSince, attempts, error }) => ({
        id: _id.toString(),
        name: of,
        key,
        dueSince,
        attempts,
        error,
      }));
    },

    async retry(id, now) {
      const { modifiedCount } = await model.updateOne({ _id: id, state: 'failed' }, asNew(now, now));
      return modifiedCount > 0;
    },

    async retryAll(name, now) {
      const filter = { state: 'failed' as const, ...(name !== undefined && { name }) };
      return (await model.updateMany(filter, asNew(now, now))).modifiedCount;
    },
  };
}
