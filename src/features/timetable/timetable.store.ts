import { Schema, type Connection, type Types } from 'mongoose';
import {
  emitting,
  withEvents,
  type AnyModel,
  type EmittingRow,
  type Event,
} from '../../infra/events/index.js';
import { HOUR } from '../../shared/clock.js';
import { isDuplicateKey } from '../../storage/index.js';
import { refusedClaim, timeModel, type TimeRow } from '../schedule/index.js';
import {
  claimsOf,
  teacherNow,
  type Attendance,
  type MovedFrom,
  type Substitution,
  type TimetableClass,
} from './timetable-class.js';

interface Row extends Omit<TimetableClass, 'id' | 'startsAt' | 'endsAt'>, TimeRow, EmittingRow {
  /** Where it came from: an import's row, or a form. What comes again makes no second class. */
  source?: string;
}

const person = { _id: false, id: false } as const;

const schema = new Schema<Row>({
  courseId: { type: String, required: true },
  groupId: { type: String, default: '' },
  title: { type: String, required: true },
  teacher: { type: new Schema({ id: String, name: String }, person), required: true },
  place: { type: String, default: '' },
  link: { type: String, default: '' },
  state: { type: String, required: true },
  reason: { type: String, default: '' },
  substitution: {
    type: new Schema<Substitution>({ id: String, name: String, reason: String }, person),
    default: null,
  },
  movedFrom: {
    type: new Schema<MovedFrom>({ startsAt: Date, place: String, at: Date, reason: String }, person),
    default: null,
  },
  topic: { type: String, default: '' },
  homework: { type: String, default: '' },
  files: { type: [String], default: [] },
  attendance: { type: [new Schema<Attendance>({ personId: String, mark: String }, person)], default: [] },
  version: { type: Number, required: true },
  source: { type: String },
});
schema.plugin(withEvents);
schema.index({ source: 1 }, { unique: true, sparse: true });
schema.index({ kind: 1, courseId: 1, startsAt: 1 });
schema.index({ kind: 1, 'teacher.id': 1, startsAt: 1 });
schema.index({ kind: 1, 'substitution.id': 1 });
schema.index({ kind: 1, 'attendance.personId': 1 });

type Found = Row & { _id: Types.ObjectId };
export type ClassRow = Found;
export const classesModel = (connection: Connection) =>
  timeModel<Row>(connection, { name: 'TimetableClass', kind: 'class' }, schema);

/** A class that is under way began a few hours ago at most. */
const LONGEST_CLASS_MS = 6 * HOUR;

const plain = (row: Found): TimetableClass => {
  const { courseId, groupId, title, place, link, startsAt, endsAt, state, reason, topic, homework, version } =
    row;
  return {
    ...{ courseId, groupId, title, place, link, startsAt, endsAt, state, reason, topic, homework, version },
    id: row._id.toString(),
    teacher: { id: row.teacher.id, name: row.teacher.name },
    substitution: row.substitution && { ...row.substitution },
    movedFrom: row.movedFrom ? { ...row.movedFrom } : null,
    attendance: row.attendance.map(({ personId, mark }) => ({ personId, mark })),
    files: [...row.files],
  };
};

export type NewClass = Omit<
  TimetableClass,
  'id' | 'state' | 'reason' | 'substitution' | 'movedFrom' | 'files' | 'attendance' | 'version'
> & { readonly source: string };

export type ClassChange = Partial<
  Pick<
    TimetableClass,
    | 'state'
    | 'reason'
    | 'substitution'
    | 'topic'
    | 'homework'
    | 'files'
    | 'attendance'
    | 'title'
    | 'place'
    | 'link'
    | 'startsAt'
    | 'endsAt'
    | 'movedFrom'
  >
>;

export interface TimetableStore {
  readonly model: AnyModel;
  /** Returns `taken` when the time of its teacher or room is taken; the class of then when it was made before. */
  insert(made: NewClass): Promise<TimetableClass | 'taken'>;
  findOptional(courseId: string, id: string): Promise<TimetableClass | null>;
  findByIds(ids: readonly string[]): Promise<TimetableClass[]>;
  /** Of a course, soonest first. */
  between(courseId: string, from: Date, to: Date): Promise<TimetableClass[]>;
  upcoming(courseId: string, now: Date, limit: number): Promise<TimetableClass[]>;
  /** Planned classes that these persons give, in all courses, soonest first. */
  upcomingOf(personIds: readonly string[], now: Date, limit: number): Promise<TimetableClass[]>;
  /** Writes over exactly this version. Returns null when there is another, `taken` when the time is taken. */
  change(
    before: TimetableClass,
    change: ClassChange,
    event: Event | null,
  ): Promise<TimetableClass | 'taken' | null>;
  /** Planned classes that begin after `from` and by `to`, of all courses, soonest first. */
  beginning(from: Date, to: Date): Promise<TimetableClass[]>;
  /** Planned classes of these courses that begin at or after `from` and before `to`, soonest first. */
  ofCourses(courseIds: readonly string[], from: Date, to: Date): Promise<TimetableClass[]>;
  /** Removes what an import has made and nobody has worked on since. Returns how many. */
  removeImported(importId: string): Promise<number>;
}

