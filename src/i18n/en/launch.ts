import type { English } from '../english.js';
import type { launch as ru } from '../ru/launch.js';

export const launch: English<typeof ru> = {
  picker: {
    title: 'What to add to the course',
    lead: 'Tick what should appear in the course. Grades of tests reach the gradebook by themselves.',
    leadOne: 'Choose what should appear in the course. Grades of tests reach the gradebook by themselves.',
    draft: 'draft',
    draftHint: 'Students see a draft once it is published',
    empty: 'Nothing here yet.',
    create: 'Create',
    place: 'Add to the course',
    points_one: '{{count}} point',
    points_other: '{{count}} points',
    placed_one: 'Added: {{count}}',
    placed_other: 'Added: {{count}}',
    leadAddresses: 'This LMS takes only addresses of open pages from here.',
    naming: 'What to call it in the course',
    namingOne: 'When several are ticked, each keeps its own name.',
    name: 'Name',
    text: 'Description',
    review: 'View submission',
    impossible: 'This LMS does not accept links to activities from here.',
    impossibleWhy:
      'Here it expects content of another kind, such as a file. Go back to the course and add Nastavnik as an activity.',
    shared: 'The same test in two places is one test: attempts are shared, and the grade goes to each place.',
  },
  link: {
    opens: {
      title: 'What this link opens',
      text: 'What is marked below. You may choose something else: the link in the course stays the same.',
    },
    waits: {
      title: 'A link from another course',
      yours:
        'This link leads to the course “{{course}}”. If this course was copied from it, confirm that once for the whole course: tests and consultations of its links are copied; students’ work, grades and bookings stay in that course.',
      others:
        'This link leads to another course, and the LMS has not confirmed that this course was copied from it. A teacher of both courses or an administrator can confirm the copy by opening this link.',
    },
    gone: {
      title: 'This link leads nowhere',
      text: 'What it opened has been removed. Choose what to open from now on.',
    },
    open: 'Open',
    copy: 'Confirm the course copy',
    other: 'Choose something else from this course',
    choose: 'Open what is chosen',
  },
  done: {
    copied: 'The copy is ready',
    chosen: 'The link now opens what you chose',
  },
  again: { title: 'Signing in to Nastavnik' },
  window: {
    title: 'Open in a new window',
    text: 'The browser keeps no cookies inside the course, and without them you cannot sign in to Nastavnik. In a separate window everything works.',
    button: 'Open in a new window',
    blocked:
      'The browser keeps no cookies of this site in a separate window either. Allow them for {{host}} in its settings and try again.',
    again: 'Try again',
  },
  signedOut: {
    title: 'You have signed out',
    text: 'Your sessions in this browser have ended. To come back, open the course in the LMS and the activity in it. On a shared computer sign out of the LMS too: otherwise the next person comes in under your name.',
  },
  kept: { asking: 'Checking the login…' },
  return: {
    title: 'Returning to the course',
    text: 'If the page does not change by itself, press the button.',
    carried: 'Your choice is in the course. You can close this window.',
    button: 'Back to the course',
  },
};
