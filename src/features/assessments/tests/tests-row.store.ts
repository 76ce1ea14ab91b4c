import { Schema, type Connection, type Types } from 'mongoose';
import { withMark } from '../../../infra/events/index.js';
import type { GradingMethod } from '../marking/grading.js';
import type { ReviewGrid, ReviewSettings } from '../review/review.js';

/** A question's place in a test. */
export interface TestItem {
  /** Key of the question; a new attempt gets its newest version. */
  readonly key: string;
  /** Points in this test. */
  readonly mark: number;
  /** Section that it belongs to; absent: none. Questions of one section stand together. */
  readonly section?: string;
  /** A faulty question is out of the count, or everybody has its points; absent: it counts as usual. */
  readonly treatment?: 'dropped' | 'full';
}

/** Questions drawn for each attempt from those of the bank that have this category and tag. */
export interface Draw {
  readonly id: string;
  /** With those below it; '': any. */
  readonly category: string;
  /** '': any. */
  readonly tag: string;
  readonly count: number;
  /** Points of each. */
  readonly mark: number;
  readonly section?: string;
}

/** What a teacher sets. */
export interface TestSettings extends ReviewSettings {
  readonly title: string;
  readonly description: string;
  readonly shuffleQuestions: boolean;
  readonly shuffleAnswers: boolean;
  /** 0: any number. */
  readonly attemptsAllowed: number;
  /** 0: none. */
  readonly timeLimitMinutes: number;
  /** Attempts start from then on; null: at once. */
  readonly opensAt: Date | null;
  /** Attempts end by then; null: never. */
  readonly closesAt: Date | null;
  readonly grading: GradingMethod;
  /** What becomes of an attempt when its time is over. */
  readonly whenOverdue: OverdueRule;
  /** With `grace`: how long it may still be handed in as it stands. */
  readonly overdueMinutes: number;
  /** Between the end of an attempt and the start of the next; 0: none. */
  readonly delayMinutes: number;
  /** To be typed before an attempt starts; '': none. */
  readonly accessCode: string;
  /** Networks from which alone it is answered, as `networkFrom` returns them; none: from everywhere. */
  readonly networks: readonly string[];
  /** Whether the student states before the start that the work is their own. */
  readonly pledge: boolean;
  /** Questions on a page; 0: all on one. */
  readonly pageSize: number;
  /** No way back to an earlier page. */
  readonly sequential: boolean;
  /** Whether students say how sure they are of each answer: certainty-based marking. */
  readonly certainty: boolean;
  /** How a grade is shown. */
  readonly scale: Scale;
  /** Per cent from which the grades 3, 4 and 5 begin. */
  readonly thresholds: readonly number[];
  /** Per cent from which the test is passed; 0: no pass mark. */
  readonly passPercent: number;
  /** Whether a grade goes to the gradebook while essays wait. */
  readonly partialGrades: boolean;
  /** Whether grades wait for the teacher to release them. */
  readonly holdGrades: boolean;
  /** "80 % Отлично": said of the whole attempt from this share on. */
  readonly bands: readonly Band[];
}

export const OVERDUE_RULES = ['submit', 'grace', 'abandon'] as const;
export type OverdueRule = (typeof OVERDUE_RULES)[number];
export const SCALES = ['points', 'percent', 'five', 'pass'] as const;
export type Scale = (typeof SCALES)[number];

/** A text for all whose share of the points is at least this. */
export interface Band {
  readonly percent: number;
  readonly text: string;
}

/** Of a new test, and of one that was stored before a setting was known. */
export const USUAL_SETTINGS: Omit<TestSettings, 'title' | 'description'> = {
  shuffleQuestions: false,
  shuffleAnswers: true,
  attemptsAllowed: 1,
  timeLimitMinutes: 0,
  opensAt: null,
  closesAt: null,
  grading: 'highest',
  review: 'answers',
  whenOverdue: 'submit',
  overdueMinutes: 0,
  delayMinutes: 0,
  accessCode: '',
  networks: [],
  pledge: false,
  pageSize: 0,
  sequential: false,
  certainty: false,
  scale: 'points',
  thresholds: [50, 70, 85],
  passPercent: 0,
  partialGrades: false,
  holdGrades: false,
  bands: [],
  reviewClosed: null,
  reviewGrid: null,
};

/** Where a test was copied from, when the LMS copied its course. */
export interface CopiedFrom {
  /** One copy of a test per course. */
  readonly testId: string;
  readonly courseTitle: string;
  readonly at: Date;
}

/** `removed` tests are kept, since attempts refer to them, and never shown. */
export type TestState = 'draft' | 'published' | 'removed';

