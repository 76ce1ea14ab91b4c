import { Schema, type Connection, type Types } from 'mongoose';
import type { GradingMethod } from './grading.js';
import { isDuplicateKey } from '../../storage/index.js';

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

/** `removed` tests are kept, for attempts may speak of them, and shown to nobody. */
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

interface Row extends Omit<Test, 'id'> {
  createdBy: string;
  /** Since when all grades wait to be handed to the gradebook again. Absent when none do. */
  gradesDue?: Date;
  /** Since when the gradebook's column may differ from title and maximum. Absent when it does not. */
  columnDue?: Date;
}

const schema = new Schema<Row>(
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
    gradesDue: { type: Date },
    columnDue: { type: Date },
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
schema.index({ courseId: 1, state: 1, createdAt: 1 });
schema.index(
  { courseId: 1, 'copiedFrom.testId': 1 },
  { unique: true, partialFilterExpression: { 'copiedFrom.testId': { $exists: true } } },
);
schema.index({ gradesDue: 1 }, { sparse: true });
schema.index({ columnDue: 1 }, { sparse: true });

/** Two people moving questions of one test at once: more would be a fault. */
const TRIES = 20;

type Found = Row & { _id: Types.ObjectId };

const plain = ({
  _id,
  createdBy: _by,
  gradesDue: _due,
  columnDue: _column,
  copiedFrom,
  ...row
}: Found): Test => ({
  ...row,
  ...(copiedFrom && { copiedFrom }),
  items: row.items.map(({ key, mark }) => ({ key, mark })),
  id: _id.toString(),
});

export function createTestsStore(connection: Connection) {
  const model = connection.model('Test', schema);
  const standing = { $in: ['draft', 'published'] as TestState[] };

  const store = {
    async insert(courseId: string, personId: string, settings: TestSettings, now: Date): Promise<Test> {
      const row = await model.create({
        ...settings,
        courseId,
        createdBy: personId,
        createdAt: now,
        items: [],
        state: 'draft',
        edition: 1,
        revision: 1,
      });
      return plain(row.toObject());
    },

    /** Not the removed ones. */
    async findOptional(courseId: string, id: string): Promise<Test | null> {
      const row = await model.findOne({ _id: id, courseId, state: standing }).lean<Found>();
      return row && plain(row);
    },

    /** The course of a test, whichever it is; null for removed ones. */
    async courseOf(id: string): Promise<string | null> {
      const row = await model.findOne({ _id: id, state: standing }).select({ courseId: 1 }).lean();
      return row?.courseId ?? null;
    },

    /** A test and who wrote it. */
    async findToCopy(courseId: string, id: string): Promise<{ test: Test; author: string } | null> {
      const row = await model.findOne({ _id: id, courseId, state: standing }).lean<Found>();
      return row && { test: plain(row), author: row.createdBy };
    },

    /** The copy of a test that this course has been given; also when it has been removed since. */
    async findCopy(courseId: string, testId: string): Promise<Test | null> {
      const row = await model.findOne({ courseId, 'copiedFrom.testId': testId }).lean<Found>();
      return row && plain(row);
    },

    /**
     * Writes the copy of a test: its settings and state, with these items.
     * @returns false when the course has a copy of it already
     */
    async insertCopy(
      { test, author }: { readonly test: Test; readonly author: string },
      courseId: string,
      items: readonly TestItem[],
      from: CopiedFrom,
    ): Promise<boolean> {
      const { id: _id, gradedSince: _since, ...kept } = test;
      try {
        await model.create({
          ...kept,
          courseId,
          items,
          createdBy: author,
          createdAt: from.at,
          edition: 1,
          revision: 1,
          copiedFrom: from,
        });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** Also the removed ones: attempts may speak of them. */
    async findMany(courseId: string, ids: readonly string[]): Promise<Test[]> {
      return (await model.find({ _id: { $in: ids }, courseId }).lean<Found[]>()).map(plain);
    },

    /** Oldest first. */
    async ofCourse(courseId: string, states: readonly TestState[]): Promise<Test[]> {
      const rows = await model
        .find({ courseId, state: { $in: states } })
        .sort({ createdAt: 1 })
        .lean<Found[]>();
      return rows.map(plain);
    },

    /**
     * Changes the settings as they were read at `edition`.
     * @param regrade the moment since which grades are worked out another way: all are due again
     * @returns null when somebody else has changed them since, or the test is gone
     */
    async update(
      courseId: string,
      id: string,
      edition: number,
      settings: TestSettings,
      regrade: Date | null,
      now: Date,
    ): Promise<Test | null> {
      const row = await model
        .findOneAndUpdate(
          { _id: id, courseId, edition, state: standing },
          {
            $set: {
              ...settings,
              columnDue: now,
              ...(regrade && { gradedSince: regrade, gradesDue: regrade }),
            },
            $inc: { edition: 1 },
          },
          { returnDocument: 'after' },
        )
        .lean<Found>();
      return row && plain(row);
    },

    /**
     * Changes the items, whoever else does so at the same time.
     * @param change the new items, or null to leave them; may be called again with what others have made
     * @returns null when the test is gone
     */
    async changeItems(
      courseId: string,
      id: string,
      change: (test: Test) => readonly TestItem[] | null,
      now: Date,
    ): Promise<Test | null> {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const test = await store.findOptional(courseId, id);
        const items = test && change(test);
        if (items === null) return test;
        const row = await model
          .findOneAndUpdate(
            // The state belongs to what was read: a published test must not lose its last question.
            { _id: id, courseId, revision: test?.revision ?? 0, state: test?.state ?? 'draft' },
            { $set: { items, columnDue: now }, $inc: { revision: 1 } },
            { returnDocument: 'after' },
          )
          .lean<Found>();
        if (row !== null) return plain(row);
      }
      throw new Error(`test ${id}: items could not be changed`);
    },

    /** @returns false when the test is in none of the states `from`, or has no questions and needs some */
    async setState(courseId: string, id: string, from: TestState, to: TestState): Promise<boolean> {
      const filled = to === 'published' ? { 'items.0': { $exists: true } } : {};
      const result = await model.updateOne(
        { _id: id, courseId, state: from, ...filled },
        { $set: { state: to } },
      );
      return result.matchedCount > 0;
    },

    /** Notes that all grades of the test have to be handed in again. */
    async markGradesDue(courseId: string, id: string, now: Date): Promise<void> {
      await model.updateOne({ _id: id, courseId }, { $set: { gradesDue: now } });
    },

    /** Tests whose grades have been due again since `before` or longer, longest first. */
    async gradesDue(before: Date, most: number): Promise<{ courseId: string; id: string; since: Date }[]> {
      const rows = await model
        .find({ gradesDue: { $lte: before } })
        .sort({ gradesDue: 1 })
        .limit(most)
        .select({ courseId: 1, gradesDue: 1 })
        .lean();
      return rows.flatMap(({ _id, courseId, gradesDue }) =>
        gradesDue ? [{ courseId, id: _id.toString(), since: gradesDue }] : [],
      );
    },

    /** Tests whose columns may differ since `before` or longer, longest first. */
    async columnsDue(before: Date, most: number): Promise<{ courseId: string; id: string; since: Date }[]> {
      const rows = await model
        .find({ columnDue: { $lte: before } })
        .sort({ columnDue: 1 })
        .limit(most)
        .select({ courseId: 1, columnDue: 1 })
        .lean();
      return rows.flatMap(({ _id, courseId, columnDue }) =>
        columnDue ? [{ courseId, id: _id.toString(), since: columnDue }] : [],
      );
    },

    /** The column's keeper knows of what changed by then; a later change stays. */
    async clearColumnDue(id: string, since: Date): Promise<void> {
      await model.updateOne({ _id: id, columnDue: since }, { $unset: { columnDue: 1 } });
    },

    /** The grades due since then are handed in; a later call for them stays. */
    async clearGradesDue(id: string, since: Date): Promise<void> {
      await model.updateOne({ _id: id, gradesDue: since }, { $unset: { gradesDue: 1 } });
    },
  };
  return store;
}

export type TestsStore = ReturnType<typeof createTestsStore>;
