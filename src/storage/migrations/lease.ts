import type { mongo } from 'mongoose';
import { newToken } from '../../shared/ids.js';
import { pause } from '../embedded/retry.js';
import { LOCKS } from '../names.js';
import { StorageError } from '../storage-error.js';
import { isDuplicateKey } from '../duplicate-key.js';

/** A holder that is killed is waited for this long; one that lives says so three times as often. */
export const LEASE_MS = 15_000;
const POLL_MS = 100;

interface Row {
  readonly _id: string;
  readonly holder: string;
  readonly expiresAt: Date;
}

/**
 * Runs `act` in one process at a time, of all that share the database. Machines' clocks may differ by less than
 * the lease.
 * @param needless is asked again and again while another process holds the lease: true gives up waiting
 */
export async function withLease(
  db: mongo.Db,
  name: string,
  needless: () => Promise<boolean>,
  act: (stillOurs: () => void) => Promise<void>,
  leaseMs = LEASE_MS,
): Promise<void> {
  const rows = db.collection<Row>(LOCKS);
  const holder = newToken();
  while (!(await take(rows, name, holder, leaseMs))) {
    if (await needless()) return;
    await pause(POLL_MS);
  }
  let lost = false;
  const renewal = setInterval(() => {
    rows
      .updateOne({ _id: name, holder }, { $set: { expiresAt: new Date(Date.now() + leaseMs) } })
      .then(({ matchedCount }) => (lost = matchedCount === 0))
      .catch(() => undefined);
  }, leaseMs / 3);
  try {
    await act(() => {
      if (lost) throw new StorageError('another process took over: this one was stopped for too long');
    });
  } finally {
    clearInterval(renewal);
    await rows.deleteOne({ _id: name, holder });
  }
}

async function take(
  rows: mongo.Collection<Row>,
  name: string,
  holder: string,
  leaseMs: number,
): Promise<boolean> {
  const now = Date.now();
  try {
    await rows.updateOne(
      // A lease that ends later than any can is one of a clock that was put back.
      {
        _id: name,
        $or: [{ expiresAt: { $lt: new Date(now) } }, { expiresAt: { $gt: new Date(now + 2 * leaseMs) } }],
      },
      { $set: { holder, expiresAt: new Date(now + leaseMs) } },
      { upsert: true },
    );
    return true;
  } catch (error) {
    // It exists, and has not expired.
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
