import { Schema, type Connection, type Types } from 'mongoose';
import { withEvents, withMark, type EmittingRow } from '../../../infra/events/index.js';
import type { Mark, MarkChange, SecondMark } from '../marking/mark.js';
import type { ChosenLevel, RubricMark } from '../marking/rubric.js';
import { OPEN_STATES, type AttemptState } from './attempt-states.fields.js';
import type { Answer, Attempt, AttemptQuestion, LogEntry, Removal } from './attempt.js';

export interface Row extends Omit<Attempt, 'id'>, EmittingRow {
  /**
   * When an open attempt is to be closed, as known when last looked at; absent: never. It makes the job look: what
   * counts is the test's deadline at that moment.
   */
  closeAt?: Date;
  /**
   * The same for saves: the mark is taken away when its job is made. Null: never. Absent on attempts of earlier versions,
   * whose saves look at the test.
   */
  endsAt?: Date | null;
  /** Whether it may still be handed in: the unique index knows no set of states. */
  open: boolean;
  /** Absent unless a person has still to mark something. */
  waitsForMarks?: boolean;
}

export const CLOSE_MARK = 'closeAt';

export const OPEN: { $in: AttemptState[] } = { $in: [...OPEN_STATES] };

const question = new Schema<AttemptQuestion>(
  {
    versionId: { type: String, required: true },
    key: { type: String, required: true },
    mark: { type: Number, required: true },
    order: { type: [Number], required: true },
    section: { type: String },
  },
  { _id: false },
);
const answer = new Schema<Answer>(
  {
    response: { type: Schema.Types.Mixed, default: null },
    revision: { type: Number, required: true },
    saveId: { type: String, default: '' },
    savedAt: { type: Date, default: null },
    hints: { type: Number },
    tries: { type: Number },
    triedRevision: { type: Number },
    certainty: { type: Number },
    checked: { type: Boolean },
  },
  { _id: false },
);
const chosenLevel = new Schema<ChosenLevel>(
  { criterion: String, most: Number, points: Number, text: String },
  { _id: false },
);
const mark = new Schema<Mark>(
  {
    fraction: { type: Number, default: null },
    score: { type: Number, required: true },
    by: { type: String, required: true },
    personId: { type: String },
    at: { type: Date, required: true },
    why: { type: String, default: '' },
    version: { type: Number, required: true },
    rubric: {
      type: new Schema<RubricMark>({ version: Number, chosen: [chosenLevel] }, { _id: false }),
      default: undefined,
    },
    second: {
      type: new Schema<SecondMark>(
        { fraction: Number, personId: String, at: Date, why: { type: String, default: '' } },
        { _id: false },
      ),
      default: undefined,
    },
    replaced: {
      type: new Schema<NonNullable<Mark['replaced']>>(
        { fraction: Number, personId: String, at: Date, why: { type: String, default: '' } },
        { _id: false },
      ),
      default: undefined,
    },
  },
  { _id: false },
);
const markChange = new Schema<MarkChange>(
  {
    index: { type: Number, required: true },
    from: { type: Number, default: null },
    to: { type: Number, default: null },
    by: { type: String, required: true },
    personId: { type: String },
    at: { type: Date, required: true },
    why: { type: String, default: '' },
  },
  { _id: false },
);
const logEntry = new Schema<LogEntry>({ at: Date, kind: String, what: String }, { _id: false });
/** Of one attempt: more than that tells nothing new. */
export const MOST_LOGGED = 300;
/** Of one attempt: the oldest changes of marks are forgotten first. */
export const MOST_CHANGES = 500;

const removal = new Schema<Removal>(
  {
    at: { type: Date, required: true },
    by: { type: String, default: '' },
    why: { type: String, required: true },
  },
  { _id: false },
);

export const attemptSchema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    testId: { type: String, required: true },
    personId: { type: String, required: true },
    number: { type: Number, required: true },
    state: { type: String, required: true },
    open: { type: Boolean, required: true },
    endsAt: { type: Date },
    waitsForMarks: { type: Boolean },
    startedAt: { type: Date, required: true },
    questions: { type: [question], required: true },
    answers: { type: [answer], required: true },
    revision: { type: Number, required: true },
    finishedAt: { type: Date, default: null },
    finishedBy: { type: String, default: null },
    marks: { type: [mark], default: [] },
    markVersion: { type: Number, default: 0 },
    markChanges: { type: [markChange], default: undefined },
    page: { type: Number },
    log: { type: [logEntry], default: undefined },
    score: { type: Number, required: true },
    maximum: { type: Number, required: true },
    certainty: { type: Boolean },
    onTrial: { type: Boolean },
    removed: { type: removal },
  },
  { collection: 'test_attempts', versionKey: false },
);
// Attempts are numbered without gaps or twins, so the number of the newest says how many were made…
attemptSchema.index({ courseId: 1, testId: 1, personId: 1, number: 1 }, { unique: true });
// …and at most one of a student's is open.
attemptSchema.index(
  { courseId: 1, testId: 1, personId: 1 },
  { unique: true, partialFilterExpression: { open: true }, name: 'one_in_progress' },
);
attemptSchema.index({ courseId: 1, personId: 1, startedAt: -1 });
attemptSchema.index({ courseId: 1, testId: 1, finishedAt: 1 });
// Whose marks are to be exported and erased.
attemptSchema.index({ 'marks.personId': 1 }, { sparse: true });
attemptSchema.index({ 'marks.second.personId': 1 }, { sparse: true });
attemptSchema.index({ 'marks.replaced.personId': 1 }, { sparse: true });
attemptSchema.index(
  { courseId: 1, waitsForMarks: 1 },
  { partialFilterExpression: { waitsForMarks: true }, name: 'waiting' },
);
attemptSchema.index({ 'removed.by': 1 }, { sparse: true });
attemptSchema.plugin(withEvents);
attemptSchema.plugin(withMark(CLOSE_MARK));

export type FoundAttempt = Row & { _id: Types.ObjectId };

export const plainAttempt = ({
  _id,
  closeAt: _mark,
  endsAt: _ends,
  open: _open,
  waitsForMarks: _waits,
  events: _events,
  eventsAt: _at,
  ...row
}: FoundAttempt): Attempt => ({
  ...row,
  id: _id.toString(),
});

export const attemptModel = (connection: Connection) => connection.model('TestAttempt', attemptSchema);
export type AttemptModel = ReturnType<typeof attemptModel>;
