import type { FoundJob, JobsModel } from './jobs.model.js';
import type { JobsStore, LeasedJob, LeaseRequest, Queueing, WaitingLane } from './jobs.store.js';

const NO_LEASE = { lease: 1, leasedUntil: 1 } as const;

// Said where a planner would count entries of several indexes to choose one.
const BY_ID = { hint: { _id: 1 } } as const;
const BY_LANE = { hint: { state: 1, lane: 1, runAt: 1 } } as const;

/** How jobs are leased, and how a lease ends. */
export function jobLeases(model: JobsModel): Omit<JobsStore, Queueing> {
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
          .findOne({ state: 'waiting', lane: { $gt: last } }, null, BY_LANE)
          .sort({ lane: 1, runAt: 1 })
          .select({ lane: 1, runAt: 1 })
          .lean<WaitingLane>();
        if (row === null) return found;
        found.push({ lane: row.lane, runAt: row.runAt });
        last = row.lane;
      }
    },

    lease: (request) => (request.most === 1 ? leaseOne(model, request) : leaseMany(model, request)),

    async renew(held, until) {
      const ids = held.map(({ id }) => id);
      const tokens = [...new Set(held.map(({ lease }) => lease))];
      const filter = { _id: { $in: ids }, lease: { $in: tokens } };
      const { matchedCount } = await model.updateMany(filter, { $set: { leasedUntil: until } }, BY_ID);
      if (matchedCount === held.length) return [];
      const rows = await model.find(filter).select({ lease: 1 }).lean<FoundJob[]>();
      const kept = new Map(rows.map(({ _id, lease }) => [_id.toString(), lease]));
      return held.filter(({ id, lease }) => kept.get(id) !== lease);
    },

    async noteCrash({ id, lease }) {
      await model.updateOne({ _id: id, lease }, { $inc: { crashes: 1 } });
    },

    complete: (job, now) =>
      end(job, { state: 'done', doneAt: now, error: '' }, { $unset: { failingSince: 1, retryAt: 1 } }),

    async completeMany(jobs, now) {
      const { matchedCount } = await model.bulkWrite(
        jobs.map(({ id, lease, revision }) => ({
          updateOne: {
            filter: { _id: id, lease, revision },
            update: {
              $set: { state: 'done' as const, doneAt: now, error: '' },
              $unset: { ...NO_LEASE, crashes: 1, failingSince: 1, retryAt: 1 },
            },
          },
        })),
        { ordered: false },
      );
      if (matchedCount === jobs.length) return;
      // Of a lease that is still held a newer payload waits.
      const ids = jobs.map(({ id }) => id);
      const tokens = [...new Set(jobs.map(({ lease }) => lease))];
      await model.updateMany({ _id: { $in: ids }, lease: { $in: tokens } }, { $unset: NO_LEASE }, BY_ID);
    },

    retryLater: (job, { runAt, failingSince, error }) =>
      end(job, { runAt, retryAt: runAt, failingSince, error }),

    fail: (job, error) => end(job, { state: 'failed', error }, { $unset: { retryAt: 1 } }),

    release: (job, runAt = job.dueAt) => end(job, { runAt }, { $inc: { attempts: -1 } }),
  };
}

/** Filter: what is due in a lane, and held by no process. */
const due = ({ lane, now }: LeaseRequest) => ({
  ...{ state: 'waiting' as const, lane, runAt: { $lte: now } },
  leasedUntil: { $not: { $gt: now } },
});

/** Due again when the lease ends; until then it is not in the way of a search for due jobs. */
const leasing = ({ lease, until }: LeaseRequest) => ({
  $set: { lease, leasedUntil: until, runAt: until },
  $inc: { attempts: 1 },
  $unset: { retryAt: 1 as const },
});

async function leaseOne(model: JobsModel, request: LeaseRequest): Promise<LeasedJob[]> {
  const before = await model
    .findOneAndUpdate(due(request), leasing(request), {
      sort: { runAt: request.newest ? -1 : 1 },
      returnDocument: 'before',
    })
    .lean<FoundJob>();
  return before === null ? [] : [leased(before, request.lease)];
}

/** One search from each end, one write, and a look at what it has won: another process may have been quicker. */
async function leaseMany(model: JobsModel, request: LeaseRequest): Promise<LeasedJob[]> {
  const { newest, most, lease } = request;
  const half = Math.ceil(most / 2);
  const from = (direction: 1 | -1, limit: number) =>
    model.find(due(request), null, BY_LANE).sort({ runAt: direction }).limit(limit).lean<FoundJob[]>();
  const [first, second] = await Promise.all([
    from(newest ? -1 : 1, half),
    from(newest ? 1 : -1, most - half),
  ]);
  const found = new Map<string, FoundJob>();
  for (let at = 0; at < half; at += 1) {
    for (const row of [first[at], second[at]]) if (row !== undefined) found.set(row._id.toString(), row);
  }
  if (found.size === 0) return [];
  const ids = [...found.values()].map(({ _id }) => _id);
  const { matchedCount } = await model.updateMany(
    { ...due(request), _id: { $in: ids } },
    leasing(request),
    BY_ID,
  );
  if (matchedCount === 0) return [];
  const won = await model.find({ _id: { $in: ids }, lease }, null, BY_ID).lean<FoundJob[]>();
  const now = new Map(won.map((row) => [row._id.toString(), row]));
  return [...found].flatMap(([id, before]) => {
    const row = now.get(id);
    if (row === undefined) return [];
    // A payload that came between the two is the one to work on.
    const { attempts } = row;
    const abandoned = before.lease !== undefined;
    return [{ ...leased(row, lease), attempts, dueAt: before.runAt, abandoned, crashes: crashesOf(before) }];
  });
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
  crashes: crashesOf(before),
});

/** With the holder whose lease ran out. */
const crashesOf = ({ crashes = 0, lease }: FoundJob): number => crashes + (lease === undefined ? 0 : 1);
