import { Schema, type Connection, type Types } from 'mongoose';
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
}

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
  /** Earliest next try. */
  readonly dueAt: Date;
  readonly deliveredAt: Date | null;
  /** Of the last failed try, in the LMS's words. */
  readonly reason: string;
}

interface Row extends Grade {
  lineItem: string;
  state: GradeState;
  version: number;
  tries: number;
  queuedAt: Date;
  dueAt: Date;
  /** Who sends it just now, and until when nobody else may. */
  lease: string;
  leasedUntil: Date;
  deliveredAt: Date | null;
  reason: string;
  history: { at: Date; what: string; reason: string }[];
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
    lineItem: { type: String, required: true },
    state: { type: String, required: true },
    version: { type: Number, required: true },
    tries: { type: Number, required: true },
    queuedAt: { type: Date, required: true },
    dueAt: { type: Date, required: true },
    lease: { type: String, default: '' },
    leasedUntil: { type: Date, default: NEVER },
    deliveredAt: { type: Date, default: null },
    reason: { type: String, default: '' },
    history: {
      type: [new Schema({ at: Date, what: String, reason: String }, { _id: false })],
      default: [],
    },
  },
  { collection: 'grades', versionKey: false },
);
schema.index({ lineItem: 1, personId: 1 }, { unique: true });
schema.index({ state: 1, dueAt: 1 });
schema.index({ courseId: 1, personId: 1 });

const DUPLICATE_KEY = 11_000;
/** The newest entries that a row's history keeps. */
const HISTORY = 50;

type Found = Row & { _id: Types.ObjectId };

function plain(row: Found): GradeRow {
  const { _id, lease: _lease, leasedUntil: _until, history: _history, ...rest } = row;
  return { ...rest, content: { kind: row.content.kind, id: row.content.id }, id: _id.toString() };
}

export function createGradesStore(connection: Connection) {
  const model = connection.model('Grade', schema);
  const note = (at: Date, what: string, reason = '') => ({
    $push: { history: { $each: [{ at, what, reason }], $slice: -HISTORY } },
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
            $set: { ...rest, state: 'pending', tries: 0, queuedAt: now, dueAt: now, reason: '' },
            $setOnInsert: { lease: '', leasedUntil: NEVER, deliveredAt: null },
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

    /** Takes the row that is due longest, for this sender alone until `leasedUntil`. */
    async lease(now: Date, lease: string, leasedUntil: Date): Promise<GradeRow | null> {
      const row = await model
        .findOneAndUpdate(
          { state: 'pending', dueAt: { $lte: now }, leasedUntil: { $lte: now } },
          { $set: { lease, leasedUntil }, $inc: { tries: 1 } },
          { sort: { dueAt: 1 }, returnDocument: 'after' },
        )
        .lean<Found>();
      return row && plain(row);
    },

    /**
     * Ends a lease with what became of it. A grade put in meanwhile stays pending and is due.
     * @param result what to set when the row still has this version
     */
    async settle(
      row: GradeRow,
      lease: string,
      now: Date,
      result: Partial<Pick<Row, 'state' | 'dueAt' | 'deliveredAt' | 'reason'>> & { what: string },
    ): Promise<void> {
      const { what, ...set } = result;
      const free = { lease: '', leasedUntil: NEVER };
      const done = await model.updateOne(
        { _id: row.id, lease, version: row.version },
        { $set: { ...set, ...free }, ...note(now, what, result.reason) },
      );
      if (done.matchedCount === 0) {
        await model.updateOne({ _id: row.id, lease }, { $set: free, ...note(now, what, result.reason) });
      }
    },

    /** Sends failed rows once more. @returns how many */
    async revive(courseId: string, now: Date, id?: string): Promise<number> {
      const result = await model.updateMany(
        { courseId, state: 'failed', ...(id !== undefined && { _id: id }) },
        {
          $set: { state: 'pending', tries: 0, queuedAt: now, dueAt: now, reason: '' },
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

    /** When the next row falls due, or null when none waits. */
    async nextDue(): Promise<Date | null> {
      const row = await model.findOne({ state: 'pending' }).sort({ dueAt: 1 }).select({ dueAt: 1 }).lean();
      return row?.dueAt ?? null;
    },
  };
}

export type GradesStore = ReturnType<typeof createGradesStore>;
