import { Schema, type Connection, type Types } from 'mongoose';
import type { ServiceProblem } from '../../lti/index.js';
import type { ContentRef } from '../../shared/content.js';

/** Points of one person for one piece of content, as the gradebook should have them. */
export interface Grade {
  readonly registrationId: string;
  readonly courseId: string;
  readonly personId: string;
  /** The LMS's id of the person. */
  readonly sub: string;
  readonly content: ContentRef;
  /** What the grade is for, as people call it. */
  readonly title: string;
  readonly scoreGiven: number;
  readonly scoreMaximum: number;
  readonly comment: string;
  readonly submittedAt: Date;
  /** The moment this grade speaks of: of two grades for one row the later one wins, in whatever order they come. */
  readonly asOf: Date;
  /** What the launch that named the line item granted; null where the platform does not say. */
  readonly scopes: readonly string[] | null;
}

/** Why a grade has not arrived, where it has a name: a service's problem, or a platform that is switched off here. */
export type GradeProblem = ServiceProblem | 'disabled' | '';

/** One thing that happened to a row. */
export interface GradeEvent {
  readonly at: Date;
  readonly what: GradeHappening;
  readonly problem: GradeProblem;
  /** In the LMS's words. */
  readonly reason: string;
}

export const HAPPENINGS = [
  'queued',
  'delivered',
  'conflict',
  'retry',
  'refused',
  'gave-up',
  'again',
] as const;
export type GradeHappening = (typeof HAPPENINGS)[number];

/** How the outbox stands as a whole. */
export interface OutboxHealth {
  readonly waiting: number;
  readonly failed: number;
  /** When the grade that waits longest was put in. */
  readonly oldest: Date | null;
}

/** `pending`: to be sent, or being sent. `failed`: the LMS refused it for good, or three days have passed. */
export type GradeState = 'pending' | 'sent' | 'failed';

/** One row of the outbox: the newest grade for one line item and one person. */
export interface GradeRow extends Grade {
  readonly id: string;
  readonly lineItem: string;
  readonly state: GradeState;
  /** Rises with every new grade; a sender that finished an older version has not finished the row. */
  readonly version: number;
  readonly tries: number;
  /** When this version was put in. */
  readonly queuedAt: Date;
  /** Earliest next try; of a row that is being sent, when its sender counts as dead. */
  readonly dueAt: Date;
  /** When the first try of this version failed; null while none has. */
  readonly triedSince: Date | null;
  readonly deliveredAt: Date | null;
  /** Of the last failed try. */
  readonly problem: GradeProblem;
  /** Of the last failed try, in the LMS's words. */
  readonly reason: string;
}

/** A row that its sender has taken. */
export interface LeasedRow extends GradeRow {
  readonly lease: string;
  /** What to send as the score's time: later than that of any score sent before for this row. */
  readonly timestamp: Date;
}

export interface LeaseWish {
  readonly registrationId: string;
  readonly newest: boolean;
  readonly lease: string;
  readonly now: Date;
  readonly until: Date;
}

/** What became of a try. */
export interface Settlement {
  readonly what: GradeHappening;
  readonly state?: GradeState;
  readonly dueAt?: Date;
  readonly triedSince?: Date;
  readonly deliveredAt?: Date;
  readonly problem?: GradeProblem;
  readonly reason?: string;
}

interface Row extends Grade {
  lineItem: string;
  state: GradeState;
  version: number;
  tries: number;
  queuedAt: Date;
  dueAt: Date;
  triedSince: Date | null;
  /** Who sends it just now, and until when nobody else may. */
  lease: string;
  leasedUntil: Date;
  /** The time that the newest score sent for this row bore. */
  stamp: Date;
  deliveredAt: Date | null;
  problem: GradeProblem;
  reason: string;
  history: GradeEvent[];
}

const NEVER = new Date(0);

const schema = new Schema<Row>(
  {
    registrationId: { type: String, required: true },
    courseId: { type: String, required: true },
    personId: { type: String, required: true },
    sub: { type: String, required: true },
    content: { kind: { type: String, required: true }, id: { type: String, required: true } },
    title: { type: String, default: '' },
    scoreGiven: { type: Number, required: true },
    scoreMaximum: { type: Number, required: true },
    comment: { type: String, default: '' },
    submittedAt: { type: Date, required: true },
    asOf: { type: Date, required: true },
    scopes: { type: [String], default: null },
    lineItem: { type: String, required: true },
    state: { type: String, required: true },
    version: { type: Number, required: true },
    tries: { type: Number, required: true },
    queuedAt: { type: Date, required: true },
    dueAt: { type: Date, required: true },
    triedSince: { type: Date, default: null },
    lease: { type: String, default: '' },
    leasedUntil: { type: Date, default: NEVER },
    stamp: { type: Date, default: NEVER },
    deliveredAt: { type: Date, default: null },
    problem: { type: String, default: '' },
    reason: { type: String, default: '' },
    history: {
      type: [new Schema({ at: Date, what: String, problem: String, reason: String }, { _id: false })],
      default: [],
    },
  },
  { collection: 'grades', versionKey: false },
);
schema.index({ lineItem: 1, personId: 1 }, { unique: true });
schema.index({ state: 1, registrationId: 1, dueAt: 1 });
schema.index({ courseId: 1, personId: 1 });

const DUPLICATE_KEY = 11_000;
/** The newest entries that a row's history keeps. */
const HISTORY = 50;

/** Rows from before these were kept lack them. */
type Later = 'scopes' | 'problem' | 'stamp' | 'triedSince';
type Found = Omit<Row, Later> & Partial<Pick<Row, Later>> & { _id: Types.ObjectId };

