import { Schema, type Connection, type Types } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';
import {
  MATERIAL_AUDIENCES,
  type Material,
  type MaterialAudience,
  type MaterialContent,
  type MaterialVersion,
} from './material.js';
import type { TestRef } from './self-checks.js';
import { changesDirectory, type DirectoryVersionStore } from '../version.store.js';
import { createMaterialIndex, type MaterialIndexRow } from './material-index.js';
import type { MaterialQuery } from './material-lists.js';

/** A material's content with the stems by which it is found. */
export interface MaterialRecord extends MaterialContent {
  readonly searchTerms: readonly string[];
}

interface Row extends Omit<Material, 'id'>, MaterialIndexRow {
  readonly fileIds?: readonly string[];
}
type Found = Row & { _id: Types.ObjectId };

const file = new Schema({ fileId: String, name: String, size: Number }, { _id: false });
const body = {
  kind: { type: String, required: true },
  file: { type: file, default: null },
  url: { type: String, default: '' },
  text: { type: String, default: '' },
};

const schema = new Schema<Row>(
  {
    key: { type: String, required: true },
    cardId: { type: String, required: true },
    title: { type: String, required: true },
    topic: { type: String, default: '' },
    programme: { type: String, default: '' },
    description: { type: String, default: '' },
    tasks: { type: String, default: '' },
    sources: { type: [new Schema({ citation: String, url: String }, { _id: false })], default: [] },
    tests: {
      type: [new Schema<TestRef>({ courseId: String, testId: String }, { _id: false })],
      default: [],
    },
    audience: { type: String, required: true },
    ...body,
    version: { type: Number, required: true },
    previous: { type: [new Schema({ ...body, version: Number, at: Date }, { _id: false })], default: [] },
    searchTerms: { type: [String], default: [] },
    /** All files that the body and earlier ones refer to. */
    fileIds: { type: [String], default: undefined },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  {
    collection: 'directory_materials',
    versionKey: false,
    // By the clock of the machine, with every write: lists in memory read by it what is new to them.
    timestamps: { createdAt: false, updatedAt: 'changedAt' },
  },
);
schema.plugin(changesDirectory);
schema.index({ key: 1 }, { unique: true });
schema.index({ cardId: 1, updatedAt: -1 });
schema.index({ changedAt: 1 });
schema.index({ audience: 1, updatedAt: -1 });
schema.index({ fileIds: 1 }, { sparse: true });

const bodyOf = ({ kind, file: stored, url, text }: MaterialVersion | Row) => ({
  kind,
  file: stored && { fileId: stored.fileId, name: stored.name, size: stored.size },
  url,
  text,
});

const plain = (row: Found): Material => ({
  id: row._id.toString(),
  key: row.key,
  cardId: row.cardId,
  title: row.title,
  topic: row.topic,
  programme: row.programme,
  description: row.description,
  tasks: row.tasks,
  sources: row.sources.map(({ citation, url }) => ({ citation, url })),
  // Absent on a material that is older than self-checks.
  tests: ((row.tests as Row['tests'] | undefined) ?? []).map(({ courseId, testId }) => ({
    courseId,
    testId,
  })),
  audience: row.audience,
  ...bodyOf(row),
  version: row.version,
  previous: row.previous.map((version) => ({ ...bodyOf(version), version: version.version, at: version.at })),
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

export interface MaterialsStore {
  /** Returns false when the key is taken. */
  insert(key: string, cardId: string, record: MaterialRecord, at: Date): Promise<boolean>;
  /** Writes over exactly this version, and keeps its body where another takes its place. */
  replace(
    id: string,
    version: number,
    record: MaterialRecord,
    at: Date,
    kept: MaterialVersion | null,
  ): Promise<boolean>;
  remove(id: string): Promise<void>;
  removeOf(cardId: string): Promise<void>;
  /** Gives the materials of one card to another. */
  move(fromCardId: string, toCardId: string): Promise<void>;
  findOptional(key: string): Promise<Material | null>;
  /** The material that has the file now, or had it in an earlier version. */
  findOptionalByFile(fileId: string): Promise<Material | null>;
  /** Part of what the query finds, the newest first, and how many there are. */
  page(query: MaterialQuery, skip: number, limit: number): Promise<{ materials: Material[]; total: number }>;
  /** Topics of all that the query finds, each once; the words and the topic of the query are not asked for. */
  topics(query: MaterialQuery): Promise<readonly string[]>;
  /** Keys of all that the query finds. */
  keys(query: MaterialQuery): Promise<readonly string[]>;
  listOfCard(cardId: string, audiences: readonly MaterialAudience[]): Promise<Material[]>;
  /** Made after `from` and by `to`, the oldest first. */
  listCreated(from: Date, to: Date): Promise<Pick<Material, 'cardId' | 'title'>[]>;
  /** Those of the files that materials refer to. */
  filesInUse(fileIds: readonly string[]): Promise<string[]>;
}

/** Versions of a body that are kept. */
const KEPT = 20;

export function createMaterialsStore(connection: Connection, version: DirectoryVersionStore): MaterialsStore {
  const model = connection.model('DirectoryMaterial', schema);
  const index = createMaterialIndex(model, version);
  const forget = (rows: readonly Pick<Found, '_id'>[]): void => {
    for (const { _id } of rows) index.forget(_id.toString());
  };
  const withFiles = (fileIds: readonly string[]) =>
    model.find({ fileIds: { $in: [...fileIds] } }).lean<Found[]>();
  return {
    async insert(key, cardId, record, at) {
      try {
        await model.create({
          ...record,
          ...{ key, cardId, version: 1, createdAt: at, updatedAt: at },
          ...(record.file && { fileIds: [record.file.fileId] }),
        });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    async replace(id, version, record, at, kept) {
      const { matchedCount } = await model.updateOne(
        { _id: id, version },
        {
          $set: { ...record, updatedAt: at },
          $inc: { version: 1 },
          ...(record.file && { $addToSet: { fileIds: record.file.fileId } }),
          ...(kept && { $push: { previous: { $each: [kept], $slice: -KEPT } } }),
        },
      );
      return matchedCount === 1;
    },
    async remove(id) {
      await model.deleteOne({ _id: id });
      index.forget(id);
    },
    async removeOf(cardId) {
      const gone = await model.find({ cardId }).select({ _id: 1 }).lean<Pick<Found, '_id'>[]>();
      await model.deleteMany({ cardId });
      forget(gone);
    },
    async move(fromCardId, toCardId) {
      await model.updateMany({ cardId: fromCardId }, { $set: { cardId: toCardId } });
    },
    async findOptional(key) {
      const row = await model.findOne({ key }).lean<Found>();
      return row && plain(row);
    },
    async findOptionalByFile(fileId) {
      const [row] = await withFiles([fileId]);
      return row === undefined ? null : plain(row);
    },
    async page(query, skip, limit) {
      const { ids, total } = (await index.current()).find(query, skip, limit);
      const rows = await model.find({ _id: { $in: [...ids] } }).lean<Found[]>();
      const byId = new Map(rows.map((row) => [row._id.toString(), row]));
      return {
        materials: ids.flatMap((id) => {
          const row = byId.get(id);
          // What was closed since is not shown.
          return row !== undefined && query.audiences.includes(row.audience) ? [plain(row)] : [];
        }),
        total,
      };
    },
    topics: async (query) => (await index.current()).topics(query),
    keys: async (query) => (await index.current()).keys(query),
    async listOfCard(cardId, audiences) {
      const rows = await model
        .find({ cardId, audience: { $in: [...audiences] } })
        .sort({ updatedAt: -1 })
        .lean<Found[]>();
      return rows.map(plain);
    },
    async listCreated(from, to) {
      const rows = await model
        .find({
          audience: { $in: [...MATERIAL_AUDIENCES] },
          updatedAt: { $gt: from },
          createdAt: { $gt: from, $lte: to },
        })
        .sort({ createdAt: 1 })
        .select({ cardId: 1, title: 1 })
        .lean<Found[]>();
      return rows.map(({ cardId, title }) => ({ cardId, title }));
    },
    async filesInUse(fileIds) {
      const rows = await withFiles(fileIds);
      return rows.flatMap((row) => row.fileIds ?? []);
    },
  };
}
