import { Schema, type Connection } from 'mongoose';
import type { FileOwner, FileRecord } from './file.js';

/**
 * `writing`: bytes may be there or not, nobody refers to the file. `stored`: bytes are there. `removing`: nobody can
 * read it any more, bytes may be there or not.
 */
export type FileState = 'writing' | 'stored' | 'removing';

interface Row extends Omit<FileRecord, 'id'> {
  readonly _id: string;
  readonly state: FileState;
}

export const FILES = 'files';

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    owner: {
      type: new Schema<FileOwner>(
        { kind: { type: String, required: true }, id: { type: String, required: true } },
        { _id: false },
      ),
      required: true,
    },
    uploadedBy: { type: String, default: '' },
    name: { type: String, default: '' },
    type: { type: String, required: true },
    size: { type: Number, required: true },
    sha256: { type: String, required: true },
    createdAt: { type: Date, required: true },
    state: { type: String, required: true },
  },
  { collection: FILES, versionKey: false },
);
schema.index({ 'owner.kind': 1, 'owner.id': 1 });
schema.index({ uploadedBy: 1 });
schema.index({ state: 1, _id: 1 });

export interface FilesStore {
  insertWriting(file: FileRecord): Promise<void>;
  /** Returns false when the row is gone or no longer `writing`. */
  markStored(id: string): Promise<boolean>;
  markRemoving(ids: readonly string[]): Promise<void>;
  delete(id: string): Promise<void>;
  /** Returns null unless the file is stored. */
  findOptional(id: string): Promise<FileRecord | null>;
  /** The stored ones of one kind of owner, in no particular order. */
  findMany(kind: string, ids: readonly string[]): Promise<FileRecord[]>;
  /** Stored ones, the newest first. */
  listOf(owner: FileOwner): Promise<FileRecord[]>;
  /** Stored or being written. */
  listCounted(owner: FileOwner): Promise<FileRecord[]>;
  /** In the order of ids. @param after id of the last one seen; '' for the first page */
  listInState(state: FileState, after: string, limit: number): Promise<FileRecord[]>;
  /** Which of the ids have a row, in whatever state. */
  known(ids: readonly string[]): Promise<Set<string>>;
  listUploadedBy(personId: string): Promise<FileRecord[]>;
  changeUploader(from: string, to: string): Promise<void>;
  /** Of all rows; quick. */
  count(): Promise<number>;
}

export function createFilesStore(connection: Connection): FilesStore {
  const model = connection.model('File', schema);
  const ofOwner = ({ kind, id }: FileOwner) => ({ 'owner.kind': kind, 'owner.id': id });
  return {
    async insertWriting({ id, ...file }) {
      await model.create({ ...file, _id: id, state: 'writing' });
    },
    async markStored(id) {
      const { matchedCount } = await model.updateOne({ _id: id, state: 'writing' }, { state: 'stored' });
      return matchedCount === 1;
    },
    async markRemoving(ids) {
      await model.updateMany({ _id: { $in: [...ids] } }, { state: 'removing' });
    },
    async delete(id) {
      await model.deleteOne({ _id: id });
    },
    async findOptional(id) {
      const row = await model.findOne({ _id: id, state: 'stored' }).lean<Row | null>();
      return row && recordOf(row);
    },
    async findMany(kind, ids) {
      const rows = await model
        .find({ _id: { $in: [...ids] }, 'owner.kind': kind, state: 'stored' })
        .lean<Row[]>();
      return rows.map(recordOf);
    },
    async listOf(owner) {
      const rows = await model
        .find({ ...ofOwner(owner), state: 'stored' })
        .sort({ createdAt: -1, _id: 1 })
        .lean<Row[]>();
      return rows.map(recordOf);
    },
    async listCounted(owner) {
      const rows = await model
        .find({ ...ofOwner(owner), state: { $in: ['writing', 'stored'] } })
        .lean<Row[]>();
      return rows.map(recordOf);
    },
    async listInState(state, after, limit) {
      const rows = await model
        .find({ state, _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<Row[]>();
      return rows.map(recordOf);
    },
    async known(ids) {
      const rows = await model
        .find({ _id: { $in: [...ids] } })
        .select({ _id: 1 })
        .lean<Pick<Row, '_id'>[]>();
      return new Set(rows.map(({ _id }) => _id));
    },
    async listUploadedBy(personId) {
      return (await model.find({ uploadedBy: personId }).lean<Row[]>()).map(recordOf);
    },
    async changeUploader(from, to) {
      await model.updateMany({ uploadedBy: from }, { uploadedBy: to });
    },
    count: () => model.countDocuments(),
  };
}

const recordOf = ({ _id, state: _state, ...file }: Row): FileRecord => ({ id: _id, ...file });
