import type { English } from '../english.js';
import type { launch as ru } from '../ru/launch.js';

export const launch: English<typeof ru> = {
  picker: {
    title: 'What to add to the course',
    lead: 'Tick what should appear in the course. Grades of tests reach the gradebook by themselves.',
    leadOne: 'Choose what should appear in the course. Grades of tests reach the gradebook by themselves.',
    draft: 'draft',
    empty: 'Nothing here yet.',
    create: 'Create',
    place: 'Add to the course',
    points_one: '{{count}} point',
    points_other: '{{count}} points',
    placed_one: 'Added: {{count}}',
    placed_other: 'Added: {{count}}',
    leadAddresses: 'This learning system takes only addresses of open pages from here.',
    naming: 'What to call it in the course',
    namingOne: 'When several are ticked, each keeps its own name.',
    name: 'Name',
    text: 'Description',
    review: 'See the work',
    impossible: 'This learning system does not take links to activities from here.',
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
        'This link leads to the course “{{course}}”, where you teach. A copy can be made here: the settings come along; what students did, their grades and their bookings stay there.',
      others:
        'This link leads to another course, and the learning system has not confirmed that this course was copied from it. Somebody who teaches in both can make a copy: let them open this link.',
    },
    gone: {
      title: 'This link leads nowhere',
      text: 'What it opened has been removed. Choose what to open from now on.',
    },
    open: 'Go there',
    copy: 'Copy it here',
    other: 'Something else of this course',
    choose: 'Open what is chosen',
  },
  done: {
    copied: 'The copy is ready',
    chosen: 'The link now opens what you chose',
  },
  window: {
    title: 'Open in a new window',
    text: 'The browser keeps no cookies inside the course, and without them Nastavnik cannot know you. In a window of its own everything works.',
    button: 'Open in a new window',
    blocked:
      'The browser keeps no cookies of this site in a window of its own either. Allow them for {{host}} in its settings and try again.',
    again: 'Try again',
  },
  kept: { asking: 'Checking the login…' },
  return: {
    title: 'Going back to the course',
    text: 'If the page does not change by itself, press the button.',
    button: 'Back to the course',
  },
};
