import type { English } from '../english.js';
import type { roster as ru } from '../ru/roster.js';

export const roster: English<typeof ru> = {
  title: 'Participants',
  none: 'The LMS gives no list of participants: shown here are those who have opened the course.',
  never: 'No list from the LMS yet.',
  asOf: 'List from the LMS as of',
  waiting: 'Refreshing.',
  refresh: 'Refresh',
  failed: 'The LMS did not provide the list. Its answer:',
  name: 'Name',
  role: 'Role',
  empty: 'No participants yet.',
  count_one: '{{count}} participant',
  count_other: '{{count}} participants',
  state: 'State',
  left: 'not listed since',
  notYet: 'has not opened the course yet',
  group: {
    one: 'Group',
    many: 'Groups',
    all: 'All groups',
    nameless: 'Group {{id}}',
    empty: 'There is no one in this group yet.',
    failed: 'The LMS did not provide groups. Its answer:',
  },
  done: { refresh: 'The list is being refreshed' },
};
