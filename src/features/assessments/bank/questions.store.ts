import { Schema, type Connection, type Types } from 'mongoose';
import type { Definition } from '../types/index.js';
import type { TextFormat } from './text-formats.js';
import { isDuplicateKey } from '../../../storage/index.js';

/** What a teacher writes: one version of a question. */
export interface QuestionContent {
  /** By which teachers know it; students never see it. Absent: none. */
  readonly name?: string;
  readonly text: string;
  /** Points, unless a test says otherwise. */
  readonly mark: number;
  /** Shown with the right answers; may be empty. */
  readonly feedback: string;
  readonly definition: Definition;
  /** How `text` and `feedback` are written; plain if absent. */
  readonly format?: TextFormat;
  /** Shown one by one when the student asks; none if absent. */
  readonly hints?: readonly string[];
  /** Share of the points that each hint costs; absent: none. */
  readonly hintPenalty?: number;
  /** Share of the points that each try after the first costs; absent: an answer that was checked stays. */
  readonly tryPenalty?: number;
  /** "Алгебра / Уравнения"; absent or empty: none. */
  readonly category?: string;
  readonly tags?: readonly string[];
}

export type { TextFormat };

/**
 * One version of a question of a course's bank. Versions never change: an edit is a new version under the same
 * key, and attempts keep the one they were given.
 */
export interface QuestionVersion extends QuestionContent {
  /** Of this version. */
  readonly id: string;
  readonly courseId: string;
  /** Of the question, the same for all its versions. */
  readonly key: string;
  /** 1, 2, 3 … */
  readonly version: number;
  readonly createdAt: Date;
  /** When it was taken out of the bank; attempts still show it. */
  readonly removedAt?: Date;
}

/** A version's content without what makes it a version. */
export const contentOf = ({
  id: _id,
  courseId: _course,
  key: _key,
  version: _version,
  createdAt: _at,
  removedAt: _removed,
  ...content
}: QuestionVersion): QuestionContent => content;

interface Row extends Omit<QuestionVersion, 'id'> {
  createdBy: string;
  /** Ids of the files that the version refers to. Absent for none. */
  files?: string[];
}

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    key: { type: String, required: true },
    version: { type: Number, required: true },
    name: { type: String },
    text: { type: String, required: true },
    mark: { type: Number, required: true },
    feedback: { type: String, default: '' },
    // Each type has its own shape; the type's schema has checked it.
    definition: { type: Schema.Types.Mixed, required: true },
    format: { type: String },
    hints: { type: [String], default: undefined },
    hintPenalty: { type: Number },
    tryPenalty: { type: Number },
    category: { type: String },
    tags: { type: [String], default: undefined },
    files: { type: [String], default: undefined },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    removedAt: { type: Date },
  },
  { collection: 'test_questions', versionKey: false },
);
schema.index({ courseId: 1, key: 1, version: 1 }, { unique: true });
schema.index({ courseId: 1, createdAt: 1 });
schema.index({ files: 1 }, { sparse: true });

/** The newest versions that the bank lists and draws from: five large imports of 2,000. */
const BANK_WINDOW = 10_000;

const plain = ({
  _id,
  createdBy: _by,
  files: _files,
  ...row
}: Row & { _id: Types.ObjectId }): QuestionVersion => ({
  ...row,
  id: _id.toString(),
});

/** The newest version of each key. @param rows newest first within a key */
function newest(rows: readonly QuestionVersion[]): QuestionVersion[] {
  const seen = new Set<string>();
  return rows.filter(({ key }) => !seen.has(key) && seen.add(key));
}

/** A version as it is written. */
export interface NewVersion extends Omit<Row, 'createdAt' | 'files'> {
  /** Ids of the files that it refers to: see `filesIn`. */
  readonly files: readonly string[];
}

export interface QuestionsStore {
  /** @returns false when this version of the question is there already */
  insert(version: NewVersion, now: Date): Promise<boolean>;
  /** The newest version of each of these questions, in no particular order; unknown keys are left out. */
  current(courseId: string, keys: readonly string[]): Promise<QuestionVersion[]>;
  /** These very versions, in no particular order; unknown ids are left out. */
  versions(courseId: string, ids: readonly string[]): Promise<QuestionVersion[]>;
  /** The questions of the course that were written or edited last, newest first. */
  recent(courseId: string): Promise<QuestionVersion[]>;
  /** All versions of a question, newest first. */
  versionsOf(courseId: string, key: string): Promise<(QuestionVersion & { readonly createdBy: string })[]>;
  /** Versions of any course that refer to a file; without their contents. */
  withFile(
    fileId: string,
  ): Promise<{ readonly id: string; readonly courseId: string; readonly key: string }[]>;
  /** Ids of those of these files that a version of any course refers to. */
  filesInUse(ids: readonly string[]): Promise<string[]>;
  /** Takes questions out of the bank; attempts and tests that have them keep them. */
  remove(courseId: string, keys: readonly string[], now: Date): Promise<void>;
}

export function createQuestionsStore(connection: Connection): QuestionsStore {
  const model = connection.model('TestQuestion', schema);
  return {
    async insert({ files, ...version }: NewVersion, now: Date): Promise<boolean> {
      try {
        await model.create({ ...version, ...(files.length > 0 && { files: [...files] }), createdAt: now });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    async current(courseId: string, keys: readonly string[]): Promise<QuestionVersion[]> {
      if (keys.length === 0) return [];
      const rows = await model
        .find({ courseId, key: { $in: keys } })
        .sort({ key: 1, version: -1 })
        .lean();
      return newest(rows.map(plain));
    },

    async versions(courseId: string, ids: readonly string[]): Promise<QuestionVersion[]> {
      return (await model.find({ _id: { $in: ids }, courseId }).lean()).map(plain);
    },

    async recent(courseId: string): Promise<QuestionVersion[]> {
      const rows = await model.find({ courseId }).sort({ createdAt: -1 }).limit(BANK_WINDOW).lean();
      // Two versions may be of one millisecond.
      return newest(
        rows
          .map(plain)
          .filter(({ removedAt }) => removedAt === undefined)
          .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || b.version - a.version),
      );
    },

    async versionsOf(courseId, key) {
      const rows = await model.find({ courseId, key }).sort({ version: -1 }).lean();
      return rows.map((row) => ({ ...plain(row), createdBy: row.createdBy }));
    },

    async withFile(fileId) {
      const rows = await model.find({ files: fileId }).select({ courseId: 1, key: 1 }).lean();
      return rows.map(({ _id, courseId, key }) => ({ id: _id.toString(), courseId, key }));
    },

    async filesInUse(ids) {
      const wanted = new Set(ids);
      const rows = await model
        .find({ files: { $in: [...ids] } })
        .select({ files: 1 })
        .lean();
      return [...new Set(rows.flatMap(({ files = [] }) => files.filter((id) => wanted.has(id))))];
    },

    async remove(courseId: string, keys: readonly string[], now: Date): Promise<void> {
      if (keys.length === 0) return;
      await model.updateMany({ courseId, key: { $in: keys } }, { $set: { removedAt: now } });
    },
  };
}
