import { Schema, type Connection } from 'mongoose';
import { SECOND } from '../../shared/clock.js';
import { isDuplicateKey } from '../../storage/index.js';
import type { LeaseTokens } from '../jobs/index.js';

/** The lease of a killed sweeper ends after this, unless it is known to have ended. */
export const SWEEP_LEASE_MS = 12 * SECOND;
/** A lease that ends later than this is one of a clock that was put back. */
const IMPOSSIBLE_MS = SWEEP_LEASE_MS + 10 * SECOND;

interface LeaseRow {
  _id: string;
  lease: string;
  until: Date;
}

const schema = new Schema<LeaseRow>(
  { _id: String, lease: { type: String, required: true }, until: { type: Date, required: true } },
  { collection: 'event_sweepers', versionKey: false },
);

/** One sweeper at a time per backlog, of all processes. It saves double work; that nothing is lost or doubled does not depend on it. */
export interface SweepLeases {
  /** Returns the token, or null if another sweeper is at work. */
  take(backlog: string, now: Date): Promise<string | null>;
  /** Returns false if the lease was lost. */
  renew(backlog: string, lease: string, now: Date): Promise<boolean>;
  release(backlog: string, lease: string): Promise<void>;
}

const define = (connection: Connection) => connection.model('EventSweeper', schema);

export function createSweepLeases(connection: Connection, tokens: LeaseTokens): SweepLeases {
  const model =
    (connection.models.EventSweeper as ReturnType<typeof define> | undefined) ?? define(connection);
  const untilFrom = (now: Date): Date => new Date(now.getTime() + SWEEP_LEASE_MS);

  /** Returns whether the lease was that of a process which has ended, and is free now. */
  const freeEnded = async (backlog: string): Promise<boolean> => {
    const row = await model.findById(backlog).lean<LeaseRow>();
    if (row === null || !tokens.isOfEnded(row.lease)) return false;
    await model.updateOne({ _id: backlog, lease: row.lease }, { until: new Date(0) });
    return true;
  };

  return {
    async take(backlog, now) {
      const lease = tokens.next();
      const beyond = new Date(now.getTime() + IMPOSSIBLE_MS);
      try {
        await model.updateOne(
          { _id: backlog, $or: [{ until: { $lte: now } }, { until: { $gt: beyond } }] },
          { $set: { lease, until: untilFrom(now) } },
          { upsert: true },
        );
        return lease;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return (await freeEnded(backlog)) ? this.take(backlog, now) : null;
      }
    },

    async renew(backlog, lease, now) {
      const { matchedCount } = await model.updateOne({ _id: backlog, lease }, { until: untilFrom(now) });
      return matchedCount > 0;
    },

    async release(backlog, lease) {
      await model.updateOne({ _id: backlog, lease }, { until: new Date(0) });
    },
  };
}
