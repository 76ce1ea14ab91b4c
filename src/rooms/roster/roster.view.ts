import { fullName } from '../../shared/names.js';
import type { Participant } from './roster.service.js';
import type { Roster } from './roster.store.js';

/** For those who teach: who belongs to the course, and how fresh the list is. */
export const rosterView = ({
  participants,
  roster,
}: {
  readonly participants: readonly Participant[];
  readonly roster: Roster | null;
}) => ({
  participants: participants.map(({ name, role, leftAt, launched }) => ({
    name: fullName(name),
    role,
    leftAt,
    launched,
  })),
  present: participants.filter(({ leftAt }) => leftAt === null).length,
  roster: roster && {
    doneAt: roster.doneAt,
    waiting: roster.dueAt !== null,
    reason: roster.reason,
  },
});
