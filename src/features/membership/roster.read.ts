import {
  roleFrom,
  RosterError,
  type Member,
  type Registration,
  type MembershipList,
} from '../../lti/index.js';
import type { CoursesStore } from './courses.store.js';
import type { PeopleStore } from './people.store.js';
import type { Roster } from './roster.store.js';

/** The writes that a roster causes. */
export type Memberships = Pick<CoursesStore, 'enrolFromRoster' | 'missing' | 'leave'> &
  Pick<PeopleStore, 'upsertFromRoster'>;

/** A roster that is being read. */
export interface Reading {
  readonly roster: Roster;
  readonly registration: Pick<Registration, 'id' | 'roles'>;
  /** Who came after this moment may be missing from the list, and has not left. */
  readonly began: Date;
  /** Ids of the groups that there are; null where the platform does not list them. */
  readonly existing: ReadonlySet<string> | null;
  /** The list of those who see a link, where there is one, or of the whole course. */
  readonly read: (of: 'link' | 'context') => Promise<MembershipList>;
}

const AT_ONCE = 500;

/**
 * Brings a course's people in line with what its platform lists. Who never came is made known; who is listed no
 * more is marked, never deleted. What a launch has said stands: a roster shortens roles and names (Moodle lists
 * a non-editing teacher as a learner, and knows no patronymics), so it changes neither for those who have come.
 * Can be done twice.
 * @returns how many are in the course
 * @throws RosterError
 */
export async function takeRoster(memberships: Memberships, reading: Reading): Promise<number> {
  const { courseId } = reading.roster;
  const present = new Set<string>();
  let list = await reading.read('link');
  await enrol(memberships, reading, list.members, present);
  // An empty list is a mistake of the platform: the person who launched is in the course.
  if (present.size === 0) return 0;
  if ((await memberships.missing(courseId, present, reading.began)).length === 0) return present.size;
  if (list.ofLink) {
    // A link may be for some of the course: that the others have left, only the course's list can say.
    const whole = await orRefused(reading.read('context'));
    if (whole === null) return present.size;
    list = whole;
    await enrol(memberships, reading, list.members, present);
  }
  if (list.complete) {
    const gone = await memberships.missing(courseId, present, reading.began);
    await memberships.leave(courseId, gone, reading.began);
  }
  return present.size;
}

/** A platform that lists links alone is taken at its word: it says nothing of who has left. */
async function orRefused(list: Promise<MembershipList>): Promise<MembershipList | null> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof RosterError && !error.retryable) return null;
    throw error;
  }
}

/** @param present gets the ids of those who are on the list */
async function enrol(
  memberships: Memberships,
  { roster: { courseId }, registration, began, existing }: Reading,
  members: readonly Member[],
  present: Set<string>,
): Promise<void> {
  const active = members.filter((member) => member.active);
  for (let at = 0; at < active.length; at += AT_ONCE) {
    const some = active.slice(at, at + AT_ONCE);
    const people = await memberships.upsertFromRoster(
      registration.id,
      some.map(({ userId, name, email }) => ({ sub: userId, name, email })),
    );
    const bySub = new Map(people.map((person) => [person.sub, person.id]));
    // Two accounts of the LMS may be one person here, and have one place.
    const places = new Map(
      some.flatMap(({ userId, roles, groups }) => {
        const personId = bySub.get(userId);
        if (personId === undefined || present.has(personId)) return [];
        return [[personId, { courseId, personId, role: roleFrom(roles, registration.roles), groups }]];
      }),
    );
    await memberships.enrolFromRoster(courseId, [...places.values()], { since: began, existing });
    for (const personId of places.keys()) present.add(personId);
  }
}