export interface Test extends TestSettings {
  readonly id: string;
  readonly courseId: string;
  readonly items: readonly TestItem[];
  /** Behind the items; absent: none. */
  readonly draws?: readonly Draw[];
  /** Marks are given by hand, without questions (an oral answer, another service): the points that can be had. */
  readonly givenMaximum?: number;
  readonly state: TestState;
  /** Rises with every change of the settings. */
  readonly edition: number;
  /** Rises with every change of the items. */
  readonly revision: number;
  /** Since when grades are worked out as they are now; null: from the beginning. */
  readonly gradedSince: Date | null;
  readonly createdAt: Date;
  readonly copiedFrom?: CopiedFrom;
}

export interface TestRow extends Omit<Test, 'id'> {
  createdBy: string;
  /** Since when all grades wait to be handed to the gradebook again. Absent when none do. */
  gradesDue?: Date;
  /** Since when the gradebook's column may differ from title and maximum. Absent when it does not. */
  columnDue?: Date;
}

export const GRADES_MARK = 'gradesDue';
export const COLUMN_MARK = 'columnDue';

export const testSchema = new Schema<TestRow>(
  {
    courseId: { type: String, required: true },
    title: { type: String, required: true },
    description: { type: String, default: '' },
    items: {
      type: [
        new Schema<TestItem>(
          {
            key: { type: String, required: true },
            mark: { type: Number, required: true },
            section: { type: String },
            treatment: { type: String },
          },
          { _id: false },
        ),
      ],
      default: [],
    },
    draws: {
      type: [
        new Schema<Draw>(
          { id: String, category: String, tag: String, count: Number, mark: Number, section: String },
          { _id: false },
        ),
      ],
      default: undefined,
    },
    givenMaximum: { type: Number },
    shuffleQuestions: { type: Boolean, required: true },
    shuffleAnswers: { type: Boolean, required: true },
    attemptsAllowed: { type: Number, required: true },
    timeLimitMinutes: { type: Number, required: true },
    opensAt: { type: Date, default: null },
    closesAt: { type: Date, default: null },
    grading: { type: String, required: true },
    review: { type: String, required: true },
    whenOverdue: { type: String },
    overdueMinutes: { type: Number },
    delayMinutes: { type: Number },
    accessCode: { type: String },
    networks: { type: [String], default: undefined },
    pledge: { type: Boolean },
    pageSize: { type: Number },
    sequential: { type: Boolean },
    certainty: { type: Boolean },
    scale: { type: String },
    thresholds: { type: [Number], default: undefined },
    passPercent: { type: Number },
    partialGrades: { type: Boolean },
    holdGrades: { type: Boolean },
    bands: {
      type: [new Schema<Band>({ percent: Number, text: String }, { _id: false })],
      default: undefined,
    },
    reviewClosed: { type: String, default: null },
    reviewGrid: {
      type: new Schema<ReviewGrid>(
        { during: [String], after: [String], open: [String], closed: [String] },
        { _id: false },
      ),
      default: null,
    },
    state: { type: String, required: true },
    edition: { type: Number, required: true },
    revision: { type: Number, required: true },
    gradedSince: { type: Date, default: null },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    copiedFrom: {
      type: new Schema<CopiedFrom>(
        {
          testId: { type: String, required: true },
          courseTitle: { type: String, default: '' },
          at: { type: Date, required: true },
        },
        { _id: false },
      ),
    },
  },
  { collection: 'tests', versionKey: false },
);
testSchema.index({ courseId: 1, state: 1, createdAt: 1 });
testSchema.index(
  { courseId: 1, 'copiedFrom.testId': 1 },
  { unique: true, partialFilterExpression: { 'copiedFrom.testId': { $exists: true } } },
);
testSchema.index({ state: 1, opensAt: 1 });
testSchema.index({ state: 1, closesAt: 1 });
testSchema.plugin(withMark(GRADES_MARK));
testSchema.plugin(withMark(COLUMN_MARK));

export const testModel = (connection: Connection) => connection.model('Test', testSchema);
export type TestModel = ReturnType<typeof testModel>;

/** Not removed. */
export const STANDING = { $in: ['draft', 'published'] as TestState[] };

export type FoundTest = TestRow & { _id: Types.ObjectId };

export const plainTest = ({
  _id,
  createdBy: _by,
  gradesDue: _due,
  columnDue: _column,
  copiedFrom,
  ...row
}: FoundTest): Test => ({
  ...USUAL_SETTINGS,
  ...row,
  ...(copiedFrom && { copiedFrom }),
  items: row.items.map(({ key, mark, section, treatment }) => ({
    key,
    mark,
    ...(section !== undefined && { section }),
    ...(treatment !== undefined && { treatment }),
  })),
  id: _id.toString(),
});
