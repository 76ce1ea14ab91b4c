import { Schema, type Connection, type Types } from 'mongoose';
import { namedFiles } from '../../../infra/files/index.js';
import type { QuestionContent } from '../bank/questions.store.js';
import type { Note, Unreadable } from './foreign.js';

/** A question of an import. */
export interface ImportedQuestion {
  /** Of the bank: made with the preview, so that a repeated confirmation writes nothing twice. */
  readonly key: string;
  readonly place: string;
  readonly content: QuestionContent;
  readonly notes: readonly Note[];
  /** Key of a question of the bank with the same text, or of the same question earlier in the file; or null. */
  readonly duplicateOf: string | null;
}

/** A question that no type of the bank holds. */
export interface LeftOut {
  readonly place: string;
  readonly text: string;
  readonly problem: string;
  readonly what: string;
}

/** What an import changes besides its new questions: noted before the first is written, so that it can be undone. */
export interface WritePlan {
  /** Questions of the bank that get a new version, and the version that each has before. */
  readonly replaced: readonly { readonly key: string; readonly version: number }[];
  /** Keys of the questions that come into the test; those that stood in it before are missing. */
  readonly placed: readonly string[];
}

/**
 * `reading`: a large file waits for its job. `failed`: it could not be read. `preview`: nothing is written yet.
 * `writing`: a job writes a large import into the bank. `done`, `undone`.
 */
export type ImportState = 'reading' | 'failed' | 'preview' | 'writing' | 'done' | 'undone';

export interface QuestionImport {
  readonly id: string;
  readonly courseId: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  /** Of the file, as it was sent; empty for a pasted text. */
  readonly name: string;
  readonly format: string;
  /** Test that gets the questions, or null. */
  readonly testId: string | null;
  readonly state: ImportState;
  /** The large file while it is read, or null. */
  readonly fileId: string | null;
  /** Ids of the pictures and recordings of its questions. */
  readonly media: readonly string[];
  /** Why the file could not be read or, in a preview, not be written: a key below the problems of exchange; or ''. */
  readonly problem: string;
  /** What becomes of duplicates, while a job writes; '' otherwise. */
  readonly rule: string;
  /** How many of the questions a job has written. */
  readonly written: number;
  /** What was written into the bank: keys of new questions. */
  readonly added: readonly string[];
  /** Null until the first question is written. */
  readonly plan: WritePlan | null;
  readonly questions: readonly ImportedQuestion[];
  readonly leftOut: readonly LeftOut[];
  readonly unreadable: readonly Unreadable[];
}

type Row = Omit<QuestionImport, 'id'>;

const MONTH_S = 30 * 24 * 60 * 60;

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    name: { type: String, default: '' },
    format: { type: String, required: true },
    testId: { type: String, default: null },
    state: { type: String, required: true },
    fileId: { type: String, default: null },
    media: { type: [String], default: [] },
    problem: { type: String, default: '' },
    rule: { type: String, default: '' },
    written: { type: Number, default: 0 },
    added: { type: [String], default: [] },
    plan: { type: Schema.Types.Mixed, default: null } as never,
    questions: { type: [Schema.Types.Mixed], default: [] } as never,
    leftOut: { type: [Schema.Types.Mixed], default: [] } as never,
    unreadable: { type: [Schema.Types.Mixed], default: [] } as never,
  },
  { collection: 'question_imports', versionKey: false, minimize: false },
);
// A preview is not kept for ever, and after a month nothing is undone any more.
schema.index({ createdAt: 1 }, { expireAfterSeconds: MONTH_S });
schema.index({ courseId: 1, createdAt: -1 });
schema.index({ fileId: 1 }, { sparse: true });
schema.index({ media: 1 });

const plain = ({ _id, ...row }: Row & { _id: Types.ObjectId }): QuestionImport => ({
  ...row,
  id: _id.toString(),
});

/** What a change of state may set. */
export type ImportChange = Partial<
  Pick<
    Row,
    | 'fileId'
    | 'media'
    | 'problem'
    | 'rule'
    | 'written'
    | 'added'
    | 'plan'
    | 'questions'
    | 'leftOut'
    | 'unreadable'
    | 'format'
  >
>;

export interface ImportsStore {
  insert(row: Row): Promise<string>;
  findOptional(courseId: string, id: string): Promise<QuestionImport | null>;
  /** For jobs, which have no actor. */
  unsafe_findOptional(id: string): Promise<QuestionImport | null>;
  /** @returns false when it is in another state */
  setState(id: string, from: ImportState, to: ImportState, change: ImportChange): Promise<boolean>;
  setWritten(id: string, written: number): Promise<void>;
  /** Ids of those of these files that imports still refer to. */
  filesInUse(fileIds: readonly string[]): Promise<string[]>;
  /** Ids of those of these files that belong to questions of imports which can still be confirmed. */
  mediaInUse(ids: readonly string[]): Promise<string[]>;
}

export function createImportsStore(connection: Connection): ImportsStore {
  const model = connection.model('QuestionImport', schema);
  return {
    async insert(row) {
      return (await model.create(row))._id.toString();
    },
    async findOptional(courseId, id) {
      const row = await model.findOne({ _id: id, courseId }).lean<Row & { _id: Types.ObjectId }>();
      return row && plain(row);
    },
    async unsafe_findOptional(id) {
      const row = await model.findById(id).lean<Row & { _id: Types.ObjectId }>();
      return row && plain(row);
    },
    async setState(id, from, to, change) {
      const { matchedCount } = await model.updateOne(
        { _id: id, state: from },
        { $set: { ...change, state: to } },
      );
      return matchedCount > 0;
    },
    async setWritten(id, written) {
      await model.updateOne({ _id: id }, { $set: { written } });
    },
    async mediaInUse(ids) {
      const wanted = new Set(ids);
      const rows = await model
        .find({ media: { $in: [...ids] }, state: { $in: ['preview', 'writing'] } })
        .select({ media: 1 })
        .lean();
      return rows.flatMap(({ media }) => media.filter((id) => wanted.has(id)));
    },
    filesInUse: (fileIds) => namedFiles(model, fileIds),
  };
}
