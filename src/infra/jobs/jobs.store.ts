import type { Connection } from 'mongoose';
import { isDuplicateKey } from '../../storage/index.js';
import { jobsModel, type FoundJob, type JobsModel } from './jobs.model.js';

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
  /** The one that fell due last, instead of the one that is due longest. */
  readonly newest: boolean;
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
  /** Removes a job; a run under way ends by itself and notes nothing. */
  remove(name: string, key: string): Promise<void>;
  waitingLanes(): Promise<WaitingLane[]>;
  /** Leases one due job of a lane for one worker alone. Returns null if none is due. */
  lease(request: LeaseRequest): Promise<LeasedJob | null>;
  /** Renews leases. Returns the tokens of those that were lost. */
  renew(held: readonly Pick<LeasedJob, 'id' | 'lease'>[], until: Date): Promise<string[]>;
  noteCrash(job: LeasedJob): Promise<void>;
  /** Ends a lease: the work is done, unless a newer payload has come meanwhile. */
  complete(job: LeasedJob, now: Date): Promise<void>;
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

const NO_LEASE = { lease: 1, leasedUntil: 1 } as const;

export function createJobsStore(connection: Connection): JobsStore {
  const model = jobsModel(connection);
  return { ...queue(model), ...leases(model) };
}

function queue(model: JobsModel): Pick<JobsStore, 'enqueue' | 'enqueueOnce' | 'remove'> {
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

    async remove(name, key) {
      await model.deleteOne({ name, key });
    },
  };
}

function leases(model: JobsModel): Omit<JobsStore, 'enqueue' | 'enqueueOnce' | 'remove'> {
  /** Ends a lease. With another revision a newer payload waits, whose runAt its enqueue has set. */
  const end = async (
    { id, lease, revision }: LeasedJob,
    $set: Record<string, unknown>,
    more: { $inc?: Record<string, number>; $unset?: Record<string, 1> } = {},
  ): Promise<void> => {
    const { $unset, ...rest } = more;
    const ended = await model.updateOne(
      { _id: id, lease, revision },
      { $set, $unset: { ...NO_LEASE, crashes: 1, ...$unset }, ...rest },
    );
    if (ended.matchedCount === 0) await model.updateOne({ _id: id, lease }, { $unset: NO_LEASE });
  };

  return {
    async waitingLanes() {
      const found: WaitingLane[] = [];
      for (let last = ''; ;) {
        const row = await model
          .findOne({ state: 'waiting', lane: { $gt: last } })
          .sort({ lane: 1, runAt: 1 })
          .select({ lane: 1, runAt: 1 })
          .lean<WaitingLane>();
        if (row === null) return found;
        found.push({ lane: row.lane, runAt: row.runAt });
        last = row.lane;
      }
    },

    async lease({ lane, newest, lease, now, until }) {
      const before = await model
        .findOneAndUpdate(
          { state: 'waiting', lane, runAt: { $lte: now }, leasedUntil: { $not: { $gt: now } } },
          // Due again when the lease ends; until then it is not in the way of a search for due jobs.
          {
            $set: { lease, leasedUntil: until, runAt: until },
            $inc: { attempts: 1 },
            $unset: { retryAt: 1 },
          },
          { sort: { runAt: newest ? -1 : 1 }, returnDocument: 'before' },
        )
        .lean<FoundJob>();
      return before && leased(before, lease);
    },

    async renew(held, until) {
      const ids = held.map(({ id }) => id);
      const tokens = held.map(({ lease }) => lease);
      const filter = { _id: { $in: ids }, lease: { $in: tokens } };
      const { matchedCount } = await model.updateMany(filter, { $set: { leasedUntil: until } });
      if (matchedCount === held.length) return [];
      const rows = await model.find(filter).select({ lease: 1 }).lean<{ lease: string }[]>();
      const kept = new Set(rows.map(({ lease }) => lease));
      return tokens.filter((token) => !kept.has(token));
    },

    async noteCrash({ id, lease }) {
      await model.updateOne({ _id: id, lease }, { $inc: { crashes: 1 } });
    },

    complete: (job, now) =>
      end(job, { state: 'done', doneAt: now, error: '' }, { $unset: { failingSince: 1, retryAt: 1 } }),

    retryLater: (job, { runAt, failingSince, error }) =>
      end(job, { runAt, retryAt: runAt, failingSince, error }),

    fail: (job, error) => end(job, { state: 'failed', error }, { $unset: { retryAt: 1 } }),

    release: (job, runAt = job.dueAt) => end(job, { runAt }, { $inc: { attempts: -1 } }),
  };
}

const leased = (before: FoundJob, lease: string): LeasedJob => ({
  id: before._id.toString(),
  name: before.name,
  key: before.key,
  lane: before.lane,
  payload: before.payload,
  seq: before.seq,
  revision: before.revision,
  attempts: before.attempts + 1,
  dueSince: before.dueSince,
  dueAt: before.runAt,
  failingSince: before.failingSince ?? null,
  lease,
  abandoned: before.lease !== undefined,
  crashes: (before.crashes ?? 0) + (before.lease === undefined ? 0 : 1),
});
