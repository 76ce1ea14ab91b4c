import { choiceFilter, defineList, type SortValue, type Wanted } from '../../../infra/lists/index.js';
import { orderBy } from '../../../infra/lists/index.js';
import type { Admin } from './admins.store.js';

const SORT_VALUES = {
  createdAt: ({ createdAt }: Admin): SortValue => createdAt,
  login: ({ login }: Admin): SortValue => login,
  lastLoginAt: ({ lastLoginAt }: Admin): SortValue => lastLoginAt,
};

/** Accounts of administrators. */
export const staffList = defineList({
  filters: {
    state: choiceFilter({
      label: 'admin.staff.state',
      choices: ['enabled', 'disabled'],
      text: (state) => `admin.staff.states.${state}`,
    }),
  },
  sorts: {
    createdAt: { heading: 'admin.staff.made' },
    login: { heading: 'admin.staff.login' },
    lastLoginAt: { heading: 'admin.staff.seen', descendingFirst: true },
  },
  order: 'createdAt',
});

type WantedStaff = Wanted<typeof staffList.spec.filters, keyof typeof SORT_VALUES, never>;

export const chosenAdmins = (admins: readonly Admin[], { filters, sort }: WantedStaff): Admin[] =>
  orderBy(
    admins.filter(
      ({ disabled }) => filters.state === undefined || disabled === (filters.state === 'disabled'),
    ),
    SORT_VALUES[sort.key],
    sort.descending,
  );
