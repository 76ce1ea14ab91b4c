import { isDuplicateKey } from '../../../storage/index.js';
import {
  plainTest,
  STANDING,
  type CopiedFrom,
  type FoundTest,
  type Test,
  type TestItem,
  type TestModel,
} from './tests-row.store.js';

/** Tests of a course that the LMS copied. */
export function createTestCopiesStore(model: TestModel) {
  return {
    /** A test and who wrote it. */
    async findToCopy(courseId: string, id: string): Promise<{ test: Test; author: string } | null> {
      const row = await model.findOne({ _id: id, courseId, state: STANDING }).lean<FoundTest>();
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
  };
}
