import type { MembershipFeature, Person } from '../membership/index.js';
import type { CompanionsDeps } from './bookings/companions.service.js';

export interface CoursePeople extends CompanionsDeps {
  /** Those who teach in a course, as launches showed them. */
  readonly teachersOf: (courseId: string) => Promise<Person[]>;
}

/** Who is in a course, as far as consultations ask. */
export function createCoursePeople({
  people,
  courses,
  groupsOf,
  membersOf,
}: Pick<MembershipFeature, 'people' | 'courses' | 'groupsOf' | 'membersOf'>): CoursePeople {
  const ofRole = async (courseId: string, wanted: 'teacher' | 'student'): Promise<Person[]> => {
    const members = await courses.members(courseId);
    const ids = members
      .filter(({ role, leftAt }) => role === wanted && (wanted === 'teacher' || leftAt === null))
      .map(({ personId }) => personId);
    return people.findMany(ids);
  };
  return {
    teachersOf: (courseId) => ofRole(courseId, 'teacher'),
    studentsOf: (courseId) => ofRole(courseId, 'student'),
    async groupsOf(courseId, personId) {
      const groups = await groupsOf(courseId);
      const filled = await Promise.all(
        groups.map(async (group) => ({
          id: group.id,
          name: group.name || group.id,
          personIds: await membersOf(group),
        })),
      );
      return filled.filter(({ personIds }) => personId === null || personIds.includes(personId));
    },
  };
}
