import { fullName } from '../../shared/names.js';
import type { CoursePeople } from './roster.service.js';

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
