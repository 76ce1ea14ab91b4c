import type { Actor } from '../../shared/actor.js';
import { compareNames } from '../../shared/collation.js';
import { HOUR, isOver, MINUTE, type Clock } from '../../shared/clock.js';
import { conflict, DomainError, notFound } from '../../shared/errors.js';
import { NAMELESS, type PersonName } from '../../shared/names.js';
import { ROLES } from '../../shared/roles.js';
import type { GroupsSource } from '../../lti/index.js';
import type { Membership } from './enrolment-row.store.js';
import type { Person } from './person-row.store.js';
import { groupsIn, type CourseGroup } from './groups.js';
import type { Roster, RosterStore } from './roster.store.js';

/** Where a platform lists who belongs to a course (NRPS 2.0, 3.6.1), and its groups: '' where it has none. */
export interface RosterSource extends GroupsSource {
  readonly courseId: string;
  readonly registrationId: string;
  readonly url: string;
  /** '' where the launch was of no link. */
  readonly resourceLinkId: string;
}

export interface RosterServiceDeps {
  readonly store: RosterStore;
  readonly clock: Clock;
  /** A course is read again after a launch when its roster is older; 0: only by the button. */
  readonly maxAgeHours: () => Promise<number>;
  readonly members: (courseId: string) => Promise<Membership[]>;
  readonly markAssists: (courseId: string, personId: string, assists: boolean) => Promise<boolean>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
}

export interface Participant extends Membership {
  readonly name: PersonName;
}

/** A course's people, as its page shows them. */
export interface CoursePeople {
  readonly participants: readonly Participant[];
  readonly roster: Roster | null;
  /** All of the course. */
  readonly groups: readonly CourseGroup[];
  /** The one that the participants are narrowed to. */
  readonly group: CourseGroup | null;
}

/** Launches of one course come by the class: the database is asked once in a while only. */
const REMEMBERED_MS = 5 * MINUTE;
const MOST_REMEMBERED = 5000;
/** By the button: a second press within this changes nothing. */
const BUTTON_MS = MINUTE;

export function createRosterService(deps: RosterServiceDeps) {
  const { store, clock } = deps;
  const remembered = new Map<string, { urls: string; hours: number; until: number }>();

  async function membersAndGroups(courseId: string) {
    const [members, roster] = await Promise.all([deps.members(courseId), store.findOptional(courseId)]);
    return { members, roster, groups: groupsIn(courseId, members, roster) };
  }

  return {
    /** After a launch: notes where the roster is, and asks for it when it is old. Quick when it was just done. */
    async launched(source: RosterSource): Promise<void> {
      const now = clock.now();
      const hours = await deps.maxAgeHours();
      const before = remembered.get(source.courseId);
      const urls = [source.url, source.groupsUrl, source.setsUrl].join(' ');
      const isFresh = before !== undefined && !isOver(before.until, REMEMBERED_MS, now.getTime());
      if (isFresh && before.urls === urls && before.hours === hours) return;
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(source.courseId, { urls, hours, until: now.getTime() + REMEMBERED_MS });
      if (hours === 0) {
        await store.note(source, null);
        return;
      }
      await store.note(source, now);
      await store.ask(source.courseId, new Date(now.getTime() - hours * HOUR), now);
    },

    /**
     * By name within roles, from most rights to least; those who left come last.
     * @param groupId narrows them to a group of the course; an unknown one does not
     */
    async ofCourse(actor: Actor, groupId?: string): Promise<CoursePeople> {
      const { members, roster, groups } = await membersAndGroups(actor.courseId);
      const group = groups.find(({ id }) => id === groupId) ?? null;
      const chosen = group === null ? members : members.filter((member) => member.groups.includes(group.id));
      const names = new Map(
        (await deps.findPeople(chosen.map(({ personId }) => personId))).map(({ id, name }) => [id, name]),
      );
      const participants = chosen
        .map((member) => ({ ...member, name: names.get(member.personId) ?? NAMELESS }))
        .sort(
          (a, b) =>
            Number(a.leftAt !== null) - Number(b.leftAt !== null) ||
            ROLES.indexOf(a.role) - ROLES.indexOf(b.role) ||
            compareNames(a.name, b.name),
        );
      return { participants, roster, groups, group };
    },

    /** The groups of a course, by set and name. */
    async groupsOf(courseId: string): Promise<CourseGroup[]> {
      return (await membersAndGroups(courseId)).groups;
    },

    /** Person ids of those who are in a group, and in its course, now; none of a group that is gone. */
    async membersOf({ courseId, id }: Pick<CourseGroup, 'courseId' | 'id'>): Promise<string[]> {
      const { members, groups } = await membersAndGroups(courseId);
      if (!groups.some((group) => group.id === id)) return [];
      return members
        .filter(({ leftAt, groups: own }) => leftAt === null && own.includes(id))
        .map(({ personId }) => personId);
    },

    /**
     * Marks a person of the roster who has not launched yet as one who does not study here, or removes the mark.
     * @throws DomainError `roster-launched` (409) for people whose launch has told their role; `not-found` (404)
     */
    async markAssists({ courseId }: Actor, personId: string, assists: boolean): Promise<void> {
      if (await deps.markAssists(courseId, personId, assists)) return;
      const isMember = (await deps.members(courseId)).some((member) => member.personId === personId);
      throw isMember ? conflict('roster-launched') : notFound();
    },

    /** Asks for a fresh roster. @throws DomainError `roster-none` (409) where the LMS offers none */
    async refresh(actor: Actor): Promise<void> {
      const now = clock.now();
      if ((await store.findOptional(actor.courseId)) === null) throw new DomainError('roster-none', 409);
      await store.ask(actor.courseId, new Date(now.getTime() - BUTTON_MS), now);
    },
  };
}

export type RosterService = ReturnType<typeof createRosterService>;
