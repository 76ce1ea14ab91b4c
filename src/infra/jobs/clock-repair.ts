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
  /** Does nothing when it was called less than two heartbeats ago. */
  check(now: Date): Promise<void>;
}

/** @param elapsedMs a clock that is never put back */
export function createClockRepair(
  connection: Connection,
  elapsedMs: () => number = () => performance.now(),
): ClockRepair {
  const model = jobsModel(connection);
  let checkedAt = -Infinity;
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

  return {
    async check(now) {
      if (elapsedMs() - checkedAt < 2 * HEARTBEAT_MS) return;
      checkedAt = elapsedMs();
      await leases(now);
      await pauses(now);
    },
  };
}
