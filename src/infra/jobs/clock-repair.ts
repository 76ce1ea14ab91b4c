import type { Connection } from 'mongoose';
import { SECOND } from '../../shared/clock.js';
import { HEARTBEAT_MS, LEASE_MS } from './held-leases.js';
import { jobsModel, type FoundJob } from './jobs.model.js';
import { LONGEST_ASKED_MS } from './retry.js';

/** Leases of a process whose clock is ahead by this much are none of a clock that was put back. */
const TOLERANCE_MS = 10 * SECOND;
/** The longest pause with its jitter. */
const LONGEST_PAUSE_MS = 1.5 * LONGEST_ASKED_MS;

/**
 * After a clock was put back, leases and pauses would last longer by as much. What is due later than the longest
 * pause is due now; a lease that ends later than any lease can is over, unless its holder renews it.
 */
export interface ClockRepair {
  /**
   * Does nothing when it was called less than two heartbeats ago.
   * @param scheduled names of scheduled jobs, whose slots come again
   */
  check(now: Date, scheduled?: readonly string[]): Promise<void>;
}

/** @param elapsedMs a clock that is never put back */
export function createClockRepair(
  connection: Connection,
  elapsedMs: () => number = () => performance.now(),
): ClockRepair {
  const model = jobsModel(connection);
  let checkedAt = -Infinity;
  let checkedWhen: Date | undefined;
  /** Lease token → its end, as the last check found it. */
  let suspects = new Map<string, number>();

  const leases = async (now: Date): Promise<void> => {
    const beyond = { $gt: new Date(now.getTime() + LEASE_MS + TOLERANCE_MS) };
    const rows = await model.find({ leasedUntil: beyond }).limit(100).lean<FoundJob[]>();
    const found = new Map<string, number>();
    for (const { _id, lease = '', leasedUntil } of rows) {
      const until = leasedUntil?.getTime() ?? 0;
      // A holder that is alive has renewed it since the last check, by the clock as it is now.
      if (suspects.get(lease) === until) {
        await model.updateOne(
          { _id, lease, leasedUntil: beyond },
          { $set: { runAt: now, leasedUntil: now } },
        );
      } else {
        found.set(lease, until);
      }
    }
    suspects = found;
  };

  const pauses = async (now: Date): Promise<void> => {
    const beyond = { $gt: new Date(now.getTime() + LONGEST_PAUSE_MS) };
    await model.updateMany({ retryAt: beyond }, { $set: { runAt: now }, $unset: { retryAt: 1 } });
  };

  /** Whether the clock was put back since the last check, or while no process of ours ran. */
  const wasPutBack = async (now: Date, elapsed: number): Promise<boolean> => {
    if (checkedWhen !== undefined)
      return now.getTime() - checkedWhen.getTime() < elapsed - checkedAt - TOLERANCE_MS;
    const beyond = { $gt: new Date(now.getTime() + TOLERANCE_MS) };
    return (await model.findOne({ doneAt: beyond }).select({ _id: 1 }).lean()) !== null;
  };

  /** What was enqueued by the clock as it was, to run at once, is due now. */
  const immediate = async (now: Date): Promise<void> => {
    const beyond = { $gt: new Date(now.getTime() + TOLERANCE_MS) };
    const waiting = { state: 'waiting' as const, runAt: beyond, notBefore: null, retryAt: null, lease: null };
    await model.updateMany(waiting, { $set: { runAt: now, dueSince: now } });
  };

  /** A slot's job keeps the slot from running twice; those of the future would keep it from running at all. */
  const slots = async (now: Date, scheduled: readonly string[]): Promise<void> => {
    const beyond = { $gt: new Date(now.getTime() + TOLERANCE_MS).toISOString() };
    await model.deleteMany({ name: { $in: [...scheduled] }, key: beyond, lease: null });
  };

  return {
    async check(now, scheduled = []) {
      const elapsed = elapsedMs();
      if (elapsed - checkedAt < 2 * HEARTBEAT_MS) return;
      const putBack = await wasPutBack(now, elapsed);
      [checkedAt, checkedWhen] = [elapsed, now];
      await leases(now);
      await pauses(now);
      if (!putBack) return;
      await immediate(now);
      await slots(now, scheduled);
    },
  };
}
