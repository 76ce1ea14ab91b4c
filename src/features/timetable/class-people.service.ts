import type { Actor } from '../../shared/actor.js';
import { badInput } from '../../shared/errors.js';
import { atLeast } from '../../shared/roles.js';
import type { ClassTeacher, Named, TimetableClass } from './timetable-class.js';

export interface ClassPeopleDeps {
  readonly membersOf: (
    courseId: string,
  ) => Promise<
    readonly { personId: string; role: Actor['role']; leftAt: Date | null; groups: readonly string[] }[]
  >;
  readonly findPeople: (ids: readonly string[]) => Promise<readonly Named[]>;
}

/** Those who attend and give the classes of a course. */
export interface ClassPeople {
  /** Students whose attendance is marked. */
  studentsOf(found: Pick<TimetableClass, 'courseId' | 'groupId'>): Promise<readonly Named[]>;
  teachersOf(courseId: string): Promise<readonly Named[]>;
  /** The teacher that a form names: a person of the course, or a name. @throws DomainError `bad-input` on `teacher` */
  teacherOf(courseId: string, teacher: ClassTeacher): Promise<ClassTeacher>;
}

export function createClassPeople(deps: ClassPeopleDeps): ClassPeople {
  const membersNow = async (courseId: string) =>
    (await deps.membersOf(courseId)).filter(({ leftAt }) => leftAt === null);

  return {
    async studentsOf({ courseId, groupId }) {
      const ids = (await membersNow(courseId))
        .filter(({ role, groups }) => role === 'student' && (groupId === '' || groups.includes(groupId)))
        .map(({ personId }) => personId);
      return deps.findPeople(ids);
    },

    async teachersOf(courseId) {
      const ids = (await membersNow(courseId))
        .filter(({ role }) => atLeast(role, 'assistant'))
        .map(({ personId }) => personId);
      return deps.findPeople(ids);
    },

    async teacherOf(courseId, { id, name }) {
      if (id === '') return { id, name };
      const known = (await membersNow(courseId)).some(
        ({ personId, role }) => personId === id && atLeast(role, 'assistant'),
      );
      if (!known) throw badInput({ teacher: 'errors.field.wrong' });
      return { id, name: '' };
    },
  };
}
