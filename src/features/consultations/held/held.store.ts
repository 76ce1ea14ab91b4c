import { Schema, type Connection, type Types } from 'mongoose';
import { withMark, type AnyModel } from '../../../infra/events/index.js';
import { isDuplicateKey, modelOf } from '../../../storage/index.js';
import type { AttendanceEntry, HeldRecord, MinutesFile } from './marks.js';

export const ATTENDANCE_MARK = 'publishAt';

interface Row {
  courseId: string;
  /** One record for each slot, by a unique index. */
  slotId: string;
  seriesId: string;
  entries: AttendanceEntry[];
  sharedNote: string;
  confidentialNote: string;
  minutes: MinutesFile[];
  markedAt: Date | null;
  markedBy: string;
  version: number;
  /** Set with the attendance, until the job that publishes its scores is enqueued. */
  publishAt?: Date;
}

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    slotId: { type: String, required: true },
    seriesId: { type: String, required: true },
    entries: {
      type: [
        new Schema<AttendanceEntry>(
          {
            bookingId: { type: String, required: true },
            personId: { type: String, required: true },
            mark: { type: String, required: true },
            points: { type: Number, default: null },
            note: { type: String, default: '' },
          },
          { _id: false },
        ),
      ],
      default: [],
    },
    sharedNote: { type: String, default: '' },
    confidentialNote: { type: String, default: '' },
    minutes: {
      type: [new Schema<MinutesFile>({ id: String, name: String }, { _id: false, id: false })],
      default: [],
    },
    markedAt: { type: Date, default: null },
    markedBy: { type: String, default: '' },
    version: { type: Number, required: true },
  },
  { collection: 'consultation_records', versionKey: false },
);
schema.index({ slotId: 1 }, { unique: true });
schema.index({ courseId: 1, seriesId: 1 });
schema.index({ 'entries.personId': 1 });
schema.index({ markedBy: 1 });
schema.plugin(withMark(ATTENDANCE_MARK));

type Found = Row & { _id: Types.ObjectId };

/** A record as it is stored. */
export type HeldRow = Found;
export const heldModel = (connection: Connection) => modelOf(connection, 'ConsultationRecord', schema);

function plain({ _id, publishAt: _mark, entries, minutes, ...row }: Found): HeldRecord {
  return {
    ...row,
    id: _id.toString(),
    entries: entries.map(({ bookingId, personId, mark, points, note }) => ({
      ...{ bookingId, personId, mark, points, note },
    })),
    minutes: minutes.map(({ id, name }) => ({ id, name })),
  };
}

/** Which slot a record is of. */
export type RecordOf = Pick<HeldRecord, 'courseId' | 'slotId' | 'seriesId'>;

export type NewAttendance = Pick<HeldRecord, 'entries' | 'sharedNote' | 'confidentialNote' | 'markedBy'> & {
  readonly markedAt: Date;
};

export interface HeldStore {
  /** Has the mark `ATTENDANCE_MARK`. */
  readonly model: AnyModel;
  findOptional(courseId: string, slotId: string): Promise<HeldRecord | null>;
  /** In no particular order, of any course. */
  findMany(slotIds: readonly string[]): Promise<HeldRecord[]>;
  listForSeries(courseId: string, seriesId: string): Promise<HeldRecord[]>;
  findOptionalById(id: string): Promise<HeldRecord | null>;
  /** Writes over exactly this version; 0 for the first. Returns false if there is another by now. */
  save(of: RecordOf, version: number, attendance: NewAttendance): Promise<boolean>;
  addMinutes(of: RecordOf, file: MinutesFile): Promise<void>;
  /** Returns false if the record has no such file. */
  removeMinutes(courseId: string, slotId: string, fileId: string): Promise<boolean>;
}

export function createHeldStore(connection: Connection): HeldStore {
  const model = heldModel(connection);
  return {
    model: model as AnyModel,

    async findOptional(courseId, slotId) {
      const row = await model.findOne({ slotId, courseId }).lean<Found>();
      return row && plain(row);
    },

    async findMany(slotIds) {
      if (slotIds.length === 0) return [];
      return (await model.find({ slotId: { $in: slotIds } }).lean<Found[]>()).map(plain);
    },

    async listForSeries(courseId, seriesId) {
      return (await model.find({ courseId, seriesId }).lean<Found[]>()).map(plain);
    },

    async findOptionalById(id) {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },

    async save(of, version, attendance) {
      const set = { ...attendance, entries: [...attendance.entries], publishAt: attendance.markedAt };
      if (version > 0) {
        const { matchedCount } = await model.updateOne(
          { slotId: of.slotId, courseId: of.courseId, version },
          { $set: set, $inc: { version: 1 } },
        );
        return matchedCount > 0;
      }
      try {
        await model.create({ ...of, ...set, minutes: [], version: 1 });
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    },

    async addMinutes({ slotId, courseId, seriesId }, file) {
      const push = { $push: { minutes: file }, $inc: { version: 1 } };
      const blank = { entries: [], sharedNote: '', confidentialNote: '', markedAt: null, markedBy: '' };
      try {
        await model.updateOne(
          { slotId, courseId },
          { ...push, $setOnInsert: { seriesId, ...blank } },
          { upsert: true },
        );
      } catch (error) {
        // Another upload has made the record.
        if (!isDuplicateKey(error)) throw error;
        await model.updateOne({ slotId, courseId }, push);
      }
    },

    async removeMinutes(courseId, slotId, fileId) {
      const { matchedCount } = await model.updateOne(
        { slotId, courseId, 'minutes.id': fileId },
        { $pull: { minutes: { id: fileId } }, $inc: { version: 1 } },
      );
      return matchedCount > 0;
    },
  };
}
