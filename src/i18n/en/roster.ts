import type { English } from '../english.js';
import type { roster as ru } from '../ru/roster.js';

export const roster: English<typeof ru> = {
  title: 'People',
  none: 'The LMS gives no list of its people: here are those who have come in.',
  never: 'No list from the LMS yet.',
  asOf: 'The LMS listed them on',
  waiting: 'Being refreshed.',
  refresh: 'Refresh',
  failed: 'The LMS gave no list. What it answered:',
  name: 'Who',
  role: 'Role',
  empty: 'Nobody yet.',
  count_one: '{{count}} person',
  count_other: '{{count}} people',
  state: 'State',
  left: 'not listed since',
  notYet: 'has not come in yet',
  group: {
    one: 'Group',
    many: 'Groups',
    all: 'All groups',
    nameless: 'Group {{id}}',
    empty: 'Nobody is in this group yet.',
    failed: 'The LMS gave no groups. What it answered:',
  },
  done: { refresh: 'The list is being refreshed' },
};
