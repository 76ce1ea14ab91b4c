import { atLeast } from '../../shared/roles.js';
import type { PersonName } from '../../shared/names.js';
import type { Membership } from '../membership/index.js';
import { teacherNow, type Named, type TimetableClass } from './timetable-class.js';
import type { TimetableStore } from './timetable.store.js';

/** A class as messages speak of it. */
export interface ToldClass extends Pick<
  TimetableClass,
  'id' | 'courseId' | 'groupId' | 'title' | 'startsAt' | 'endsAt' | 'place' | 'link' | 'state' | 'reason'
> {
  readonly movedFrom: TimetableClass['movedFrom'];
  /** Who gives it now: a person of the course, or ''. */
  readonly teacherId: string;
  /** Null where the timetable has a name only. */
  readonly teacher: PersonName | null;
  /** As the timetable calls a teacher who is no person here; ''. */
  readonly teacherName: string;
  /** Why another teacher gives it; null unless one does. */
  readonly substitution: { readonly reason: string } | null;
}

/** What messages say of classes. Reads past the bounds of courses: nothing of it is shown to others. */
export interface ToldClasses {
  /** Returns null if there is no such class any more. */
  find(id: string): Promise<ToldClass | null>;
  /** Planned classes that begin after `from` and by `to`, in all courses, soonest first. */
  beginning(from: Date, to: Date): Promise<ToldClass[]>;
  /** Students of the class's course or group. */
  studentsOf(found: Pick<ToldClass, 'courseId' | 'groupId'>): Promise<readonly string[]>;
  /** Planned classes that a person attends or gives, that begin at or after `from` and before `to`. */
  ofPerson(
    personId: string,
    from: Date,
    to: Date,
  ): Promise<readonly (ToldClass & { readonly gives: boolean })[]>;
}

export interface ToldClassesDeps {
  readonly classes: Pick<TimetableStore, 'findByIds' | 'beginning' | 'ofCourses'>;
  readonly membersOf: (courseId: string) => Promise<readonly Membership[]>;
  readonly membershipsOf: (personIds: readonly string[]) => Promise<readonly Membership[]>;
  readonly findPeople: (ids: readonly string[]) => Promise<readonly Named[]>;
}

const isOf = (groups: readonly string[], groupId: string): boolean =>
  groupId === '' || groups.includes(groupId);

const told = (row: TimetableClass, names: ReadonlyMap<string, PersonName>): ToldClass => {
  const { id, courseId, groupId, title, startsAt, endsAt, place, link, state, reason, movedFrom } = row;
  const teacher = teacherNow(row);
  return {
    ...{ id, courseId, groupId, title, startsAt, endsAt, place, link, state, reason, movedFrom },
    teacherId: teacher.id,
    teacher: names.get(teacher.id) ?? null,
    teacherName: teacher.name,
    substitution: row.substitution && { reason: row.substitution.reason },
  };
};

export function createToldClasses(deps: ToldClassesDeps): ToldClasses {
  const { classes } = deps;

  async function named(rows: readonly TimetableClass[]): Promise<ReadonlyMap<string, PersonName>> {
    const ids = [...new Set(rows.map((row) => teacherNow(row).id))].filter((id) => id !== '');
    const people = ids.length === 0 ? [] : await deps.findPeople(ids);
    return new Map(people.map(({ id, name }) => [id, name]));
  }

  return {
    async find(id) {
      const found = await classes.findByIds([id]);
      const names = await named(found);
      return found.map((row) => told(row, names))[0] ?? null;
    },

    // Many rows, and those who ask want no names.
    beginning: async (from, to) =>
      (await classes.beginning(from, to)).map((row) => told(row, new Map<string, PersonName>())),

    async studentsOf({ courseId, groupId }) {
      return (await deps.membersOf(courseId))
        .filter(({ role, leftAt, groups }) => leftAt === null && role === 'student' && isOf(groups, groupId))
        .map(({ personId }) => personId);
    },

    async ofPerson(personId, from, to) {
      const places = (await deps.membershipsOf([personId])).filter(({ leftAt }) => leftAt === null);
      const rows = await classes.ofCourses(
        places.map(({ courseId }) => courseId),
        from,
        to,
      );
      const own = rows.flatMap((row) => {
        const place = places.find(({ courseId }) => courseId === row.courseId);
        const gives = teacherNow(row).id === personId;
        const attends =
          place !== undefined && !atLeast(place.role, 'assistant') && isOf(place.groups, row.groupId);
        return gives || attends ? [{ row, gives }] : [];
      });
      const names = await named(own.map(({ row }) => row));
      return own.map(({ row, gives }) => ({ ...told(row, names), gives }));
    },
  };
}
