import {
  plainTest,
  STANDING,
  type FoundTest,
  type RegradeReason,
  type Test,
  type TestModel,
} from './tests-row.store.js';

/** When the grades of a whole test are due: released, or worked out again. */
export function createTestGradesStore(model: TestModel) {
  return {
    /** Grades that were held are due. @returns false when they were not */
    async releaseGrades(courseId: string, id: string, now: Date): Promise<boolean> {
      const result = await model.updateOne(
        { _id: id, courseId, state: STANDING, holdGrades: true },
        { $set: { holdGrades: false, gradedSince: now, gradesDue: now }, $inc: { edition: 1 } },
      );
      return result.matchedCount > 0;
    },

    /** Asks for a regrade. @returns false when the test is gone */
    async askRegrade(courseId: string, id: string, reason: RegradeReason): Promise<boolean> {
      const result = await model.updateOne(
        { _id: id, courseId, state: STANDING },
        { $set: { regrade: reason, regradeDue: reason.at } },
      );
      return result.matchedCount > 0;
    },

    /** The test with the regrade that was asked for last; null if there is none. */
    async findRegrade(courseId: string, id: string): Promise<{ test: Test; reason: RegradeReason } | null> {
      const row = await model.findOne({ _id: id, courseId }).lean<FoundTest>();
      return row?.regrade === undefined ? null : { test: plainTest(row), reason: row.regrade };
    },
  };
}
