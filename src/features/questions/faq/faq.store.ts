import { Schema, type Connection, type Types } from 'mongoose';
import { searchFilter, searchTerms } from '../../../shared/search-terms.js';
import { modelOf } from '../../../storage/index.js';

/** A published question with its answer. It names no student. */
export interface FaqEntry {
  readonly id: string;
  readonly courseId: string;
  /** The question it was made of. */
  readonly questionId: string;
  readonly question: string;
  readonly answer: string;
  /** `public`: on the open page as well. */
  readonly audience: 'course' | 'public';
  readonly publishedAt: Date;
  /** Person id. */
  readonly publishedBy: string;
}

interface Row extends Omit<FaqEntry, 'id'> {
  searchTerms: string[];
}

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    questionId: { type: String, required: true },
    question: { type: String, required: true },
    answer: { type: String, required: true },
    audience: { type: String, required: true },
    publishedAt: { type: Date, required: true },
    publishedBy: { type: String, default: '' },
    searchTerms: { type: [String], default: [] },
  },
  { collection: 'question_faq', versionKey: false },
);
schema.index({ questionId: 1 }, { unique: true });
schema.index({ courseId: 1, publishedAt: -1 });
schema.index({ audience: 1, publishedAt: -1 });
schema.index({ searchTerms: 1 });

type Found = Row & { _id: Types.ObjectId };
export const faqModel = (connection: Connection) => modelOf(connection, 'QuestionFaq', schema);

const plain = ({ _id, searchTerms: _terms, ...row }: Found): FaqEntry => ({ ...row, id: _id.toString() });

const MOST = 200;

export interface FaqStore {
  /** Writes over the entry of the same question. */
  publish(entry: Omit<FaqEntry, 'id'>): Promise<void>;
  withdraw(questionId: string): Promise<void>;
  findOptional(questionId: string): Promise<FaqEntry | null>;
  /** The newest first. @param where a course, or null for the open page */
  list(where: { readonly courseId: string } | null, words: string): Promise<FaqEntry[]>;
}

export function createFaqStore(connection: Connection): FaqStore {
  const model = faqModel(connection);
  return {
    async publish({ questionId, ...entry }) {
      await model.updateOne(
        { questionId },
        { $set: { ...entry, searchTerms: searchTerms(entry.question, entry.answer) } },
        { upsert: true },
      );
    },
    async withdraw(questionId) {
      await model.deleteOne({ questionId });
    },
    async findOptional(questionId) {
      const row = await model.findOne({ questionId }).lean<Found>();
      return row && plain(row);
    },
    async list(where, words) {
      const filter: object = { ...(where ?? { audience: 'public' }), ...searchFilter(words) };
      const rows = await model.find(filter).sort({ publishedAt: -1, _id: -1 }).limit(MOST).lean<Found[]>();
      return rows.map(plain);
    },
  };
}
