import type { English } from '../english.js';
import type { people as ru } from '../ru/admin-people.js';

export const people: English<typeof ru> = {
  title: 'People',
  search: 'Beginning of a surname or first name',
  find: 'Find',
  total_one: '{{count}} person',
  total_other: '{{count}} people',
  nobody: 'No one has signed in yet.',
  nobodyFound: 'No one with this name.',
  untitled: 'Course without a title',
  platform: 'Platform',
  email: 'E-mail',
  export: 'Download all data',
  merge: 'Merge with another',
  erase: 'Erase the data',
  eraseText:
    'Name, e-mail, attempts at tests, grades in the queue and the card in the directory will be deleted; seats at upcoming consultations become available. Past consultations stay without the name and without questions. If the person opens Nastavnik again, or the LMS lists them as a participant, a new record appears. Grades already in the LMS’s gradebook stay there.',
  eraseSure: 'I understand that the data of “{{name}}” will be erased for good.',
  eraseHeld: 'Not possible now: first end or hand over what is listed below.',
  mergeText:
    'Bookings, attempts and grades of “{{name}}” will become those of another person of the same platform. Find that person.',
  goes: 'Merged away',
  stays: 'Kept',
  mergeSure:
    'I understand: everything of “{{from}}” moves to “{{to}}”, grades are sent again under the new name, and the merge cannot be undone.',
  mergeHeld: 'They cannot be merged: something would be lost.',
  blocker: {
    role: 'different roles in one course',
    time: 'consultations at the same time',
    test: 'both have attempts at one test',
    grade: 'both have grades in one column',
    card: 'both have a card in the directory',
    teaches: 'holds upcoming consultations',
  },
};
