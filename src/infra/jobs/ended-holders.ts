import type { Connection } from 'mongoose';
import { HEARTBEAT_MS } from './held-leases.js';
import { jobsModel, type FoundJob } from './jobs.model.js';
import type { LeaseTokens } from './lease-tokens.js';

/** More leases than a process of ours holds; the next check finds the others. */
const AT_ONCE = 1_000;

/** Ends leases whose holder is known to have ended, before their time: a program that was killed and started again. */
export interface EndedHolders {
  /** Does nothing when it was called less than a heartbeat ago. */
  check(now: Date): Promise<void>;
}

/** @param elapsedMs a clock that is never put back */
export function createEndedHolders(
  connection: Connection,
  tokens: Pick<LeaseTokens, 'isOfEnded'>,
  elapsedMs: () => number = () => performance.now(),
): EndedHolders {
  const model = jobsModel(connection);
  let checkedAt = -Infinity;
  return {
    async check(now) {
      if (elapsedMs() - checkedAt < HEARTBEAT_MS) return;
      checkedAt = elapsedMs();
      const held = { leasedUntil: { $gt: now } };
      const rows = await model.find(held).select({ lease: 1 }).limit(AT_ONCE).lean<FoundJob[]>();
      const leases = [...new Set(rows.flatMap(({ lease }) => lease ?? []))].filter((lease) =>
        tokens.isOfEnded(lease),
      );
      if (leases.length === 0) return;
      const ids = rows.flatMap(({ _id, lease = '' }) => (leases.includes(lease) ? [_id] : []));
      // The token stays: the next holder counts what ended.
      await model.updateMany(
        { ...held, _id: { $in: ids }, lease: { $in: leases } },
        { $set: { runAt: now, leasedUntil: now } },
      );
    },
  };
}
