import { Schema, type Connection, type Types } from 'mongoose';
import { DAY, SECOND } from '../../shared/clock.js';

/** `waiting`: to be run, or being run. `failed` stays until an administrator retries it. */
export type StoredState = 'waiting' | 'done' | 'failed';

export interface JobRow {
  name: string;
  key: string;
  /** `<lane>` or `<lane>:<lane key>`. */
  lane: string;
  state: StoredState;
  payload: unknown;
  /** The source's order of the payload. */
  seq: number;
  /** Rises with every payload and every retry by a person: a worker that ran an older one has not finished the job. */
  revision: number;
  /** Earliest next attempt. Of a job that is being run, when its lease ends unless it is renewed. */
  runAt: Date;
  /** When it was to run at first: runAt before any attempt, or when it was enqueued if that is later. */
  dueSince: Date;
  attempts: number;
  /** Of the last failed attempt; '' when there is none. */
  error: string;
  /** The first failed attempt with this payload. */
  failingSince?: Date;
  /** Who runs it, and until when no other may. Absent while it is not run. */
  lease?: string;
  leasedUntil?: Date;
  /** The same as runAt while a failed job waits for its next attempt; absent otherwise. */
  retryAt?: Date;
  /** The same as runAt of a job that was enqueued for a later time; absent otherwise. */
  notBefore?: Date;
  /** How many processes ended in a row while they ran it. */
  crashes?: number;
  doneAt?: Date;
}

export type FoundJob = JobRow & { _id: Types.ObjectId };

/** How long finished jobs stay: the same event or slot makes none twice for as long. */
export const KEEP_DONE_MS = 30 * DAY;

const schema = new Schema<JobRow>(
  {
    name: { type: String, required: true },
    key: { type: String, required: true },
    lane: { type: String, required: true },
    state: { type: String, required: true },
    payload: { type: Schema.Types.Mixed },
    seq: { type: Number, required: true },
    revision: { type: Number, required: true },
    runAt: { type: Date, required: true },
    dueSince: { type: Date, required: true },
    attempts: { type: Number, required: true },
    error: { type: String, default: '' },
    failingSince: Date,
    lease: String,
    leasedUntil: Date,
    retryAt: Date,
    notBefore: Date,
    crashes: Number,
    doneAt: Date,
  },
  { collection: 'jobs', versionKey: false, minimize: false },
);
schema.index({ name: 1, key: 1 }, { unique: true });
schema.index({ state: 1, lane: 1, runAt: 1 });
schema.index({ state: 1, name: 1, dueSince: 1 });
schema.index({ leasedUntil: 1 }, { sparse: true });
schema.index({ retryAt: 1 }, { sparse: true });
schema.index({ doneAt: 1 }, { expireAfterSeconds: KEEP_DONE_MS / SECOND });

const define = (connection: Connection) => connection.model('Job', schema);
export type JobsModel = ReturnType<typeof define>;

/** The one model of all stores here. */
export const jobsModel = (connection: Connection): JobsModel =>
  (connection.models.Job as JobsModel | undefined) ?? define(connection);
