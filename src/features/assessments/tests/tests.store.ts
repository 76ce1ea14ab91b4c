import type { Connection, mongo } from 'mongoose';
import type { AnyModel } from '../../../infra/events/index.js';
import { keepReads } from '../../../storage/index.js';
import { createTestCopiesStore } from './test-copies.store.js';
import { createTestGradesStore } from './test-grades.store.js';
import { createTestItemsStore } from './test-items.store.js';
import {
  plainTest,
  STANDING,
  testModel,
  type FoundTest,
  type Test,
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

export function createTestsStore(connection: Connection) {
  const model = testModel(connection);
  // Straight to the collection for what the front page asks at every launch: there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<FoundTest, '_id'>>;
  const ofCourses = keepReads<readonly Test[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ courseId }) => [String(courseId)],
    most: 200,
  });
  /** Not the removed ones. */
  async function findOptional(courseId: string, id: string): Promise<Test | null> {
    const row = await model.findOne({ _id: id, courseId, state: STANDING }).lean<FoundTest>();
    return row && plainTest(row);
  }

  return {
    ...createTestItemsStore(model, findOptional),
    ...createTestCopiesStore(model),
    ...createTestGradesStore(model),
    findOptional,

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

    /** The course of a test, whichever it is; null for removed ones. */
    async courseOf(id: string): Promise<string | null> {
      const row = await model.findOne({ _id: id, state: STANDING }).select({ courseId: 1 }).lean();
      return row?.courseId ?? null;
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
          { _id: id, courseId, edition, state: STANDING },
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
}

export type TestsStore = ReturnType<typeof createTestsStore>;
