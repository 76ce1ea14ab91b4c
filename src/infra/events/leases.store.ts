import { Schema, type Connection } from 'mongoose';
import { SECOND } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { isDuplicateKey } from '../../storage/index.js';

/** The lease of a killed sweeper ends after this. */
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

export function createSweepLeases(connection: Connection): SweepLeases {
  const model =
    (connection.models.EventSweeper as ReturnType<typeof define> | undefined) ?? define(connection);
  const untilFrom = (now: Date): Date => new Date(now.getTime() + SWEEP_LEASE_MS);
  return {
    async take(backlog, now) {
      const lease = newToken();
      const beyond = new Date(now.getTime() + IMPOSSIBLE_MS);
      try {
        await model.updateOne(
          { _id: backlog, $or: [{ until: { $lte: now } }, { until: { $gt: beyond } }] },
          { $set: { lease, until: untilFrom(now) } },
          { upsert: true },
        );
        return lease;
      } catch (error) {
        if (isDuplicateKey(error)) return null;
        throw error;
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
