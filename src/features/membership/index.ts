import type { Router } from 'express';
import type { Logger } from 'pino';
import type { Events } from '../../infra/events/index.js';
import type { Exports } from '../../infra/export/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Lti } from '../../lti/index.js';
import { DAY, isOver, SECOND, type Clock } from '../../shared/clock.js';
import type { Rights } from '../../shared/actor.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { SessionIdentity } from '../../shared/session-identity.js';
import type { Storage } from '../../storage/index.js';
import { createActorFinder } from './actors.js';
import { createCoursesStore, type CoursesStore } from './courses.store.js';
import { createLeftStudents } from './left.store.js';
import { createPeopleStore, type PeopleStore } from './people.store.js';
import { createMembershipPersonalData } from './personal-data.store.js';
import { addRosterJobs } from './roster.jobs.js';
import { rosterRouter } from './roster.routes.js';
import { createRosterService, type RosterService } from './roster.service.js';
import { createRosterStore } from './roster.store.js';

export type { Course, CoursesStore } from './courses.store.js';
export type { Membership, Place } from './enrolment-row.store.js';
export type { MembershipChanges } from './enrolments.store.js';
export { createCoursesStore } from './courses.store.js';
export { groupChoices, groupLabel, groupNames, type CourseGroup } from './groups.js';
export type { PeopleStore } from './people.store.js';
export type { Person } from './person-row.store.js';
export type { RosterSource } from './roster.service.js';

export interface MembershipDeps {
  readonly storage: Storage;
  readonly jobs: Jobs;
  readonly exports: Pick<Exports, 'defineTable' | 'findActorsBy'>;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Logger;
  readonly lti: Lti;
  /** After this many hours a course's roster is read again; 0 for never. */
  readonly maxAgeHours: () => Promise<number>;
}

/** People, courses, enrolments and groups, as launches and rosters of the LMSs tell them. */
export interface MembershipFeature {
  /** `/c/:courseKey/people` */
  readonly router: Router;
  readonly people: PeopleStore;
  readonly courses: CoursesStore;
  /** Notes where a launch says the course's roster is; the roster is read when it is due. */
  launched: RosterService['launched'];
  /** Lists a course's groups. Features show a student their own group only. */
  groupsOf: RosterService['groupsOf'];
  /** Who came or left at or after `from` and before `to`, in all courses. */
  changes: CoursesStore['changes'];
  membersOf: RosterService['membersOf'];
  /**
   * Returns what the person of a session may do in its course now, as the latest launch and roster tell it. Returns null
   * if the session counts no more: its launch is a day old, the person has left the course, or is erased or merged into
   * another (seen after two seconds).
   */
  rightsOf(identity: SessionIdentity): Promise<Rights | null>;
  /** Queries over the whole centre, for its administrators only. */
  readonly personQueries: PersonQueries;
  readonly personalData: PersonalData;
}

export interface PersonQueries {
  searchPeople: PeopleStore['search'];
  membershipsOf: CoursesStore['membershipsOf'];
  findPeople: PeopleStore['findMany'];
  findCourses: CoursesStore['findMany'];
  countCourses: CoursesStore['count'];
  findPerson: PeopleStore['findPresent'];
  closePerson: PeopleStore['close'];
  /** Students who have left all their courses before a moment. */
  studentsLeftBefore(before: Date): Promise<string[]>;
}

const CLOSED_MEMO_MS = 2 * SECOND;
/** A session's enrolment ends this long after its launch: the LMS may have changed the role since. */
const LONGEST_ENROLMENT_MS = DAY;

export function createMembership(deps: MembershipDeps): MembershipFeature {
  const { storage, clock, lti, maxAgeHours } = deps;
  const people = createPeopleStore(storage.connection);
  const courses = createCoursesStore(storage.connection);
  const roster = createRosterStore(storage.connection);
  addRosterJobs({
    ...deps,
    store: roster,
    memberships: {
      upsertFromRoster: (registrationId, seen) => people.upsertFromRoster(registrationId, seen),
      enrolFromRoster: (id, places, told) => courses.enrolFromRoster(id, places, told),
      missing: (id, present, since) => courses.missing(id, present, since),
      leave: (id, personIds, since) => courses.leave(id, personIds, since),
    },
    platformMemberships: lti.memberships,
    courseGroups: lti.courseGroups,
    registrations: lti.registrations,
  });
  const service = createRosterService({
    store: roster,
    clock,
    maxAgeHours,
    members: (courseId) => courses.members(courseId),
    markAssists: (courseId, personId, assists) => courses.markAssists(courseId, personId, assists),
    findPeople: (ids) => people.findMany(ids),
  });
  deps.exports.findActorsBy(createActorFinder(people, courses));
  return {
    router: rosterRouter(service, deps.exports),
    people,
    courses,
    launched: (source) => service.launched(source),
    changes: (from, to) => courses.changes(from, to),
    groupsOf: (courseId) => service.groupsOf(courseId),
    membersOf: (group) => service.membersOf(group),
    rightsOf: createRightsCheck(people, courses, clock),
    personQueries: {
      searchPeople: (words, skip, limit) => people.search(words, skip, limit),
      membershipsOf: (personIds) => courses.membershipsOf(personIds),
      findPeople: (ids) => people.findMany(ids),
      findCourses: (ids) => courses.findMany(ids),
      countCourses: courses.count,
      findPerson: (id) => people.findPresent(id),
      closePerson: (id, into, now) => people.close(id, into, now),
      studentsLeftBefore: createLeftStudents(storage.connection),
    },
    personalData: createMembershipPersonalData(storage.connection, { people, courses }),
  };
}

/** Keeps the list of closed people for a moment: it is asked for at every request and changes a few times a year. */
function createRightsCheck(
  people: Pick<PeopleStore, 'goneSince'>,
  courses: Pick<CoursesStore, 'membership'>,
  clock: Clock,
): MembershipFeature['rightsOf'] {
  let memo: { until: number; ids: Promise<ReadonlySet<string>> } | undefined;
  const closed = (): Promise<ReadonlySet<string>> => {
    const now = clock.now().getTime();
    if (memo === undefined || isOver(memo.until, CLOSED_MEMO_MS, now)) {
      memo = { until: now + CLOSED_MEMO_MS, ids: people.goneSince(new Date(now - LONGEST_ENROLMENT_MS)) };
      memo.ids.catch(() => (memo = undefined));
    }
    return memo.ids;
  };
  return async ({ personId, course: { courseId, launchedAt } }) => {
    if (clock.now().getTime() - launchedAt >= LONGEST_ENROLMENT_MS) return null;
    if ((await closed()).has(personId)) return null;
    const membership = await courses.membership(courseId, personId);
    if (membership?.leftAt !== null) return null;
    const { role, centreRole, onTrial } = membership;
    return { role, ...(centreRole !== null && { centreRole }), ...(onTrial && { onTrial }) };
  };
}
