import type { English } from '../english.js';
import type { viewing as ru } from '../ru/viewing.js';

export const viewing: English<typeof ru> = {
  title: 'View as a student',
  text: 'The course will be shown as a student sees it. Nothing can be changed meanwhile. The administrator’s log keeps who looked, and as whom.',
  who: 'As whom',
  nobody: 'a student in general',
  hint: 'The pages of the chosen person, with their bookings and work',
  begin: 'View',
  asStudent: 'You are viewing as a student.',
  as: 'You are viewing as {{name}}.',
  readOnly: 'Nothing can be changed.',
  leave: 'Be yourself again',
  done: { left: 'You are yourself again' },
};
