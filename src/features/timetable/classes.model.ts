import { Schema, type Connection, type Types } from 'mongoose';
import { timeModel, type TimeRow } from '../schedule/index.js';
import type { Attendance, MovedFrom, Substitution, TimetableClass } from './timetable-class.js';

interface Row extends Omit<TimetableClass, 'id' | 'startsAt' | 'endsAt'>, TimeRow {
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
schema.index({ source: 1 }, { unique: true, sparse: true });
schema.index({ kind: 1, courseId: 1, startsAt: 1 });
// Of all courses: reminders, and what is old.
schema.index({ kind: 1, startsAt: 1, state: 1 });
schema.index({ kind: 1, 'teacher.id': 1, startsAt: 1 });
schema.index({ kind: 1, 'substitution.id': 1 });
schema.index({ kind: 1, 'attendance.personId': 1 });

export type ClassRow = Row & { _id: Types.ObjectId };
export const classesModel = (connection: Connection) =>
  timeModel<Row>(connection, { name: 'TimetableClass', kind: 'class' }, schema);

export const classOf = (row: ClassRow): TimetableClass => {
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
