import { Schema, type Connection, type Types } from 'mongoose';
import { withEvents, withMark, type EmittingRow } from '../../infra/events/index.js';
import type { ScoreProblem } from '../../lti/index.js';
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
export type GradeProblem = ScoreProblem | 'disabled' | '';

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

/** `pending`: to be sent, or being sent. `failed`: the LMS refused it for good, or three days have passed. */
export type GradeState = (typeof GRADE_STATES)[number];
export const GRADE_STATES = ['pending', 'sent', 'failed'] as const;

/** What the gradebook holds of a row, where it was looked. */
export interface HeldScore {
  /** On the platform's own scale; null if there is none. */
  readonly score: number | null;
  readonly maximum: number | null;
}

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
  /** Of the last failed try. */
  readonly problem: GradeProblem;
  /** Of the last failed try, in the LMS's words. */
  readonly reason: string;
  /** What the gradebook held when it was last looked at; null if that is unknown. */
  readonly held: HeldScore | null;
  /** When it was looked at since the score was delivered; null: never. */
  readonly heldAt: Date | null;
}

/** A row that is being sent. */
export interface SendingRow extends GradeRow {
  /** What to send as the score's time: later than that of any score sent before for this row. */
  readonly timestamp: Date;
}

/** What became of a try. */
export interface SendingResult {
  readonly what: GradeHappening;
  /** Attempts so far. */
  readonly tries: number;
  readonly state?: GradeState;
  readonly dueAt?: Date;
  readonly deliveredAt?: Date;
  readonly held?: null;
  readonly heldAt?: null;
  readonly problem?: GradeProblem;
  readonly reason?: string;
}

export interface Row extends Grade, EmittingRow {
  lineItem: string;
  state: GradeState;
  version: number;
  tries: number;
  queuedAt: Date;
  dueAt: Date;
  /** Set with everything that is to be sent, until its job is enqueued. */
  sendAt?: Date;
  /** The time that the newest score sent for this row bore. */
  stamp: Date;
  deliveredAt: Date | null;
  problem: GradeProblem;
  reason: string;
  held: HeldScore | null;
  heldAt: Date | null;
  history: GradeEvent[];
}

export const NEVER = new Date(0);

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
    stamp: { type: Date, default: NEVER },
    deliveredAt: { type: Date, default: null },
    problem: { type: String, default: '' },
    reason: { type: String, default: '' },
    held: { type: new Schema({ score: Number, maximum: Number }, { _id: false }), default: null },
    heldAt: { type: Date, default: null },
    history: {
      type: [new Schema({ at: Date, what: String, problem: String, reason: String }, { _id: false })],
      default: [],
    },
  },
  { collection: 'grades', versionKey: false },
);
schema.plugin(withEvents);
schema.plugin(withMark('sendAt'));
schema.index({ lineItem: 1, personId: 1 }, { unique: true });
schema.index({ state: 1, registrationId: 1, queuedAt: 1 });
schema.index({ courseId: 1, personId: 1 });
schema.index({ personId: 1 });
schema.index({ state: 1, queuedAt: 1, _id: 1 });
schema.index({ queuedAt: 1, _id: 1 });

/** Rows from before these were kept lack them. */
type Later = 'scopes' | 'problem' | 'stamp' | 'held' | 'heldAt';
export type Found = Omit<Row, Later> & Partial<Pick<Row, Later>> & { _id: Types.ObjectId };

/** A row as everybody but the outbox sees it. */
export function plain(row: Found): GradeRow {
  const {
    _id,
    sendAt: _sendAt,
    stamp: _stamp,
    history: _history,
    events: _events,
    eventsAt: _eventsAt,
    ...rest
  } = row;
  return {
    ...rest,
    content: { kind: row.content.kind, id: row.content.id },
    scopes: row.scopes ?? null,
    problem: row.problem ?? '',
    held: row.held ? { score: row.held.score, maximum: row.held.maximum } : null,
    heldAt: row.heldAt ?? null,
    id: _id.toString(),
  };
}

/** The one model of both stores. */
export const gradesModel = (connection: Connection): GradesModel =>
  (connection.models.Grade as GradesModel | undefined) ?? define(connection);
const define = (connection: Connection) => connection.model('Grade', schema);
type GradesModel = ReturnType<typeof define>;

/** The newest entries that a row's history keeps. */
const HISTORY = 50;

/** Part of an update: one more entry in the row's history. */
export const note = (at: Date, what: GradeHappening, problem: GradeProblem = '', reason = '') => ({
  $push: { history: { $each: [{ at, what, problem, reason }], $slice: -HISTORY } },
});

/** Part of an update: to be sent, as if never tried. */
export const anew = (now: Date) => ({
  state: 'pending' as const,
  tries: 0,
  queuedAt: now,
  dueAt: now,
  sendAt: now,
  problem: '' as const,
  reason: '',
});
