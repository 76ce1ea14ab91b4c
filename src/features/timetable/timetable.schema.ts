import { z } from 'zod';
import { calendarDate, id, line, list, optionalAddress, optionalLine, text } from '../../web/parse.js';
import { MARKS } from './timetable-class.js';

export const LIMITS = { homework: 5_000, files: 5, megabytes: 20, weeks: 60 } as const;

const date = calendarDate;
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
/** A person of the course; '' for another, whose name is written. */
const teacher = z.union([id, z.literal('')]).default('');

export const newClasses = z
  .object({
    title: line(200),
    teacher,
    teacherName: optionalLine(150),
    group: z.string().max(255).default(''),
    place: optionalLine(150),
    link: optionalAddress(500),
    from: date,
    to: z.union([date, z.literal('')]).default(''),
    weekdays: list(z.coerce.string())
      .refine((days) => days.every((day) => /^[1-7]$/.test(day)))
      .transform((days) => days.map(Number)),
    every: z.enum(['1', '2']).default('1').transform(Number),
    start: clockTime,
    end: clockTime,
    key: z.string().regex(/^[\w-]{16,64}$/),
  })
  .refine(({ start, end }) => start < end, { path: ['end'], message: 'errors.field.endBeforeStart' })
  .refine(({ from, to }) => to === '' || from <= to, {
    path: ['to'],
    message: 'errors.field.endBeforeStart',
  });
export type NewClassesInput = z.output<typeof newClasses>;

export const classId = z.object({ classId: id });
export const importId = z.object({ importId: id });

export const homeworkForm = z.object({ topic: optionalLine(300), homework: text(LIMITS.homework) });
export const reason = z.object({ reason: line(300) });
export const moveForm = z
  .object({ date, start: clockTime, end: clockTime, place: optionalLine(150), reason: optionalLine(300) })
  .refine(({ start, end }) => start < end, { path: ['end'], message: 'errors.field.endBeforeStart' });
export type MoveInput = z.output<typeof moveForm>;
export const substitute = z
  .object({ teacher, teacherName: optionalLine(150), reason: optionalLine(300) })
  .refine(({ teacher: chosen, teacherName }) => chosen !== '' || teacherName !== '', {
    path: ['teacher'],
    message: 'errors.field.missing',
  });

/** `a-<person>`: a mark, or '' for none. */
export const attendanceForm = z.record(z.string().max(60), z.unknown()).transform((fields) =>
  Object.entries(fields).flatMap(([name, mark]) => {
    const personId = /^a-([0-9a-f]{24})$/.exec(name)?.[1];
    const known = MARKS.find((candidate) => candidate === mark);
    return personId !== undefined && known !== undefined ? [{ personId, mark: known }] : [];
  }),
);

export const weekQuery = z.object({
  week: date.optional().catch(undefined),
  group: z.string().max(255).optional().catch(undefined),
  /** Days on which a class was wanted and the time is taken: `2026-12-01,2026-12-08`. */
  left: z
    .string()
    .max(1_000)
    .transform((days) => days.split(','))
    .pipe(z.array(date).max(90))
    .catch([])
    .default([]),
});
