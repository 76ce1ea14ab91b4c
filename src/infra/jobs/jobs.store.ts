import type { Connection } from 'mongoose';
import { isDuplicateKey, refusalsOf } from '../../storage/index.js';
import { jobLeases } from './job-leases.js';
import { jobsModel, type JobsModel } from './jobs.model.js';

/** A job to be put into the queue. */
export interface NewJob {
  readonly name: string;
  readonly key: string;
  readonly lane: string;
  readonly payload: unknown;
  /** Undefined where the source counts nothing: then every payload is newer than the one before. */
  readonly seq: number | undefined;
  readonly runAt: Date;
}

/** A job that this process has leased. */
export interface LeasedJob {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly lane: string;
  readonly payload: unknown;
  readonly seq: number;
  readonly revision: number;
  /** With the one that begins now. */
  readonly attempts: number;
  readonly dueSince: Date;
  /** When it was due, to be put back as it was. */
  readonly dueAt: Date;
  readonly failingSince: Date | null;
  /** The fence token. */
  readonly lease: string;
  /** Whether an earlier holder's lease ran out: its process ended, or stopped for long. */
  readonly abandoned: boolean;
  readonly crashes: number;
}

export interface LeaseRequest {
  readonly lane: string;
  /** Begins with the one that fell due last, instead of the one that is due longest. */
  readonly newest: boolean;
  /** How many at most. */
  readonly most: number;
  /** The fence token of all of them. */
  readonly lease: string;
  readonly now: Date;
  readonly until: Date;
}

/** A lane in which something waits, with the moment when the first of it is due. */
export interface WaitingLane {
  readonly lane: string;
  readonly runAt: Date;
}

export interface Retry {
  readonly runAt: Date;
  readonly failingSince: Date;
  readonly error: string;
}

export interface JobsStore {
  /** Puts a job in, or runs it again with this payload. Returns false if the job holds this seq or a later one. */
  enqueue(job: NewJob, now: Date): Promise<boolean>;
  /** Puts a job in unless there is one of this name and key, finished or not. Returns whether it was put in. */
  enqueueOnce(job: NewJob, now: Date): Promise<boolean>;
  /** The same for many jobs, whose writes share commits. Returns whether any was put in. */
  enqueueManyOnce(jobs: readonly NewJob[], now: Date): Promise<boolean>;
  /** Removes a job; a run under way ends by itself and notes nothing. */
  remove(name: string, key: string): Promise<void>;
  waitingLanes(): Promise<WaitingLane[]>;
  /** Leases due jobs of a lane for one process alone: in turn the one that fell due last and the one that is due longest. */
  lease(request: LeaseRequest): Promise<LeasedJob[]>;
  /** Renews leases. Returns those that were lost. */
  renew<Held extends Pick<LeasedJob, 'id' | 'lease'>>(held: readonly Held[], until: Date): Promise<Held[]>;
  noteCrash(job: LeasedJob): Promise<void>;
  /** Ends a lease: the work is done, unless a newer payload has come meanwhile. */
  complete(job: LeasedJob, now: Date): Promise<void>;
  /** The same for many jobs in one commit. */
  completeMany(jobs: readonly LeasedJob[], now: Date): Promise<void>;
  retryLater(job: LeasedJob, retry: Retry): Promise<void>;
  fail(job: LeasedJob, error: string): Promise<void>;
  /** Ends a lease under which nothing was done: the job is as due as it was, and the attempt does not count. */
  release(job: LeasedJob, runAt?: Date): Promise<void>;
}

/** Part of an update: to be run, as if never tried. */
export const asNew = (now: Date, runAt: Date) => ({
  $set: {
    ...{ state: 'waiting' as const, runAt, dueSince: later(now, runAt), attempts: 0, error: '' },
    ...(runAt > now && { notBefore: runAt }),
  },
  $unset: {
    ...({ failingSince: 1, retryAt: 1, crashes: 1, doneAt: 1 } as const),
    ...(runAt <= now && { notBefore: 1 as const }),
  },
  $inc: { revision: 1 },
});

const later = (first: Date, second: Date): Date => (first > second ? first : second);

export function createJobsStore(connection: Connection): JobsStore {
  const model = jobsModel(connection);
  return { ...queue(model), ...jobLeases(model) };
}

/** What puts jobs in, and takes them out. */
export type Queueing = 'enqueue' | 'enqueueOnce' | 'enqueueManyOnce' | 'remove';

function queue(model: JobsModel): Pick<JobsStore, Queueing> {
  return {
    async enqueue({ name, key, lane, payload, seq, runAt }, now) {
      const { $set, ...rest } = asNew(now, runAt);
      const put = async (upsert: boolean): Promise<boolean> => {
        const result = await model.updateOne(
          { name, key, ...(seq !== undefined && { seq: { $lt: seq } }) },
          {
            $set: { ...$set, lane, payload, ...(seq !== undefined && { seq }) },
            ...(seq === undefined && { $setOnInsert: { seq: 0 } }),
            ...rest,
          },
          { upsert },
        );
        return result.matchedCount + result.upsertedCount > 0;
      };
      try {
        return await put(true);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // Another one made it at the same moment, or it holds a later seq.
        return put(false);
      }
    },

    async enqueueOnce({ name, key, lane, payload, seq = 0, runAt }, now) {
      const { $set } = asNew(now, runAt);
      try {
        const { upsertedCount } = await model.updateOne(
          { name, key },
          { $setOnInsert: { ...$set, lane, payload, seq, revision: 1 } },
          { upsert: true },
        );
        return upsertedCount > 0;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    },

    async enqueueManyOnce(jobs, now) {
      const rows = jobs.map(({ runAt, seq = 0, ...rest }) => ({
        ...asNew(now, runAt).$set,
        ...{ ...rest, seq, revision: 1 },
      }));
      try {
        await model.insertMany(rows, { ordered: false, lean: true });
        return rows.length > 0;
      } catch (error) {
        const refused = refusalsOf(error);
        if (refused.length === 0 || !refused.every(isDuplicateKey)) throw error;
        return refused.length < rows.length;
      }
    },

    async remove(name, key) {
      await model.deleteOne({ name, key });
    },
  };
}
