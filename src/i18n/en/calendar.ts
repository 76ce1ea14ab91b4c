import type { English } from '../english.js';
import type { calendar as ru } from '../ru/calendar.js';

export const calendar: English<typeof ru> = {
  title: 'Calendar',
  views: 'View of the calendar',
  view: { month: 'Month', week: 'Week', day: 'Day', list: 'List' },
  previous: 'Back',
  next: 'Forward',
  today: 'Today',
  jump: 'To a date',
  show: 'Go',
  empty: 'Nothing in these days.',
  freeTimes_one: 'free: {{count}}',
  freeTimes_other: 'free: {{count}}',
  zones: 'Times are yours. Now:',
  cancelled: 'cancelled',
  file: '.ics file',
  toConsultations: 'Consultations',
  feed: {
    name: 'Consultations',
    title: 'Calendar subscription',
    text: 'A secret address at which the calendar of your phone or mail shows your consultations and keeps them up to date.',
    make: 'Create an address',
    renew: 'Create a new address',
    revoke: 'Turn off',
    made: 'Add this address to your calendar as a subscription:',
    once: 'The address is shown once. Anyone who knows it sees your consultations; if it has reached others, create a new one.',
    since: 'The subscription is on since:',
  },
  done: { revoked: 'The subscription is off' },
};
