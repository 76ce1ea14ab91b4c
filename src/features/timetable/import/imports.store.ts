import { Schema, type Connection, type Types } from 'mongoose';
import { namedFiles } from '../../../infra/files/index.js';
import { DAY, SECOND } from '../../../shared/clock.js';
import { modelOf } from '../../../storage/index.js';
import type { ColumnMap } from './mapping.js';

/** An uploaded timetable between the upload and its classes. */
export interface TimetableImport {
  readonly id: string;
  readonly courseId: string;
  /** Person id. */
  readonly by: string;
  readonly fileName: string;
  readonly encoding: string;
  readonly rows: readonly (readonly string[])[];
  /** `reading`: a job reads the file; `failed`: it could not; `read`: its rows can be mapped. */
  readonly state: 'reading' | 'failed' | 'read' | 'running' | 'done' | 'undone';
  /** The uploaded file until it is read; ''. */
  readonly fileId: string;
  /** Key of the text that says why the file could not be read; ''. */
  readonly problem: string;
  readonly mapping: ColumnMap | null;
  /** Period for rows that name a weekday. */
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  /** Classes that are to be made, that are made, and that stand on taken time. */
  readonly total: number;
  readonly done: number;
  readonly taken: number;
  /** Rows of the file, from 1, whose classes stand on taken time; the first of them. */
  readonly takenRows: readonly number[];
  readonly at: Date;
}

interface Row extends Omit<TimetableImport, 'id' | 'rows' | 'fileId' | 'problem' | 'takenRows'> {
  /** Absent in rows of earlier versions. */
  fileId?: string;
  problem?: string;
  takenRows?: number[];
  /** JSON of the rows: nothing is asked of them by the database. */
  rows: string;
}

const KEPT_MS = 30 * DAY;

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    by: { type: String, default: '' },
    fileName: { type: String, default: '' },
    encoding: { type: String, default: '' },
    rows: { type: String, required: true },
    state: { type: String, required: true },
    fileId: { type: String, default: '' },
    problem: { type: String, default: '' },
    mapping: { type: Schema.Types.Mixed, default: null },
    from: { type: String, default: '' },
    to: { type: String, default: '' },
    zone: { type: String, default: '' },
    total: { type: Number, default: 0 },
    done: { type: Number, default: 0 },
    taken: { type: Number, default: 0 },
    takenRows: { type: [Number], default: [] },
    at: { type: Date, required: true },
  },
  { collection: 'timetable_imports', versionKey: false, minimize: false },
);
schema.index({ courseId: 1, at: -1 });
schema.index({ by: 1 });
schema.index({ fileId: 1 });
schema.index({ at: 1 }, { expireAfterSeconds: KEPT_MS / SECOND });

type Found = Row & { _id: Types.ObjectId };
export const importsModel = (connection: Connection) => modelOf(connection, 'TimetableImport', schema);

const plain = ({ _id, rows, ...row }: Found): TimetableImport => ({
  ...row,
  id: _id.toString(),
  fileId: row.fileId ?? '',
  problem: row.problem ?? '',
  takenRows: [...(row.takenRows ?? [])],
  rows: JSON.parse(rows) as string[][],
});

export interface ImportsStore {
  insert(
    uploaded: Pick<TimetableImport, 'courseId' | 'by' | 'fileName' | 'encoding' | 'rows' | 'at'> & {
      readonly id?: string;
      readonly fileId?: string;
    },
  ): Promise<string>;
  /** Ends the reading once, with the rows or with why there are none. */
  endReading(
    id: string,
    end: Pick<TimetableImport, 'encoding' | 'rows'> | Pick<TimetableImport, 'problem'>,
  ): Promise<void>;
  /** Notes that an import was taken back. Returns false when it is not done. */
  undo(id: string): Promise<boolean>;
  filesInUse(fileIds: readonly string[]): Promise<string[]>;
  findOptional(courseId: string, id: string): Promise<TimetableImport | null>;
  findAnywhere(id: string): Promise<TimetableImport | null>;
  /** Begins it once. Returns false when it has begun before. */
  begin(
    id: string,
    plan: Pick<TimetableImport, 'mapping' | 'from' | 'to' | 'zone' | 'total'>,
  ): Promise<boolean>;
  progress(
    id: string,
    figures: Partial<Pick<TimetableImport, 'state' | 'done' | 'taken' | 'takenRows'>>,
  ): Promise<void>;
}

export function createImportsStore(connection: Connection): ImportsStore {
  const model = importsModel(connection);
  const optional = (row: Found | null): TimetableImport | null => row && plain(row);
  return {
    async insert({ rows, id, ...uploaded }) {
      const state = uploaded.fileId === undefined ? 'read' : 'reading';
      const row = await model.create({
        ...uploaded,
        ...(id !== undefined && { _id: id }),
        rows: JSON.stringify(rows),
        state,
      });
      return row._id.toString();
    },
    async endReading(id, end) {
      const change =
        'rows' in end
          ? { ...end, rows: JSON.stringify(end.rows), state: 'read' }
          : { ...end, state: 'failed' };
      await model.updateOne({ _id: id, state: 'reading' }, { $set: { ...change, fileId: '' } });
    },
    async undo(id) {
      const { matchedCount } = await model.updateOne(
        { _id: id, state: { $in: ['done', 'undone'] } },
        { $set: { state: 'undone' } },
      );
      return matchedCount === 1;
    },
    filesInUse: (fileIds) => namedFiles(model, fileIds),
    findOptional: async (courseId, id) => optional(await model.findOne({ _id: id, courseId }).lean<Found>()),
    findAnywhere: async (id) => optional(await model.findById(id).lean<Found>()),
    async begin(id, plan) {
      const { matchedCount } = await model.updateOne(
        { _id: id, state: 'read' },
        { $set: { ...plan, state: 'running', done: 0, taken: 0, takenRows: [] } },
      );
      return matchedCount === 1;
    },
    async progress(id, figures) {
      await model.updateOne({ _id: id }, { $set: figures });
    },
  };
}
