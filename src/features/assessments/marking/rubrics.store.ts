import { Schema, type Connection, type Types } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';
import type { Criterion, Rubric, RubricLevel } from './rubric.js';

interface Row {
  _id: Types.ObjectId;
  courseId: string;
  /** Of the question: all its versions and all tests share the rubric. */
  key: string;
  version: number;
  criteria: Criterion[];
}

const level = new Schema<RubricLevel>({ points: Number, text: String }, { _id: false });
const criterion = new Schema<Criterion>({ title: String, levels: [level] }, { _id: false });
const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    key: { type: String, required: true },
    version: { type: Number, required: true },
    criteria: { type: [criterion], required: true },
  },
  { collection: 'test_rubrics', versionKey: false },
);
schema.index({ courseId: 1, key: 1 }, { unique: true });

export interface RubricsStore {
  /** By key of the question. Rubrics without criteria are none. */
  findMany(courseId: string, keys: readonly string[]): Promise<ReadonlyMap<string, Rubric>>;
  /** Version 0 where the question never had one. */
  find(courseId: string, key: string): Promise<Rubric>;
  /** Writes a rubric as the next version after `version`. @returns false if it was changed since */
  save(courseId: string, key: string, version: number, criteria: readonly Criterion[]): Promise<boolean>;
}

const plain = ({ version, criteria }: Row): Rubric => ({
  version,
  criteria: criteria.map(({ title, levels }) => ({
    title,
    levels: levels.map(({ points, text }) => ({ points, text })),
  })),
});

export function createRubricsStore(connection: Connection): RubricsStore {
  const model = connection.model('TestRubric', schema);
  return {
    async findMany(courseId, keys) {
      const rows = await model.find({ courseId, key: { $in: [...keys] } }).lean<Row[]>();
      return new Map(rows.filter(({ criteria }) => criteria.length > 0).map((row) => [row.key, plain(row)]));
    },
    async find(courseId, key) {
      const row = await model.findOne({ courseId, key }).lean<Row>();
      return row === null ? { version: 0, criteria: [] } : plain(row);
    },
    async save(courseId, key, version, criteria) {
      const next = { criteria: [...criteria], version: version + 1 };
      if (version > 0) {
        const result = await model.updateOne({ courseId, key, version }, { $set: next });
        return result.matchedCount > 0;
      }
      try {
        await model.create({ courseId, key, ...next });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}
