import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';

/** With whom a question is shared: teachers of all courses, or those of one association. */
export type SharedWith = 'colleagues' | `association:${string}`;

export interface Share {
  readonly courseId: string;
  readonly key: string;
  readonly with: SharedWith;
  readonly at: Date;
}

interface Row extends Share {
  /** Who shared it; '' of an erased person. */
  by: string;
}

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    key: { type: String, required: true },
    with: { type: String, required: true },
    by: { type: String, default: '' },
    at: { type: Date, required: true },
  },
  { collection: 'question_shares', versionKey: false },
);
// A question is shared with one circle at a time.
schema.index({ courseId: 1, key: 1 }, { unique: true });
schema.index({ with: 1, at: -1 });
schema.index({ by: 1 });

/** A page lists no more. */
const MOST_LISTED = 500;

export interface SharesStore {
  put(share: Share & { readonly by: string }): Promise<void>;
  remove(courseId: string, keys: readonly string[]): Promise<void>;
  /** Those of a course, of these questions. */
  ofCourse(courseId: string, keys: readonly string[]): Promise<Share[]>;
  /** Whether anything is shared with the circle. */
  hasAny(circle: SharedWith): Promise<boolean>;
  /** Shared with one of these circles, the latest first; without those of the course itself. */
  sharedWith(circles: readonly SharedWith[], exceptCourseId: string): Promise<Share[]>;
}

export function createSharesStore(connection: Connection): SharesStore {
  const model = connection.model('QuestionShare', schema);
  const plain = ({ courseId, key, with: circle, at }: Row): Share => ({ courseId, key, with: circle, at });
  return {
    async put({ courseId, key, with: circle, by, at }) {
      try {
        await model.updateOne({ courseId, key }, { $set: { with: circle, by, at } }, { upsert: true });
      } catch (error) {
        // Shared twice at once: one of both stands.
        if (!isDuplicateKey(error)) throw error;
      }
    },
    async remove(courseId, keys) {
      await model.deleteMany({ courseId, key: { $in: [...keys] } });
    },
    async ofCourse(courseId, keys) {
      return (await model.find({ courseId, key: { $in: [...keys] } }).lean<Row[]>()).map(plain);
    },
    hasAny: async (circle) => (await model.exists({ with: circle })) !== null,
    async sharedWith(circles, exceptCourseId) {
      const rows = await model
        .find({ with: { $in: [...circles] }, courseId: { $ne: exceptCourseId } })
        .sort({ at: -1 })
        .limit(MOST_LISTED)
        .lean<Row[]>();
      return rows.map(plain);
    },
  };
}
