import { Schema, type Types } from 'mongoose';
import { withMark } from '../../../infra/events/index.js';
import type { GradingMethod } from '../marking/grading.js';

/** What the student sees once an attempt is finished: points only; right or wrong as well; right answers too. */
export const REVIEW_RULES = ['score', 'marks', 'answers'] as const;
export type ReviewRule = (typeof REVIEW_RULES)[number];

/** A question's place in a test. */
export interface TestItem {
  /** Key of the question; a new attempt gets its newest version. */
  readonly key: string;
  /** Points in this test. */
  readonly mark: number;
}

/** What a teacher sets. */
export interface TestSettings {
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
  readonly review: ReviewRule;
}

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
          { key: { type: String, required: true }, mark: { type: Number, required: true } },
          { _id: false },
        ),
      ],
      default: [],
    },
    shuffleQuestions: { type: Boolean, required: true },
    shuffleAnswers: { type: Boolean, required: true },
    attemptsAllowed: { type: Number, required: true },
    timeLimitMinutes: { type: Number, required: true },
    opensAt: { type: Date, default: null },
    closesAt: { type: Date, default: null },
    grading: { type: String, required: true },
    review: { type: String, required: true },
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

export type FoundTest = TestRow & { _id: Types.ObjectId };

export const plainTest = ({
  _id,
  createdBy: _by,
  gradesDue: _due,
  columnDue: _column,
  copiedFrom,
  ...row
}: FoundTest): Test => ({
  ...row,
  ...(copiedFrom && { copiedFrom }),
  items: row.items.map(({ key, mark }) => ({ key, mark })),
  id: _id.toString(),
});
