import type { Actor } from '../../shared/actor.js';
import { atLeast } from '../../shared/roles.js';
import type { TimetableClass } from './timetable-class.js';

/* Everything here is of the actor's own course: the store finds nothing else. */

/** Adds classes and imports timetables. */
export const mayPlan = (actor: Actor): boolean => atLeast(actor.role, 'teacher');

/** Cancels a class, sets a substitute. */
export const mayChange = (actor: Actor, { teacher }: Pick<TimetableClass, 'teacher'>): boolean =>
  atLeast(actor.role, 'methodist') ||
  (mayPlan(actor) && (teacher.id === actor.personId || teacher.id === ''));

/** Writes homework and marks attendance: those who give the class, the substitute too. */
export const mayTeach = (actor: Actor, found: Pick<TimetableClass, 'teacher' | 'substitution'>): boolean =>
  mayChange(actor, found) || (mayPlan(actor) && found.substitution?.id === actor.personId);

/** Sees the classes of all groups. */
export const seesAllGroups = (actor: Actor): boolean => atLeast(actor.role, 'assistant');

export const isFor = (
  actor: Actor,
  groups: readonly string[],
  { groupId }: Pick<TimetableClass, 'groupId'>,
): boolean => groupId === '' || seesAllGroups(actor) || groups.includes(groupId);
