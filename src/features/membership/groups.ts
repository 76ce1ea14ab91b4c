import type { Translate } from '../../i18n/index.js';
import { compareText } from '../../shared/collation.js';
import type { Membership } from './enrolment-row.store.js';
import type { Roster } from './roster.store.js';

/** A group of a course's people, as the course's platform has it. */
export interface CourseGroup {
  readonly courseId: string;
  /** The platform's, unique in the course. */
  readonly id: string;
  /** '' where the platform tells ids alone. */
  readonly name: string;
  /** What the set it belongs to is called, or ''. */
  readonly set: string;
  /** How many of its people are in the course now. */
  readonly size: number;
}

const LONGEST_ID = 12;

/** What a group is called on pages: its name, or the beginning of its id where the platform tells no names. */
export const groupLabel = ({ id, name }: Pick<CourseGroup, 'id' | 'name'>, t: Translate): string =>
  name || t('roster.group.nameless', { id: id.length > LONGEST_ID ? `${id.slice(0, 8)}…` : id });

/** Groups as choices of a filter, under their sets: id, name with size, set. */
export const groupChoices = (groups: readonly CourseGroup[], t: Translate) =>
  groups.map((group) => [group.id, `${groupLabel(group, t)} (${group.size})`, group.set] as const);

interface GroupSource {
  readonly groupsOf: (courseId: string) => Promise<readonly CourseGroup[]>;
  readonly courses: { members(courseId: string): Promise<readonly Membership[]> };
}

/** The names of each person's groups in a course, "a, b"; groups whose platform tells no names are left out. */
export async function groupNames(
  { groupsOf, courses }: GroupSource,
  courseId: string,
): Promise<ReadonlyMap<string, string>> {
  const [groups, members] = await Promise.all([groupsOf(courseId), courses.members(courseId)]);
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  return new Map(
    members.map(({ personId, groups: ids }) => [
      personId,
      ids
        .map((id) => names.get(id) ?? '')
        .filter((name) => name !== '')
        .join(', '),
    ]),
  );
}

/**
 * The groups of a course, by set and name. Where the platform lists its groups, those are all there are; where
 * it tells ids alone, with each person's launch.
 */
export function groupsIn(
  courseId: string,
  members: readonly Membership[],
  roster: Pick<Roster, 'groups'> | null,
): CourseGroup[] {
  const sizes = new Map<string, number>();
  for (const { leftAt, groups } of members) {
    if (leftAt !== null) continue;
    for (const id of groups) sizes.set(id, (sizes.get(id) ?? 0) + 1);
  }
  const known = roster?.groups ?? [...sizes.keys()].map((id) => ({ id, name: '', set: '' }));
  return known
    .map(({ id, name, set }) => ({ courseId, id, name, set, size: sizes.get(id) ?? 0 }))
    .sort((a, b) => compareText(a.set, b.set) || compareText(a.name, b.name) || compareText(a.id, b.id));
}
