import { Schema, type Connection, type Types } from 'mongoose';
import { DAY } from '../../../shared/clock.js';
import type { Requester } from '../../../shared/requester.js';
import { modelOf } from '../../../storage/index.js';
import { namedFiles } from '../../files/index.js';
import {
  KEPT_DAYS,
  type ExportParameters,
  type ExportProblem,
  type ExportRecord,
  type ExportState,
} from './export.js';

interface Row extends Omit<ExportRecord, 'id' | 'requester' | 'parameters' | 'run'> {
  run?: number;
  requesterKind: Requester['kind'];
  requesterId: string;
  courseId: string;
  /** JSON: nothing is asked of them by the database. */
  parameters: string;
  /** Of what is asked for: the same file is not written twice at a time. */
  digest: string;
}
type Found = Row & { _id: Types.ObjectId };

const schema = new Schema<Row>(
  {
    requesterKind: { type: String, required: true },
    requesterId: { type: String, required: true },
    courseId: { type: String, default: '' },
    kind: { type: String, required: true },
    subject: { type: String, default: '' },
    parameters: { type: String, required: true },
    format: { type: String, required: true },
    columns: { type: [String], default: [] },
    locale: { type: String, required: true },
    zone: { type: String, required: true },
    title: { type: String, default: '' },
    back: { type: String, default: '' },
    digest: { type: String, required: true },
    createdAt: { type: Date, required: true },
    state: { type: String, required: true },
    run: { type: Number, default: 0 },
    problem: { type: String, default: null },
    done: { type: Number, default: 0 },
    total: { type: Number, default: null },
    fileId: { type: String, default: null },
  },
  { collection: 'exports', versionKey: false },
);
// What has no document is no file in use: the sweep of files deletes it.
schema.index({ createdAt: 1 }, { expireAfterSeconds: (KEPT_DAYS * DAY) / 1_000 });
schema.index({ requesterId: 1, createdAt: -1 });
schema.index({ courseId: 1 });
schema.index({ fileId: 1 }, { sparse: true });

export const exportModel = (connection: Connection) => modelOf(connection, 'Export', schema);

export type NewExport = Omit<
  ExportRecord,
  'id' | 'state' | 'run' | 'problem' | 'done' | 'total' | 'fileId'
> & {
  readonly digest: string;
};
export type Owner = Pick<Requester, 'kind' | 'id' | 'courseId'>;

/** Files that requesters have asked for; each requester finds its own alone. */
export interface ExportsStore {
  insert(asked: NewExport): Promise<string>;
  /** Newest first. @param about of one kind and subject */
  listOf(
    owner: Owner,
    about?: { readonly kind: string; readonly subject: string },
  ): Promise<(ExportRecord & { readonly digest: string })[]>;
  findOptionalOf(owner: Owner, id: string): Promise<ExportRecord | null>;
  /** For jobs, which have no requester. */
  unsafe_findOptional(id: string): Promise<ExportRecord | null>;
  setProgress(id: string, done: number, total: number | null): Promise<void>;
  /** Ends the waiting with a file. @returns false if it does not wait any more */
  finish(id: string, fileId: string, rows: number): Promise<boolean>;
  fail(id: string, problem: ExportProblem): Promise<void>;
  /** Has one that failed wait again, as its next run. */
  restart(owner: Owner, id: string): Promise<void>;
  /** Ids of those of these files that can still be downloaded. */
  filesInUse(fileIds: readonly string[]): Promise<string[]>;
  /** Removes what a person has asked for, and what may name a person of these courses. */
  removeOfPerson(personId: string, courseIds: readonly string[]): Promise<void>;
  changePerson(from: string, to: string): Promise<void>;
}

const plain = ({ _id, requesterKind, requesterId, courseId, parameters, ...row }: Found) => ({
  ...row,
  id: _id.toString(),
  requester: { kind: requesterKind, id: requesterId, courseId },
  parameters: JSON.parse(parameters) as ExportParameters,
  // Rows of an earlier version have none.
  run: row.run ?? 0,
});

const of = ({ kind, id, courseId }: Owner) => ({ requesterKind: kind, requesterId: id, courseId });

const WAITING: ExportState = 'waiting';

export function createExportsStore(connection: Connection): ExportsStore {
  const model = exportModel(connection);
  return {
    async insert({ requester, parameters, ...asked }) {
      const row = { ...asked, ...of(requester), parameters: JSON.stringify(parameters), state: WAITING };
      return (await model.create(row))._id.toString();
    },
    async listOf(owner, about) {
      const rows = await model
        .find({ ...of(owner), ...about })
        .sort({ createdAt: -1 })
        .lean<Found[]>();
      return rows.map(plain);
    },
    async findOptionalOf(owner, id) {
      const row = await model.findOne({ _id: id, ...of(owner) }).lean<Found>();
      return row && plain(row);
    },
    async unsafe_findOptional(id) {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },
    async setProgress(id, done, total) {
      await model.updateOne({ _id: id, state: WAITING }, { $set: { done, total } });
    },
    async finish(id, fileId, rows) {
      const { matchedCount } = await model.updateOne(
        { _id: id, state: WAITING },
        { $set: { state: 'ready', fileId, done: rows, total: rows } },
      );
      return matchedCount > 0;
    },
    async fail(id, problem) {
      await model.updateOne({ _id: id, state: WAITING }, { $set: { state: 'failed', problem } });
    },
    async restart(owner, id) {
      await model.updateOne(
        { _id: id, ...of(owner), state: 'failed' },
        { $set: { state: WAITING, problem: null, done: 0, total: null }, $inc: { run: 1 } },
      );
    },
    filesInUse: (fileIds) => namedFiles(model, fileIds),
    async removeOfPerson(personId, courseIds) {
      await model.deleteMany({ requesterKind: 'person', requesterId: personId });
      // Files without a course are of many courses.
      await model.deleteMany({ courseId: { $in: [...courseIds, ''] } });
    },
    async changePerson(from, to) {
      await model.updateMany({ requesterKind: 'person', requesterId: from }, { $set: { requesterId: to } });
    },
  };
}
