import type { Actor } from '../../shared/actor.js';
import { HOUR, MINUTE, type Clock } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import { fullName, NAMELESS, type PersonName } from '../../shared/names.js';
import { ROLES } from '../../shared/roles.js';
import type { Membership, Person } from '../launch/index.js';
import type { Roster, RosterStore } from './roster.store.js';

export interface RosterServiceDeps {
  readonly store: RosterStore;
  readonly clock: Clock;
  /** A course is read again after a launch when its roster is older; 0: only when somebody asks. */
  readonly maxAgeHours: () => Promise<number>;
  readonly members: (courseId: string) => Promise<Membership[]>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
  /** Tells the worker that something waits. */
  readonly nudge: () => void;
}

/** What a launch says of the roster's whereabouts. */
export interface RosterSource {
  readonly courseId: string;
  readonly registrationId: string;
  readonly url: string;
  readonly resourceLinkId: string;
}

export interface Participant extends Membership {
  readonly name: PersonName;
}

/** Launches of one course come by the class: the database is asked once in a while only. */
const REMEMBERED_MS = 5 * MINUTE;
const MOST_REMEMBERED = 5000;
/** By the button: a second press within this changes nothing. */
const BUTTON_MS = MINUTE;

const collator = new Intl.Collator('ru');

export function createRosterService(deps: RosterServiceDeps) {
  const { store, clock } = deps;
  const remembered = new Map<string, { url: string; hours: number; until: number }>();

  return {
    /** After a launch: notes where the roster is, and asks for it when it is old. Quick when it was just done. */
    async launched(source: RosterSource): Promise<void> {
      const now = clock.now();
      const hours = await deps.maxAgeHours();
      const before = remembered.get(source.courseId);
      if (before?.url === source.url && before.hours === hours && now.getTime() < before.until) return;
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(source.courseId, { url: source.url, hours, until: now.getTime() + REMEMBERED_MS });
      if (hours === 0) {
        await store.note(source, null);
        return;
      }
      await store.note(source, now);
      await store.want(source.courseId, new Date(now.getTime() - hours * HOUR), now);
      deps.nudge();
    },

    /** By name within roles, from most rights to least; those who left come last. */
    async ofCourse(actor: Actor): Promise<{ participants: Participant[]; roster: Roster | null }> {
      const [members, roster] = await Promise.all([
        deps.members(actor.courseId),
        store.findOptional(actor.courseId),
      ]);
      const names = new Map(
        (await deps.findPeople(members.map(({ personId }) => personId))).map(({ id, name }) => [id, name]),
      );
      const participants = members
        .map((member) => ({ ...member, name: names.get(member.personId) ?? NAMELESS }))
        .sort(
          (a, b) =>
            Number(a.leftAt !== null) - Number(b.leftAt !== null) ||
            ROLES.indexOf(a.role) - ROLES.indexOf(b.role) ||
            collator.compare(fullName(a.name), fullName(b.name)),
        );
      return { participants, roster };
    },

    /** Asks for a fresh roster. @throws DomainError `roster-none` (409) where the LMS offers none */
    async refresh(actor: Actor): Promise<void> {
      const now = clock.now();
      if ((await store.findOptional(actor.courseId)) === null) throw new DomainError('roster-none', 409);
      await store.want(actor.courseId, new Date(now.getTime() - BUTTON_MS), now);
      deps.nudge();
    },
  };
}

export type RosterService = ReturnType<typeof createRosterService>;
