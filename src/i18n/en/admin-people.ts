import type { English } from '../english.js';
import type { people as ru } from '../ru/admin-people.js';

export const people: English<typeof ru> = {
  title: 'People',
  search: 'Surname, name or how it begins',
  find: 'Find',
  total_one: '{{count}} person',
  total_other: '{{count}} people',
  nobody: 'Nobody has come in yet.',
  nobodyFound: 'There is nobody of this name.',
  untitled: 'Course without a title',
  platform: 'Platform',
  email: 'E-mail',
  export: 'Download all data',
  merge: 'Merge with another',
  erase: 'Erase the data',
  eraseText:
    'Name, e-mail, attempts at tests, grades in the queue and the card in the directory will be deleted; seats at consultations to come will be free. Past consultations stay without the name and without questions. Whoever opens Nastavnik again begins anew. Grades that are in the LMS’s gradebook already stay there.',
  eraseSure: 'I understand that the data of “{{name}}” will be erased for good.',
  eraseHeld: 'Not yet: first end or hand over what is still to come.',
  mergeText:
    'Bookings, attempts and grades of “{{name}}” will become those of another person of the same platform. Find whose.',
  goes: 'Who goes',
  stays: 'Who stays',
  mergeSure:
    'I understand: all that was of “{{from}}” goes to “{{to}}”, grades are sent once more in the new name, and nobody can part them again.',
  mergeHeld: 'They cannot be merged: something would be lost.',
  blocker: {
    role: 'other roles in one course',
    time: 'consultations at the same time',
    test: 'both have attempts at one test',
    grade: 'both have grades in one column',
    card: 'both have a card in the directory',
    teaches: 'holds consultations that are still to come',
  },
};
