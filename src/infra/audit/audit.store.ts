import { Schema, type Connection, type Types } from 'mongoose';
import { isDuplicateKey } from '../../storage/index.js';

/**
 * Who did it: an administrator, the operator at the server's terminal, a person in a course, an administrator
 * of an LMS who came from there, a platform by its own message, or an unknown actor.
 */
export interface AuditActor {
  readonly kind: 'admin' | 'terminal' | 'person' | 'platform-admin' | 'platform' | 'nobody';
  /** '' where there is no record of them. */
  readonly id: string;
  /** '' for people of LMSs: what they are called is asked when it is read, so that it can be forgotten. */
  readonly name: string;
}

/** What it was done to. `name` is as it was called then. */
export interface AuditSubject {
  readonly kind:
    'account' | 'session' | 'platform' | 'course' | 'person' | 'key' | 'data' | 'grade' | 'job' | 'centre';
  readonly id: string;
  readonly name: string;
}

/** Field → value as text. Secrets never; the caller masks personal values. */
export type AuditValues = Readonly<Record<string, string>>;

export const ACTIONS = [
  'login',
  'login-failed',
  'login-code-failed',
  'logout',
  'session-ended',
  'sessions-ended',
  'link-made',
  'account-made',
  'account-disabled',
  'account-enabled',
  'password-reset',
  'password-changed',
  'totp-on',
  'totp-off',
  'recovery-used',
  'recovery-renewed',
  'platform-invited',
  'platform-added',
  'platform-changed',
  'platform-enabled',
  'platform-disabled',
  'platform-removed',
  'platform-tested',
  'platform-compared',
  'platform-informed',
  'platform-roles',
  'deployment-approved',
  'deployment-accepted',
  'person-exported',
  'person-erased',
  'people-merged',
  'key-made',
  'data-restored',
  'viewing-begun',
  'viewing-ended',
  'grades-again',
  'jobs-retried',
  'notifications-changed',
  'settings-changed',
  'places-changed',
  'video-changed',
  'organisation-changed',
  'administrators-admitted',
  'consultation-type-changed',
  'closed-days-changed',
  'retention-changed',
  'old-records-removed',
] as const;
export type AuditAction = (typeof ACTIONS)[number];

export interface AuditEntry {
  readonly at: Date;
  readonly actor: AuditActor;
  /** In whose place the actor acted; null where in their own. */
  readonly effective: AuditActor | null;
  readonly action: AuditAction;
  readonly subject: AuditSubject;
  readonly before: AuditValues;
  readonly after: AuditValues;
}

interface Row extends Omit<AuditEntry, 'before' | 'after'> {
  /** JSON: the fields are those of whatever was changed. */
  before: string;
  after: string;
  /** Of work that may be carried through twice; unique. */
  once?: string;
}

const actor = () => new Schema<AuditActor>({ kind: String, id: String, name: String }, { _id: false });

const schema = new Schema<Row>(
  {
    at: { type: Date, required: true },
    actor: { type: actor(), required: true },
    effective: { type: actor(), default: null },
    action: { type: String, required: true },
    subject: { type: actor(), required: true },
    before: { type: String, default: '{}' },
    after: { type: String, default: '{}' },
    once: String,
  },
  { collection: 'audit', versionKey: false },
);
schema.index({ at: -1, _id: -1 });
schema.index({ action: 1, at: -1, _id: -1 });
schema.index({ once: 1 }, { unique: true, sparse: true });

type Found = Row & { _id: Types.ObjectId };

const plain = ({ at, actor: who, effective, action, subject, before, after }: Found): AuditEntry => ({
  at,
  actor: { kind: who.kind, id: who.id, name: who.name },
  effective: effective && { kind: effective.kind, id: effective.id, name: effective.name },
  action,
  subject: { kind: subject.kind, id: subject.id, name: subject.name },
  before: JSON.parse(before) as AuditValues,
  after: JSON.parse(after) as AuditValues,
});

/** Which entries are meant; what is not given does not matter. */
export interface AuditFilter {
  readonly action?: AuditAction;
  /** From this moment on, and before that one. */
  readonly from?: Date | null;
  readonly to?: Date | null;
}

const matching = ({ action, from, to }: AuditFilter) => ({
  ...(action !== undefined && { action }),
  ...((from ?? to) && { at: { ...(from && { $gte: from }), ...(to && { $lt: to }) } }),
});

/** Written once, never changed. Entries end by their age alone. */
export interface AuditStore {
  /** @param once what has been appended under it before is there already */
  append(auditEntry: AuditEntry, once?: string): Promise<void>;
  /** Newest first. */
  read(filter: AuditFilter, skip: number, limit: number): Promise<AuditEntry[]>;
  /** Without a filter the engine's own figure is used, which reads no documents. */
  count(filter: AuditFilter): Promise<number>;
  /** Removes up to `limit` of the oldest entries from before a moment. Returns how many. */
  removeBefore(before: Date, limit: number): Promise<number>;
}

export function createAuditStore(connection: Connection): AuditStore {
  const model = connection.model('Audit', schema);
  return {
    async append({ before, after, ...entry }: AuditEntry, once?: string): Promise<void> {
      const row = { ...entry, before: JSON.stringify(before), after: JSON.stringify(after) };
      try {
        await model.create(once === undefined ? row : { ...row, once });
      } catch (error) {
        if (once === undefined || !isDuplicateKey(error)) throw error;
      }
    },
    async read(filter: AuditFilter, skip: number, limit: number): Promise<AuditEntry[]> {
      const rows = await model
        .find(matching(filter))
        .sort({ at: -1, _id: -1 })
        .skip(skip)
        .limit(limit)
        .lean<Found[]>();
      return rows.map(plain);
    },
    count: (filter: AuditFilter): Promise<number> => model.countDocuments(matching(filter)),
    async removeBefore(before, limit) {
      const rows = await model
        .find(matching({ to: before }))
        .sort({ at: 1 })
        .limit(limit)
        .select({ _id: 1 })
        .lean();
      const { deletedCount } = await model.deleteMany({ _id: { $in: rows.map(({ _id }) => _id) } });
      return deletedCount;
    },
  };
}
