import { Schema, type Connection, type Types } from 'mongoose';
import { namedFiles } from '../../../infra/files/index.js';
import type { ExportFormat, ExportSource } from './export-formats.js';

/** `writing`: a job writes the file. `failed`: it needs more memory or time than a file may. */
export type ExportState = 'writing' | 'done' | 'failed';

/** A file of questions that a job writes. */
export interface QuestionExport {
  readonly id: string;
  readonly courseId: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly format: ExportFormat;
  readonly source: ExportSource;
  /** Of the file, without its ending. */
  readonly name: string;
  readonly state: ExportState;
  /** How many questions there were when it was asked for. */
  readonly total: number;
  /** How many of them are ready for the file. */
  readonly written: number;
  /** Null until it is done. */
  readonly fileId: string | null;
}

type Row = Omit<QuestionExport, 'id'>;

const WEEK_S = 7 * 24 * 60 * 60;

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    format: { type: String, required: true },
    source: { type: Schema.Types.Mixed, required: true },
    name: { type: String, required: true },
    state: { type: String, required: true },
    total: { type: Number, required: true },
    written: { type: Number, default: 0 },
    fileId: { type: String, default: null },
  },
  { collection: 'question_exports', versionKey: false, minimize: false },
);
// The file goes with its row: the questions themselves stay in the bank.
schema.index({ createdAt: 1 }, { expireAfterSeconds: WEEK_S });
schema.index({ createdBy: 1 });
schema.index({ fileId: 1 }, { sparse: true });

export interface ExportsStore {
  insert(row: Omit<Row, 'state' | 'written' | 'fileId'>): Promise<string>;
  findOptional(courseId: string, id: string): Promise<QuestionExport | null>;
  /** For jobs and files, which have no course. */
  unsafe_findOptional(id: string): Promise<QuestionExport | null>;
  setWritten(id: string, written: number): Promise<void>;
  /** Ends the writing. @returns false when it has ended already */
  end(
    id: string,
    end: { readonly state: 'done' | 'failed'; readonly fileId: string | null },
  ): Promise<boolean>;
  /** Ids of those of these files that exports still refer to. */
  filesInUse(fileIds: readonly string[]): Promise<string[]>;
}

export function createExportsStore(connection: Connection): ExportsStore {
  const model = connection.model('QuestionExport', schema);
  const plain = ({ _id, ...row }: Row & { _id: Types.ObjectId }): QuestionExport => ({
    ...row,
    id: _id.toString(),
  });
  return {
    async insert(row) {
      return (await model.create({ ...row, state: 'writing' }))._id.toString();
    },
    async findOptional(courseId, id) {
      const row = await model.findOne({ _id: id, courseId }).lean<Row & { _id: Types.ObjectId }>();
      return row && plain(row);
    },
    async unsafe_findOptional(id) {
      const row = await model.findById(id).lean<Row & { _id: Types.ObjectId }>();
      return row && plain(row);
    },
    async setWritten(id, written) {
      await model.updateOne({ _id: id, state: 'writing' }, { $set: { written } });
    },
    async end(id, { state, fileId }) {
      const { matchedCount } = await model.updateOne(
        { _id: id, state: 'writing' },
        { $set: { state, fileId } },
      );
      return matchedCount > 0;
    },
    filesInUse: (fileIds) => namedFiles(model, fileIds),
  };
}
