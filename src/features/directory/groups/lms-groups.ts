import type { MembershipFeature } from '../../membership/index.js';
import type { LmsGroupChoice } from './groups.service.js';

/** Returns what lists the groups of the courses in which persons take part, by course. */
export const createLmsGroups =
  ({ courses, groupsOf }: Pick<MembershipFeature, 'courses' | 'groupsOf'>) =>
  async (personIds: readonly string[]): Promise<LmsGroupChoice[]> => {
    if (personIds.length === 0) return [];
    const memberships = await courses.membershipsOf(personIds);
    const found = await courses.findMany([...new Set(memberships.map(({ courseId }) => courseId))]);
    const groups = await Promise.all(found.map(({ id }) => groupsOf(id)));
    const titles = new Map(found.map(({ id, title }) => [id, title]));
    return groups.flat().map(({ courseId, id, name }) => ({
      ...{ courseId, groupId: id, course: titles.get(courseId) ?? '' },
      name: name || id,
    }));
  };
