import type { MembershipFeature } from '../../membership/index.js';

/** Person ids of the students who are in a course, or in one of its groups, now. @param groupId '' for the course */
export async function studentsOf(
  courses: Pick<MembershipFeature['courses'], 'members'>,
  { courseId, groupId }: { readonly courseId: string; readonly groupId: string },
): Promise<string[]> {
  return (await courses.members(courseId))
    .filter(
      ({ leftAt, role, groups }) =>
        leftAt === null && role === 'student' && (groupId === '' || groups.includes(groupId)),
    )
    .map(({ personId }) => personId);
}
