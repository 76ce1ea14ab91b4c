import type { Connection, mongo } from 'mongoose';
import type { AnyModel } from '../../../infra/events/index.js';
import { isDuplicateKey, keepReads } from '../../../storage/index.js';
import {
  plainTest,
  testSchema,
  type CopiedFrom,
  type Draw,
  type FoundTest,
  type RegradeReason,
  type Test,
  type TestItem,
  type TestSettings,
  type TestState,
} from './tests-row.store.js';

export {
  OVERDUE_RULES,
  SCALES,
  USUAL_SETTINGS,
  type Band,
  type Draw,
  type Test,
  type TestItem,
  type TestSettings,
} from './tests-row.store.js';

/** Two people moving questions of one test at once: more would be a fault. */
const TRIES = 20;

export function createTestsStore(connection: Connection) {
  const model = connection.model('Test', testSchema);
  // Straight to the collection for what the front page asks at every launch: there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<FoundTest, '_id'>>;
  const ofCourses = keepReads<readonly Test[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ courseId }) => [String(courseId)],
    most: 200,
  });
  const standing = { $in: ['draft', 'published'] as TestState[] };

  const store = {
    /** Has the marks `GRADES_MARK` and `COLUMN_MARK`. */
    model: model as AnyModel,

    /** @param givenMaximum of a test without questions, whose marks are given by hand */
    async insert(
      courseId: string,
      personId: string,
      settings: TestSettings,
      now: Date,
      givenMaximum?: number,
    ): Promise<Test> {
      const row = await model.create({
        ...settings,
        courseId,
        createdBy: personId,
        createdAt: now,
        ...(givenMaximum !== undefined && { givenMaximum }),
        items: [],
        state: 'draft',
        edition: 1,
        revision: 1,
      });
      return plainTest(row.toObject());
    },

    /** Not the removed ones. */
    async findOptional(courseId: string, id: string): Promise<Test | null> {
      const row = await model.findOne({ _id: id, courseId, state: standing }).lean<FoundTest>();
      return row && plainTest(row);
    },

    /** The course of a test, whichever it is; null for removed ones. */
    async courseOf(id: string): Promise<string | null> {
      const row = await model.findOne({ _id: id, state: standing }).select({ courseId: 1 }).lean();
      return row?.courseId ?? null;
    },

    /** A test and who wrote it. */
    async findToCopy(courseId: string, id: string): Promise<{ test: Test; author: string } | null> {
      const row = await model.findOne({ _id: id, courseId, state: standing }).lean<FoundTest>();
      return row && { test: plainTest(row), author: row.createdBy };
    },

    /** The copy of a test that this course has been given; also when it has been removed since. */
    async findCopy(courseId: string, testId: string): Promise<Test | null> {
      const row = await model.findOne({ courseId, 'copiedFrom.testId': testId }).lean<FoundTest>();
      return row && plainTest(row);
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
      return (await model.find({ _id: { $in: ids }, courseId }).lean<FoundTest[]>()).map(plainTest);
    },

    /** Oldest first. */
    ofCourse(courseId: string, states: readonly TestState[]): Promise<readonly Test[]> {
      const read = async (): Promise<Test[]> => {
        const found = await rows
          .find({ courseId, state: { $in: [...states] } })
          .sort({ createdAt: 1 })
          .toArray();
        return found.map(plainTest);
      };
      return ofCourses.get(courseId, read, { variant: states.join() });
    },

    /**
     * Changes the settings as they were read at `edition`.
     * @param regrade the moment since which grades are worked out another way: all are due again
     * @returns null if they were changed since, or the test is gone
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
        .lean<FoundTest>();
      return row && plainTest(row);
    },

    /**
     * Changes the items, safely under concurrent changes.
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
          .lean<FoundTest>();
        if (row !== null) return plainTest(row);
      }
      throw new Error(`test ${id}: items could not be changed`);
    },

    async addDraw(courseId: string, id: string, draw: Draw, now: Date): Promise<void> {
      await model.updateOne(
        { _id: id, courseId, state: standing },
        { $push: { draws: draw }, $set: { columnDue: now }, $inc: { revision: 1 } },
      );
    },

    async removeDraw(courseId: string, id: string, drawId: string, now: Date): Promise<void> {
      await model.updateOne(
        { _id: id, courseId, state: standing },
        { $pull: { draws: { id: drawId } }, $set: { columnDue: now }, $inc: { revision: 1 } },
      );
    },

    /** Grades that were held are due. @returns false when they were not */
    async releaseGrades(courseId: string, id: string, now: Date): Promise<boolean> {
      const result = await model.updateOne(
        { _id: id, courseId, state: standing, holdGrades: true },
        { $set: { holdGrades: false, gradedSince: now, gradesDue: now }, $inc: { edition: 1 } },
      );
      return result.matchedCount > 0;
    },

    /** Asks for a regrade. @returns false when the test is gone */
    async askRegrade(courseId: string, id: string, reason: RegradeReason): Promise<boolean> {
      const result = await model.updateOne(
        { _id: id, courseId, state: standing },
        { $set: { regrade: reason, regradeDue: reason.at } },
      );
      return result.matchedCount > 0;
    },

    /** The test with the regrade that was asked for last; null if there is none. */
    async findRegrade(courseId: string, id: string): Promise<{ test: Test; reason: RegradeReason } | null> {
      const row = await model.findOne({ _id: id, courseId }).lean<FoundTest>();
      return row?.regrade === undefined ? null : { test: plainTest(row), reason: row.regrade };
    },

    /** @returns false when the test is in none of the states `from`, or has no questions and needs some */
    async setState(courseId: string, id: string, from: TestState, to: TestState): Promise<boolean> {
      const filled =
        to === 'published'
          ? {
              $or: [
                { 'items.0': { $exists: true } },
                { 'draws.0': { $exists: true } },
                { givenMaximum: { $gt: 0 } },
              ],
            }
          : {};
      const result = await model.updateOne(
        { _id: id, courseId, state: from, ...filled },
        { $set: { state: to } },
      );
      return result.matchedCount > 0;
    },
  };
  return store;
}

export type TestsStore = ReturnType<typeof createTestsStore>;
