import { Schema, type Connection, type Types } from 'mongoose';
import { DAY, MINUTE } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import type { Queue } from '../../shared/queue.js';
import { isDuplicateKey } from '../../storage/index.js';

/** A notice whose signature and claims were checked. https://www.imsglobal.org/spec/lti-pns/v1p0/main */
export interface Notice {
  readonly registrationId: string;
  readonly deploymentId: string;
  /** The platform's id of the notice. */
  readonly noticeId: string;
  readonly type: string;
  /** Context id of the notice, or ''. */
  readonly contextId: string;
  /** Context ids that the context was copied from. */
  readonly origins: readonly string[];
}

export interface WaitingNotice extends Notice {
  readonly id: string;
  readonly tries: number;
}

interface Row extends Notice {
  state: 'waiting' | 'done' | 'failed';
  tries: number;
  dueAt: Date;
  /** Token of the lease, which ends at `dueAt`. */
  lease: string;
  reason: string;
  expiresAt: Date;
}

/** Longer than the lifetime of any token, so that a notice whose row has expired cannot be sent again. */
const RETENTION_MS = 30 * DAY;
const LEASE_MS = 2 * MINUTE;

const schema = new Schema<Row>(
  {
    registrationId: { type: String, required: true },
    deploymentId: { type: String, required: true },
    noticeId: { type: String, required: true },
    type: { type: String, required: true },
    contextId: { type: String, default: '' },
    origins: { type: [String], default: [] },
    state: { type: String, required: true },
    tries: { type: Number, required: true },
    dueAt: { type: Date, required: true },
    lease: { type: String, default: '' },
    reason: { type: String, default: '' },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'notices', versionKey: false },
);
schema.index({ registrationId: 1, noticeId: 1 }, { unique: true });
schema.index({ state: 1, dueAt: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function createNoticesStore(connection: Connection) {
  const model = connection.model('Notice', schema);
  return {
    /** Keeps a notice until it has been worked on. @returns false when it has been here before */
    async add(notice: Notice, now: Date): Promise<boolean> {
      const expiresAt = new Date(now.getTime() + RETENTION_MS);
      try {
        await model.create({ ...notice, state: 'waiting', tries: 0, dueAt: now, expiresAt });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    /** Takes the notice that is due longest; whoever is killed with it leaves it to the next, in two minutes. */
    async lease(now: Date): Promise<(WaitingNotice & { lease: string }) | null> {
      const lease = newToken();
      const row = await model
        .findOneAndUpdate(
          { state: 'waiting', dueAt: { $lte: now } },
          { $set: { lease, dueAt: new Date(now.getTime() + LEASE_MS) }, $inc: { tries: 1 } },
          { sort: { dueAt: 1 }, returnDocument: 'after' },
        )
        .lean<Row & { _id: Types.ObjectId }>();
      if (row === null) return null;
      const { registrationId, deploymentId, noticeId, type, contextId, origins, tries } = row;
      const notice = { registrationId, deploymentId, noticeId, type, contextId, origins };
      return { ...notice, id: row._id.toString(), tries, lease };
    },
    async queue(): Promise<Queue> {
      const [waiting, failed, oldest] = await Promise.all([
        model.countDocuments({ state: 'waiting' }),
        model.countDocuments({ state: 'failed' }),
        model.findOne({ state: 'waiting' }).sort({ dueAt: 1 }).select({ expiresAt: 1 }).lean<Row>(),
      ]);
      return { waiting, oldest: oldest && new Date(oldest.expiresAt.getTime() - RETENTION_MS), failed };
    },
    /** @param retryAt null: it is settled, well or not */
    async finish(
      { id, lease }: { readonly id: string; readonly lease: string },
      outcome: { readonly reason: string; readonly retryAt: Date | null },
    ): Promise<void> {
      const { reason, retryAt } = outcome;
      const set = retryAt
        ? { dueAt: retryAt, lease: '', reason }
        : { state: reason === '' ? ('done' as const) : ('failed' as const), lease: '', reason };
      await model.updateOne({ _id: id, lease }, { $set: set });
    },
  };
}

export type NoticesStore = ReturnType<typeof createNoticesStore>;
