import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';

interface Row {
  courseId: string;
  testId: string;
  personId: string;
  seenAt: Date;
}

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    testId: { type: String, required: true },
    personId: { type: String, required: true },
    seenAt: { type: Date, required: true },
  },
  { collection: 'test_results_seen', versionKey: false },
);
schema.index({ courseId: 1, personId: 1, testId: 1 }, { unique: true });

/** When someone last looked at a test's results: what came later is new to them. */
export function createVisitsStore(connection: Connection) {
  const model = connection.model('TestResultsSeen', schema);
  return {
    async seen(courseId: string, testId: string, personId: string, now: Date): Promise<void> {
      try {
        await model.updateOne({ courseId, personId, testId }, { $set: { seenAt: now } }, { upsert: true });
      } catch (error) {
        // Looked at from two windows at once: the other has written it down.
        if (!isDuplicateKey(error)) throw error;
      }
    },
    /** @returns test id → moment, for the tests that the person has looked at */
    async ofPerson(courseId: string, personId: string): Promise<ReadonlyMap<string, Date>> {
      const rows = await model.find({ courseId, personId }).lean();
      return new Map(rows.map(({ testId, seenAt }) => [testId, seenAt]));
    },
  };
}

export type VisitsStore = ReturnType<typeof createVisitsStore>;