/** @param idsOf all ids under which a person is known */
export function createTimetableStore(
  connection: Connection,
  idsOf: (personId: string) => Promise<readonly string[]>,
): TimetableStore {
  const model = classesModel(connection);
  const optional = (row: Found | null): TimetableClass | null => row && plain(row);
  const isTaken = (error: unknown): boolean => refusedClaim(error) !== null;
  const claimed = async (made: Pick<TimetableClass, 'startsAt' | 'endsAt' | 'place'>, teacherId: string) =>
    claimsOf(made, teacherId === '' ? [] : await idsOf(teacherId));

  return {
    model,

    async insert(made) {
      const claims = await claimed(made, made.teacher.id);
      const row = {
        ...made,
        ...{
          state: 'planned' as const,
          reason: '',
          substitution: null,
          movedFrom: null,
          files: [],
          attendance: [],
          version: 1,
        },
        ...(claims.length > 0 && { claims }),
      };
      try {
        return plain((await model.create(row)).toObject());
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // Made before, its own time stands in the way as well.
        const before = await model.findOne({ source: made.source }).lean<Found>();
        if (before !== null) return plain(before);
        if (!isTaken(error)) throw error;
        return 'taken';
      }
    },
    findOptional: async (courseId, id) => optional(await model.findOne({ _id: id, courseId }).lean<Found>()),
    findByIds: async (ids) => (await model.find({ _id: { $in: ids } }).lean<Found[]>()).map(plain),
    async between(courseId, from, to) {
      const rows = await model
        .find({ courseId, startsAt: { $gte: from, $lt: to } })
        .sort({ startsAt: 1, _id: 1 })
        .limit(1_000)
        .lean<Found[]>();
      return rows.map(plain);
    },
    async upcoming(courseId, now, limit) {
      const rows = await model
        .find({
          courseId,
          startsAt: { $gte: new Date(now.getTime() - LONGEST_CLASS_MS) },
          endsAt: { $gt: now },
        })
        .sort({ startsAt: 1, _id: 1 })
        .limit(limit)
        .lean<Found[]>();
      return rows.map(plain);
    },
    async beginning(from, to) {
      const rows = await model
        .find({ state: 'planned', startsAt: { $gt: from, $lte: to } })
        .sort({ startsAt: 1, _id: 1 })
        .lean<Found[]>();
      return rows.map(plain);
    },
    async ofCourses(courseIds, from, to) {
      if (courseIds.length === 0) return [];
      const rows = await model
        .find({ courseId: { $in: [...courseIds] }, state: 'planned', startsAt: { $gte: from, $lt: to } })
        .sort({ startsAt: 1, _id: 1 })
        .lean<Found[]>();
      return rows.map(plain);
    },
    async upcomingOf(personIds, now, limit) {
      const ids = [...personIds];
      const since = { $gte: new Date(now.getTime() - LONGEST_CLASS_MS) };
      const rows = await model
        .find({
          $or: [
            { 'teacher.id': { $in: ids }, startsAt: since },
            { 'substitution.id': { $in: ids }, startsAt: since },
          ],
          state: 'planned',
          endsAt: { $gt: now },
        })
        .sort({ startsAt: 1, _id: 1 })
        // Some of them another teacher gives.
        .limit(limit * 2)
        .lean<Found[]>();
      return rows
        .map(plain)
        .filter((found) => ids.includes(teacherNow(found).id))
        .slice(0, limit);
    },
    async change(before, change, event) {
      const after = { ...before, ...change };
      const claims = after.state === 'cancelled' ? [] : await claimed(after, teacherNow(after).id);
      try {
        const update = {
          $set: { ...change, ...(claims.length > 0 && { claims }) },
          ...(claims.length === 0 && { $unset: { claims: 1 as const } }),
          $inc: { version: 1 },
        };
        const row = await model
          .findOneAndUpdate(
            { _id: before.id, version: before.version },
            event === null ? update : emitting(update, event),
            { returnDocument: 'after' },
          )
          .lean<Found>();
        return optional(row);
      } catch (error) {
        if (!isTaken(error)) throw error;
        return 'taken';
      }
    },
    async removeImported(importId) {
      const { deletedCount } = await model.deleteMany({
        source: { $gte: `${importId}:`, $lt: `${importId};` },
        version: 1,
      });
      return deletedCount;
    },
  };
}
