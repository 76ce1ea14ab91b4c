import {
  plainTest,
  STANDING,
  type Draw,
  type FoundTest,
  type Test,
  type TestItem,
  type TestModel,
} from './tests-row.store.js';

/** Two people moving questions of one test at once: more would be a fault. */
const TRIES = 20;

/** What a test asks: its questions, and draws from the bank. */
export function createTestItemsStore(
  model: TestModel,
  findOptional: (courseId: string, id: string) => Promise<Test | null>,
) {
  return {
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
        const test = await findOptional(courseId, id);
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
        { _id: id, courseId, state: STANDING },
        { $push: { draws: draw }, $set: { columnDue: now }, $inc: { revision: 1 } },
      );
    },

    async removeDraw(courseId: string, id: string, drawId: string, now: Date): Promise<void> {
      await model.updateOne(
        { _id: id, courseId, state: STANDING },
        { $pull: { draws: { id: drawId } }, $set: { columnDue: now }, $inc: { revision: 1 } },
      );
    },
  };
}
