import type { Connection } from 'mongoose';
import type { Clock } from '../../shared/clock.js';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import { importsModel } from './import/imports.store.js';
import { claimsFor } from '../schedule/index.js';
import { classesModel, type ClassRow } from './classes.model.js';
import { classesRetention } from './retention.js';

const timetableCollections: readonly PersonalCollection[] = [
  {
    model: 'TimetableClass',
    holds: 'the teacher and the substitute, attendance of students',
    exported: { as: 'timetableClasses' },
    erasure: 'clears',
    merge: 'moves',
    retention:
      'without end, or as the administrator sets: from 1 to 10 years after the class; an erasure removes the attendance and the teacher of past classes; classes to come block it',
  },
  {
    model: 'TimetableImport',
    holds: 'id of the teacher who imported; names of teachers in the rows of the file',
    exported: { not: "a course's file; its classes are exported with their teachers" },
    erasure: 'clears',
    merge: 'moves',
    retention: '30 days',
  },
];

/** What the timetable keeps of a person: as a teacher, as a student. */
export function createTimetablePersonalData(
  connection: Connection,
  clock: Clock,
  removeFiles: (classId: string) => Promise<void>,
): PersonalData {
  const classes = classesModel(connection);
  const imports = importsModel(connection);
  const named = (personId: string) => ({
    $or: [{ 'teacher.id': personId }, { 'substitution.id': personId }, { 'attendance.personId': personId }],
  });

  return {
    collections: timetableCollections,
    retention: [classesRetention({ classes, removeFiles })],

    async dataOf({ personId }) {
      const rows = await classes.find(named(personId)).lean<ClassRow[]>();
      return {
        timetableClasses: rows.map(({ claims: _claims, source: _source, attendance, ...row }) => ({
          ...row,
          attendance: attendance.filter((mark) => mark.personId === personId),
        })),
      };
    },

    async holds({ personId }) {
      const ahead = await classes
        .find({ 'teacher.id': personId, startsAt: { $gt: clock.now() } })
        .lean<ClassRow[]>();
      const titles = ahead.filter(({ state }) => state === 'planned').map(({ title }) => title);
      return [...new Set(titles)].map((name) => ({ what: 'teaches', name }));
    },

    async erase({ personId }) {
      const nobody = { id: '', name: '' };
      for (const row of await classes.find(named(personId)).lean<ClassRow[]>()) {
        await classes.updateOne(
          { _id: row._id, version: row.version },
          {
            $set: {
              ...(row.teacher.id === personId && { teacher: nobody }),
              ...(row.substitution?.id === personId && { substitution: { ...row.substitution, ...nobody } }),
              attendance: row.attendance.filter((mark) => mark.personId !== personId),
            },
            $unset: { claims: 1 },
            $inc: { version: 1 },
          },
        );
      }
      await imports.updateMany({ by: personId }, { $set: { by: '' } });
    },

    async clashes(from, to) {
      const rows = await classes
        .find({ 'teacher.id': from.personId, startsAt: { $gt: clock.now() } })
        .lean<ClassRow[]>();
      const keys = rows
        .flatMap(({ claims = [] }) => claimsFor(claims, from.personId, to.personId))
        .filter((claim) => claim.startsWith(`p:${to.personId}:`));
      const taken = keys.length === 0 ? [] : await classes.find({ claims: { $in: keys } }).lean<ClassRow[]>();
      return [...new Set(taken.map(({ title }) => title))].map((name) => ({ what: 'time', name }));
    },

    async move(from, to) {
      const swap = (id: string): string => (id === from.personId ? to.personId : id);
      for (const row of await classes.find(named(from.personId)).lean<ClassRow[]>()) {
        const teacher = { ...row.teacher, id: swap(row.teacher.id) };
        const substitution = row.substitution && { ...row.substitution, id: swap(row.substitution.id) };
        const claims = claimsFor(row.claims ?? [], from.personId, to.personId);
        await classes.updateOne(
          { _id: row._id, version: row.version },
          {
            $set: {
              teacher,
              substitution,
              attendance: row.attendance.map((mark) => ({ ...mark, personId: swap(mark.personId) })),
              ...(claims.length > 0 && { claims }),
            },
            $inc: { version: 1 },
          },
        );
      }
      await imports.updateMany({ by: from.personId }, { $set: { by: to.personId } });
    },
  };
}
