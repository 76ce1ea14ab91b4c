import { Schema, type Connection, type Types } from 'mongoose';
import { isDuplicateKey, keepReads } from '../../../storage/index.js';

/** What is other for a student or a group; null: as the test says. */
export interface OverrideTerms {
  readonly opensAt: Date | null;
  readonly closesAt: Date | null;
  /** More time, in per cent of the test's limit. */
  readonly extraPercent: number | null;
  readonly attemptsAllowed: number | null;
  readonly accessCode: string | null;
}

/** For a student, `p:<person>`, or a group, `g:<group>`. */
export interface Override extends OverrideTerms {
  readonly id: string;
  readonly courseId: string;
  readonly testId: string;
  readonly subject: string;
}

interface Row extends Omit<Override, 'id'> {
  createdBy: string;
}

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    testId: { type: String, required: true },
    subject: { type: String, required: true },
    opensAt: { type: Date, default: null },
    closesAt: { type: Date, default: null },
    extraPercent: { type: Number, default: null },
    attemptsAllowed: { type: Number, default: null },
    accessCode: { type: String, default: null },
    createdBy: { type: String, required: true },
  },
  { collection: 'test_overrides', versionKey: false },
);
schema.index({ courseId: 1, testId: 1, subject: 1 }, { unique: true });
schema.index({ courseId: 1, subject: 1 });

type Found = Row & { _id: Types.ObjectId };

const plain = ({ _id, createdBy: _by, ...row }: Found): Override => ({ ...row, id: _id.toString() });

export interface OverridesStore {
  /** Sets what is other for a subject, in the place of what was set before. */
  put(of: Pick<Override, 'courseId' | 'testId' | 'subject'>, terms: OverrideTerms, by: string): Promise<void>;
  /** Returns false if there was none. */
  remove(courseId: string, testId: string, id: string): Promise<boolean>;
  listOfTest(courseId: string, testId: string): Promise<Override[]>;
  listOfSubjects(courseId: string, subjects: readonly string[]): Promise<readonly Override[]>;
}

export function createOverridesStore(connection: Connection): OverridesStore {
  const model = connection.model('TestOverride', schema);
  const ofSubjects = keepReads<readonly Override[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ courseId }) => [String(courseId)],
    most: 100,
  });
  return {
    async put(of, terms, by) {
      const change = { $set: { ...terms, createdBy: by } };
      try {
        await model.updateOne(of, change, { upsert: true });
      } catch (error) {
        // Set from two windows at once: the later stays.
        if (!isDuplicateKey(error)) throw error;
        await model.updateOne(of, change);
      }
    },
    async remove(courseId, testId, id) {
      return (await model.deleteOne({ _id: id, courseId, testId })).deletedCount > 0;
    },
    async listOfTest(courseId, testId) {
      return (await model.find({ courseId, testId }).lean<Found[]>()).map(plain);
    },
    listOfSubjects(courseId, subjects) {
      const read = async (): Promise<Override[]> => {
        const rows = await model.find({ courseId, subject: { $in: [...subjects] } }).lean<Found[]>();
        return rows.map(plain);
      };
      return ofSubjects.get(courseId, read, { variant: subjects.join() });
    },
  };
}
