import type { Connection } from 'mongoose';
import { modelOf } from '../../storage/index.js';
import type { ReviewSettings } from './review/review.js';
import { plainTest, testSchema, type FoundTest } from './tests/tests-row.store.js';

/** A published test, as messages speak of it. */
export interface ToldTest extends ReviewSettings {
  readonly id: string;
  readonly courseId: string;
  readonly title: string;
  readonly opensAt: Date | null;
}

export interface ToldTestsStore {
  /** Returns null for a draft or a removed test. */
  findPublished(id: string): Promise<ToldTest | null>;
  /** Published tests whose `field` lies after `from` and at or before `to`, of all courses. */
  between(field: 'opensAt' | 'closesAt', from: Date, to: Date): Promise<ToldTest[]>;
}

const FIELDS = {
  courseId: 1,
  title: 1,
  opensAt: 1,
  closesAt: 1,
  items: 1,
  review: 1,
  reviewClosed: 1,
  reviewGrid: 1,
} as const;

export function createToldTestsStore(connection: Connection): ToldTestsStore {
  const model = modelOf(connection, 'Test', testSchema);
  const plain = (row: FoundTest): ToldTest => {
    const { courseId, title, opensAt, closesAt, review, reviewClosed, reviewGrid } = plainTest(row);
    return { id: row._id.toString(), courseId, title, opensAt, closesAt, review, reviewClosed, reviewGrid };
  };
  return {
    async findPublished(id) {
      const row = await model.findOne({ _id: id, state: 'published' }).select(FIELDS).lean<FoundTest>();
      return row && plain(row);
    },
    async between(field, from, to) {
      const rows = await model
        .find({ state: 'published', [field]: { $gt: from, $lte: to } })
        .select(FIELDS)
        .lean<FoundTest[]>();
      return rows.map(plain);
    },
  };
}