function plain(row: Found): GradeRow {
  const { _id, lease: _lease, leasedUntil: _until, stamp: _stamp, history: _history, ...rest } = row;
  return {
    ...rest,
    content: { kind: row.content.kind, id: row.content.id },
    scopes: row.scopes ?? null,
    problem: row.problem ?? '',
    triedSince: row.triedSince ?? null,
    id: _id.toString(),
  };
}

export function createGradesStore(connection: Connection) {
  const model = connection.model('Grade', schema);
  const note = (at: Date, what: GradeHappening, problem: GradeProblem = '', reason = '') => ({
    $push: { history: { $each: [{ at, what, problem, reason }], $slice: -HISTORY } },
  });

  return {
    /**
     * Puts a grade in, unless a later one stands already. A row that is being sent keeps its lease: two
     * senders of one row could arrive in the wrong order.
     */
    async put(lineItem: string, grade: Grade, now: Date): Promise<void> {
      const { personId, ...rest } = grade;
      try {
        await model.updateOne(
          { lineItem, personId, asOf: { $lte: grade.asOf } },
          {
            $set: {
              ...rest,
              state: 'pending',
              tries: 0,
              queuedAt: now,
              dueAt: now,
              triedSince: null,
              problem: '',
              reason: '',
            },
            $setOnInsert: { lease: '', leasedUntil: NEVER, stamp: NEVER, deliveredAt: null },
            $inc: { version: 1 },
            ...note(now, 'queued'),
          },
          { upsert: true },
        );
      } catch (error) {
        // The row is there and holds a later grade.
        if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
      }
    },

    /** The platforms that something waits for, each with the moment when the first of it is due. */
    async waiting(): Promise<{ registrationId: string; dueAt: Date }[]> {
      const found: { registrationId: string; dueAt: Date }[] = [];
      // From platform to platform along the index, however many rows each has.
      for (let last = ''; ;) {
        const row = await model
          .findOne({ state: 'pending', registrationId: { $gt: last } })
          .sort({ registrationId: 1, dueAt: 1 })
          .select({ registrationId: 1, dueAt: 1 })
          .lean();
        if (row === null) return found;
        found.push({ registrationId: row.registrationId, dueAt: row.dueAt });
        last = row.registrationId;
      }
    },

    /**
     * Takes a row that is due, for this sender alone until the lease ends.
     * @param newest the one that fell due last, instead of the one that is due longest
     */
    async lease({ registrationId, newest, lease, now, until }: LeaseWish): Promise<LeasedRow | null> {
      const before = await model
        .findOneAndUpdate(
          { state: 'pending', registrationId, dueAt: { $lte: now }, leasedUntil: { $lte: now } },
          // Due again when the sender counts as dead; until then it stands in nobody's way.
          {
            $set: { lease, leasedUntil: until, dueAt: until },
            $inc: { tries: 1 },
            $max: { stamp: now },
          },
          { sort: { dueAt: newest ? -1 : 1 }, returnDocument: 'before' },
        )
        .lean<Found>();
      if (before === null) return null;
      // Clocks of several machines differ, and are set back: a score must still be later than the one before.
      const timestamp = new Date(Math.max(now.getTime(), (before.stamp ?? NEVER).getTime() + 1));
      return { ...plain(before), tries: before.tries + 1, lease, timestamp };
    },

    /** Ends a lease with what became of it. A grade put in meanwhile stays pending and is due. */
    async settle(row: LeasedRow, now: Date, { what, ...set }: Settlement): Promise<void> {
      const { id, lease, version, timestamp } = row;
      const free = { lease: '', leasedUntil: NEVER };
      const noted = { ...note(now, what, set.problem, set.reason), $max: { stamp: timestamp } };
      const done = await model.updateOne(
        { _id: id, lease, version },
        { $set: { ...set, ...free }, ...noted },
      );
      if (done.matchedCount === 0) await model.updateOne({ _id: id, lease }, { $set: free, ...noted });
    },

    /** Sends failed rows once more. @returns how many */
    async revive(courseId: string, now: Date, id?: string): Promise<number> {
      const result = await model.updateMany(
        { courseId, state: 'failed', ...(id !== undefined && { _id: id }) },
        {
          $set: {
            state: 'pending',
            tries: 0,
            queuedAt: now,
            dueAt: now,
            triedSince: null,
            problem: '',
            reason: '',
          },
          ...note(now, 'again'),
        },
      );
      return result.modifiedCount;
    },

    async ofCourse(courseId: string): Promise<GradeRow[]> {
      const rows = await model.find({ courseId }).sort({ title: 1, submittedAt: -1 }).lean<Found[]>();
      return rows.map(plain);
    },

    async ofPerson(courseId: string, personId: string): Promise<GradeRow[]> {
      const rows = await model.find({ courseId, personId }).sort({ submittedAt: -1 }).lean<Found[]>();
      return rows.map(plain);
    },

    async health(): Promise<OutboxHealth> {
      const [waiting, failed, oldest] = await Promise.all([
        model.countDocuments({ state: 'pending' }),
        model.countDocuments({ state: 'failed' }),
        model.findOne({ state: 'pending' }).sort({ queuedAt: 1 }).select({ queuedAt: 1 }).lean(),
      ]);
      return { waiting, failed, oldest: oldest?.queuedAt ?? null };
    },

    /** What happened to a row, oldest first. */
    async historyOf(id: string): Promise<GradeEvent[]> {
      const row = await model.findById(id).select({ history: 1 }).lean<Found>();
      return (row?.history ?? []).map(({ at, what, problem, reason }) => ({
        at,
        what,
        // Older entries have none.
        problem: (problem as GradeProblem | undefined) ?? '',
        reason,
      }));
    },
  };
}

export type GradesStore = ReturnType<typeof createGradesStore>;
