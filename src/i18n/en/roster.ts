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
  assistants: {
    question: 'Is someone on the list an assistant, not a student?',
    hint: 'Moodle lists a non-editing teacher as a student until they come here themselves. Mark them: they will not be in lists of students and in reports. After their first visit the role comes from the LMS.',
    mark: 'Not a student',
    back: 'A student again',
  },
  done: {
    refresh: 'The list is being refreshed',
    assists: 'Marked: not a student',
    studies: 'Among the students again',
  },
};
