import { Schema, type Connection, type Types } from 'mongoose';
import { namedFiles } from '../../../infra/files/index.js';
import { DAY } from '../../../shared/clock.js';
import { modelOf } from '../../../storage/index.js';
import { KEPT_DAYS, type ResultExport } from './result-export.js';

type Row = Omit<ResultExport, 'id'>;
type Found = Row & { _id: Types.ObjectId };

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    testId: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    format: { type: String, required: true },
    locale: { type: String, required: true },
    zone: { type: String, required: true },
    state: { type: String, required: true },
    done: { type: Number, required: true },
    total: { type: Number, required: true },
    fileId: { type: String, default: null },
  },
  { collection: 'result_exports', versionKey: false },
);
// What has no document is no file in use: the sweep of files deletes it.
schema.index({ createdAt: 1 }, { expireAfterSeconds: (KEPT_DAYS * DAY) / 1_000 });
schema.index({ courseId: 1, testId: 1, createdBy: 1 });
schema.index({ createdBy: 1 });
schema.index({ fileId: 1 }, { sparse: true });

export const resultExportModel = (connection: Connection) => modelOf(connection, 'ResultExport', schema);

export type NewResultExport = Pick<
  ResultExport,
  'courseId' | 'testId' | 'createdBy' | 'createdAt' | 'format' | 'locale' | 'zone'
>;

export interface ResultExportsStore {
  insert(asked: NewResultExport): Promise<string>;
  /** For jobs, which have no actor. */
  unsafe_findOptional(id: string): Promise<ResultExport | null>;
  /** Those that a person has asked for, newest first. */
  listOf(courseId: string, testId: string, createdBy: string): Promise<ResultExport[]>;
  setProgress(id: string, done: number, total: number): Promise<void>;
  /** @returns false if it does not wait any more */
  end(id: string, state: 'ready' | 'failed', fileId: string | null): Promise<boolean>;
  /** Returns whether an export of the course has this file. */
  hasFile(courseId: string, fileId: string): Promise<boolean>;
  /** Ids of those of these files that can still be downloaded. */
  filesInUse(fileIds: readonly string[]): Promise<string[]>;
}

const plain = ({ _id, ...row }: Found): ResultExport => ({ ...row, id: _id.toString() });

export function createResultExportsStore(connection: Connection): ResultExportsStore {
  const model = resultExportModel(connection);
  return {
    async insert(asked) {
      const row = { ...asked, state: 'waiting', done: 0, total: 0, fileId: null } as const;
      return (await model.create(row))._id.toString();
    },
    async unsafe_findOptional(id) {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },
    async listOf(courseId, testId, createdBy) {
      const rows = await model.find({ courseId, testId, createdBy }).sort({ createdAt: -1 }).lean<Found[]>();
      return rows.map(plain);
    },
    async setProgress(id, done, total) {
      await model.updateOne({ _id: id, state: 'waiting' }, { $set: { done, total } });
    },
    async end(id, state, fileId) {
      const { matchedCount } = await model.updateOne(
        { _id: id, state: 'waiting' },
        { $set: { state, fileId } },
      );
      return matchedCount > 0;
    },
    async hasFile(courseId, fileId) {
      return (await model.exists({ courseId, fileId })) !== null;
    },
    filesInUse: (fileIds) => namedFiles(model, fileIds),
  };
}
