import type { Connection } from 'mongoose';
import { HOUR } from '../../shared/clock.js';
import { keepReads } from '../../storage/index.js';
import { classesModel, classOf, type ClassRow } from './classes.model.js';
import { teacherNow, type TimetableClass } from './timetable-class.js';

/** Classes by their time. */
export interface ClassesByTime {
  /** Of a course, soonest first. */
  between(courseId: string, from: Date, to: Date): Promise<TimetableClass[]>;
  upcoming(courseId: string, now: Date, limit: number): Promise<readonly TimetableClass[]>;
  /** Planned classes that these persons give, in all courses, soonest first. */
  upcomingOf(personIds: readonly string[], now: Date, limit: number): Promise<TimetableClass[]>;
  /** Planned classes that begin after `from` and by `to`, of all courses, soonest first. */
  beginning(from: Date, to: Date): Promise<TimetableClass[]>;
  /** Planned classes of these courses that begin at or after `from` and before `to`, soonest first. */
  ofCourses(courseIds: readonly string[], from: Date, to: Date): Promise<TimetableClass[]>;
}

/** A class that is under way began a few hours ago at most. */
const LONGEST_CLASS_MS = 6 * HOUR;

/** When the first of these classes is over: the list is another one then. */
const firstEnd = (classes: readonly TimetableClass[]): number =>
  Math.min(
    ...classes.map(({ startsAt, endsAt }) =>
      Math.min(endsAt.getTime(), startsAt.getTime() + LONGEST_CLASS_MS),
    ),
  );

export function createClassesByTime(connection: Connection): ClassesByTime {
  const model = classesModel(connection);
  const coming = keepReads<readonly TimetableClass[]>(connection, {
    collection: model.collection.name,
    keysOf: ({ kind, courseId }) => (kind === 'class' ? [String(courseId)] : []),
  });

  return {
    async between(courseId, from, to) {
      const rows = await model
        .find({ courseId, startsAt: { $gte: from, $lt: to } })
        .sort({ startsAt: 1, _id: 1 })
        .limit(1_000)
        .lean<ClassRow[]>();
      return rows.map(classOf);
    },
    upcoming(courseId, now, limit) {
      const read = async (): Promise<TimetableClass[]> => {
        const since = new Date(now.getTime() - LONGEST_CLASS_MS);
        const rows = await model
          .find({ courseId, startsAt: { $gte: since }, endsAt: { $gt: now } })
          .sort({ startsAt: 1, _id: 1 })
          .limit(limit)
          .lean<ClassRow[]>();
        return rows.map(classOf);
      };
      return coming.get(courseId, read, { variant: String(limit), at: now.getTime(), until: firstEnd });
    },
    async beginning(from, to) {
      const rows = await model
        .find({ state: 'planned', startsAt: { $gt: from, $lte: to } })
        .sort({ startsAt: 1, _id: 1 })
        .lean<ClassRow[]>();
      return rows.map(classOf);
    },
    async ofCourses(courseIds, from, to) {
      if (courseIds.length === 0) return [];
      const rows = await model
        .find({ courseId: { $in: [...courseIds] }, state: 'planned', startsAt: { $gte: from, $lt: to } })
        .sort({ startsAt: 1, _id: 1 })
        .lean<ClassRow[]>();
      return rows.map(classOf);
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
        .lean<ClassRow[]>();
      return rows
        .map(classOf)
        .filter((found) => ids.includes(teacherNow(found).id))
        .slice(0, limit);
    },
  };
}
