import { fullName } from '../../shared/names.js';
import type { Role } from '../../shared/roles.js';
import type { CoursePeople } from './roster.service.js';

const unlaunchedOf = (participants: CoursePeople['participants'], wanted: Role) =>
  participants
    .filter(({ role, launched, leftAt }) => role === wanted && !launched && leftAt === null)
    .map(({ personId, name, rosterRole }) => ({ id: personId, name: fullName(name), listed: rosterRole }));

/** For those who teach: who belongs to the course, in which groups, and how fresh the list is. */
export function rosterView({ participants, roster, groups, group }: CoursePeople) {
  const known = new Set(groups.map(({ id }) => id));
  return {
    participants: participants.map(({ name, role, leftAt, launched, groups: own }) => ({
      name: fullName(name),
      role,
      leftAt,
      launched,
      groups: own.filter((id) => known.has(id)),
    })),
    unlaunched: unlaunchedOf(participants, 'student'),
    assisting: unlaunchedOf(participants, 'assistant').filter(({ listed }) => listed === 'student'),
    present: participants.filter(({ leftAt }) => leftAt === null).length,
    groups: groups.map(({ id, name, set, size }) => ({ id, name, set, size })),
    group: group?.id ?? null,
    roster: roster && {
      doneAt: roster.doneAt,
      waiting: roster.askedAt !== null,
      reason: roster.reason,
      groupsReason: roster.groupsReason,
    },
  };
}
