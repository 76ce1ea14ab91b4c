import { MINUTE } from '../../shared/clock.js';
import type { PersonName } from '../../shared/names.js';

/** What became of a student's attendance. */
export const MARKS = ['present', 'late', 'excused', 'absent'] as const;
export type Mark = (typeof MARKS)[number];

export interface Attendance {
  readonly personId: string;
  readonly mark: Mark;
}

/** A teacher of a class: a person of the course, or a name that a timetable has. */
export interface ClassTeacher {
  /** Person id, or ''. */
  readonly id: string;
  /** As the timetable calls them, where they are no person here. */
  readonly name: string;
}

export interface Substitution extends ClassTeacher {
  readonly reason: string;
}

/** A lesson of a course or a group in the timetable; nobody books it. */
export interface TimetableClass {
  readonly id: string;
  readonly courseId: string;
  /** The platform's group; '' for the whole course. */
  readonly groupId: string;
  readonly title: string;
  readonly teacher: ClassTeacher;
  readonly place: string;
  /** Address of the video call, or ''. */
  readonly link: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly state: 'planned' | 'cancelled';
  /** Why it is cancelled; ''. */
  readonly reason: string;
  readonly substitution: Substitution | null;
  readonly topic: string;
  readonly homework: string;
  /** Ids of files with materials. */
  readonly files: readonly string[];
  readonly attendance: readonly Attendance[];
  readonly version: number;
}

/** Who gives the class: the substitute where there is one. */
export const teacherNow = ({
  teacher,
  substitution,
}: Pick<TimetableClass, 'teacher' | 'substitution'>): ClassTeacher => substitution ?? teacher;

const GRID = 5 * MINUTE;

/** A place with a number is a room; others, such as «онлайн», hold any number of classes. */
const isRoom = (place: string): boolean => /\d/.test(place);

/** The keys of the time that a class takes of its teacher and its room: a key exists once. */
export function claimsOf(
  { startsAt, endsAt, place }: Pick<TimetableClass, 'startsAt' | 'endsAt' | 'place'>,
  teacherId: string,
): string[] {
  const keys: string[] = [];
  const room = place.toLocaleLowerCase('ru').replace(/\s+/g, ' ').trim();
  for (let at = Math.floor(startsAt.getTime() / GRID); at * GRID < endsAt.getTime(); at += 1) {
    if (teacherId !== '') keys.push(`p:${teacherId}:${at}`);
    if (isRoom(room)) keys.push(`r:${room}:${at}`);
  }
  return keys;
}

export interface Named {
  readonly id: string;
  readonly name: PersonName;
}
