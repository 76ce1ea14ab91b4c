import type { Attachments } from '../../infra/files/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { notFound } from '../../shared/errors.js';
import { createClassChanges, type ClassChanges } from './class-changes.service.js';
import { createClassPeople, type ClassPeople, type ClassPeopleDeps } from './class-people.service.js';
import { createPlanning, type Planning } from './planning.service.js';
import type { TimetableClass } from './timetable-class.js';
import { isFor } from './timetable.policy.js';
import type { TimetableStore } from './timetable.store.js';

export interface TimetableDeps extends ClassPeopleDeps {
  readonly classes: TimetableStore;
  readonly files: Attachments;
  readonly clock: Clock;
  readonly groupsOfMember: (courseId: string, personId: string) => Promise<readonly string[]>;
  readonly groupIdsOf: (courseId: string) => Promise<readonly string[]>;
  /** Days on which the centre is closed, from one to another. */
  readonly closedDays: (from: string, to: string) => Promise<readonly { readonly date: string }[]>;
}

export interface TimetableService extends Planning, ClassChanges, Omit<ClassPeople, 'teacherOf'> {
  /** A class that the actor may see. @throws DomainError `not-found` */
  find(actor: Actor, id: string): Promise<TimetableClass>;
  /** Classes of the actor, of all groups for those who teach. */
  between(actor: Actor, from: Date, to: Date, group?: string): Promise<TimetableClass[]>;
  upcoming(actor: Actor, limit: number): Promise<TimetableClass[]>;
}

export function createTimetableService(deps: TimetableDeps): TimetableService {
  const { classes, files, clock, groupIdsOf, closedDays } = deps;

  const ownGroups = ({ courseId, personId }: Actor): Promise<readonly string[]> =>
    deps.groupsOfMember(courseId, personId);

  async function find(actor: Actor, id: string): Promise<TimetableClass> {
    const found = await classes.findOptional(actor.courseId, id);
    if (found === null || !isFor(actor, await ownGroups(actor), found)) throw notFound();
    return found;
  }

  async function isVisible(actor: Actor): Promise<(found: TimetableClass) => boolean> {
    const groups = await ownGroups(actor);
    return (found) => isFor(actor, groups, found);
  }

  const people = createClassPeople(deps);
  return {
    ...createPlanning({ classes, people, groupIdsOf, closedDays }),
    ...createClassChanges({ classes, files, clock, people, find }),
    studentsOf: (found) => people.studentsOf(found),
    teachersOf: (courseId) => people.teachersOf(courseId),
    find,

    async between(actor, from, to, group) {
      const found = (await classes.between(actor.courseId, from, to)).filter(await isVisible(actor));
      return group ? found.filter(({ groupId }) => groupId === '' || groupId === group) : found;
    },

    async upcoming(actor, limit) {
      // More are read than shown: some are of other groups.
      const found = await classes.upcoming(actor.courseId, deps.clock.now(), limit * 6);
      if (found.length === 0) return [];
      return found.filter(await isVisible(actor)).slice(0, limit);
    },
  };
}
