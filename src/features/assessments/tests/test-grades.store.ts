import { STANDING, type TestModel } from './tests-row.store.js';

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
  };
}
