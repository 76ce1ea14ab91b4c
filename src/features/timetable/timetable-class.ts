import { keyOf } from '../../shared/ids.js';
import { personClaims, placeClaims } from '../schedule/index.js';
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

export interface MovedFrom {
  readonly startsAt: Date;
  readonly place: string;
  readonly at: Date;
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
  /** Time and place before the latest move; null for a class that stands where it was planned. */
  readonly movedFrom: MovedFrom | null;
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

/** A place with a number is a room; others, such as «онлайн», hold any number of classes. */
const isRoom = (place: string): boolean => /\d/.test(place);

/**
 * Claims the time of a class: of its teacher, under all ids, and of its room.
 * @param teacherIds ids of the person who gives it; none for a teacher who is no person here
 */
export function claimsOf(
  { startsAt, endsAt, place }: Pick<TimetableClass, 'startsAt' | 'endsAt' | 'place'>,
  teacherIds: readonly string[],
): string[] {
  const interval = { startsAt, endsAt };
  const room = place.toLocaleLowerCase('ru').replace(/\s+/g, ' ').trim();
  return [
    ...personClaims(teacherIds, interval),
    // Rooms are known by their names alone.
    ...(isRoom(room) ? placeClaims(keyOf(room), interval) : []),
  ];
}

export interface Named {
  readonly id: string;
  readonly name: PersonName;
}
