import type { Membership } from './courses.store.js';
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

const collator = new Intl.Collator('ru', { numeric: true });

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
    .sort(
      (a, b) =>
        collator.compare(a.set, b.set) || collator.compare(a.name, b.name) || collator.compare(a.id, b.id),
    );
}
