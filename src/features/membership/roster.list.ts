import { z } from 'zod';
import type { Column } from '../../infra/export/index.js';
import {
  choiceFilter,
  defineList,
  orderBy,
  recordFilter,
  textFilter,
  type SortValue,
  type Wanted,
} from '../../infra/lists/index.js';
import { fullName, isFoundBy, nameWords } from '../../shared/names.js';
import { ROLES } from '../../shared/roles.js';
import { formatDate } from '../../web/format.js';
import { groupLabel, type CourseGroup } from './groups.js';
import type { Participant } from './roster.service.js';

/** A course's people. */
export const rosterList = defineList({
  filters: {
    q: textFilter({ label: 'roster.name' }),
    role: choiceFilter({ label: 'roster.role', choices: ROLES, text: (role) => `common.role.${role}` }),
    // A group that is gone filters nothing: links to it may be older than the roster.
    group: recordFilter({
      label: 'roster.group.heading',
      any: 'roster.group.all',
      schema: z.string().max(255).catch(''),
    }),
  },
  sorts: { name: { heading: 'roster.name' }, role: { heading: 'roster.role' } },
  order: 'role',
  size: 50,
});

type WantedRoster = Wanted<typeof rosterList.spec.filters, 'name' | 'role', never>;

const SORT_VALUES: Record<WantedRoster['sort']['key'], (participant: Participant) => SortValue> = {
  name: ({ name }) => fullName(name),
  role: ({ role }) => ROLES.indexOf(role),
};

/** Chooses and orders participants of a group, or of the whole course. Those who left come last. */
export function chosenParticipants(
  participants: readonly Participant[],
  { filters, sort }: WantedRoster,
): Participant[] {
  const words = nameWords(filters.q ?? '');
  const chosen = participants.filter(
    ({ name, role }) => role === (filters.role ?? role) && isFoundBy(fullName(name), words),
  );
  const ordered = orderBy(chosen, SORT_VALUES[sort.key], sort.descending);
  return orderBy(ordered, ({ leftAt }) => Number(leftAt !== null), false);
}

/** @param groups all groups of the course */
export const rosterColumns = (groups: readonly CourseGroup[]): readonly Column<Participant>[] => [
  {
    key: 'name',
    heading: 'roster.name',
    kind: 'text',
    value: ({ name }, { t }) => fullName(name) || t('common.nameless'),
  },
  { key: 'role', heading: 'roster.role', kind: 'text', value: ({ role }, { t }) => t(`common.role.${role}`) },
  {
    key: 'groups',
    heading: 'roster.group.many',
    kind: 'text',
    value: ({ groups: own }, { t }) =>
      groups
        .filter(({ id }) => own.includes(id))
        .map((group) => groupLabel(group, t))
        .join(', '),
  },
  {
    key: 'state',
    heading: 'roster.state',
    kind: 'text',
    value: ({ leftAt, launched }, { t, locale, zone }) => {
      if (leftAt !== null) return `${t('roster.left')} ${formatDate(leftAt, locale, zone, 'date')}`;
      return launched ? null : t('roster.notYet');
    },
  },
];
