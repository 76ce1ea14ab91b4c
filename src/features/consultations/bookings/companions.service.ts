import type { Actor } from '../../../shared/actor.js';
import { badInput } from '../../../shared/errors.js';
import { mayBook } from '../consultations.policy.js';
import type { Person } from '../../membership/index.js';
import type { Series } from '../series/series.store.js';

/** A group of the course, with those of its people who may be booked. */
export interface CompanionGroup {
  readonly id: string;
  readonly name: string;
  readonly personIds: readonly string[];
}

export interface CompanionsDeps {
  /** Students of a course, in no particular order. */
  readonly studentsOf: (courseId: string) => Promise<Person[]>;
  /** Groups of a course with their people; of `personId` only unless it is null. */
  readonly groupsOf: (courseId: string, personId: string | null) => Promise<CompanionGroup[]>;
}

export interface Companions {
  /**
   * Who may be booked together. A teacher books any student of the course; a student their own groups, and any of the
   * students where the series shows their names.
   */
  choices(
    actor: Actor,
    series: Pick<Series, 'names'>,
  ): Promise<{ readonly people: readonly Person[]; readonly groups: readonly CompanionGroup[] }>;
  /** @throws DomainError `bad-input` on `person` */
  demandAllowed(actor: Actor, series: Pick<Series, 'names'>, personIds: readonly string[]): Promise<void>;
}

export function createCompanions({ studentsOf, groupsOf }: CompanionsDeps): Companions {
  async function choices(actor: Actor, series: Pick<Series, 'names'>) {
    const own = mayBook(actor);
    const groups = await groupsOf(actor.courseId, own ? actor.personId : null);
    // Where names are hidden, a group is booked as a whole.
    const named = !own || series.names === 'shown';
    // A course may have a thousand students.
    if (!named && groups.length === 0) return { people: [], groups: [] };
    const students = await studentsOf(actor.courseId);
    const present = new Set(students.map(({ id }) => id));
    const shown = groups.map((group) => ({
      ...group,
      personIds: group.personIds.filter((id) => present.has(id)),
    }));
    return {
      people: named ? students.filter(({ id }) => id !== actor.personId) : [],
      groups: shown.filter(({ personIds }) => personIds.length > 0),
    };
  }

  return {
    choices,
    async demandAllowed(actor, series, personIds) {
      const { people, groups } = await choices(actor, series);
      const allowed = new Set([...people.map(({ id }) => id), ...groups.flatMap((group) => group.personIds)]);
      if (personIds.some((id) => id !== actor.personId && !allowed.has(id))) {
        throw badInput({ person: 'errors.field.wrong' });
      }
      if (!mayBook(actor) && personIds.includes(actor.personId))
        throw badInput({ person: 'errors.field.wrong' });
    },
  };
}
