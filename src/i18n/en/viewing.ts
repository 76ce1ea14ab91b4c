import type { English } from '../english.js';
import type { viewing as ru } from '../ru/viewing.js';

export const viewing: English<typeof ru> = {
  title: 'View as a student',
  text: 'The course will be shown as a student sees it. Nothing can be changed meanwhile. The audit log records who viewed the course, and as whom.',
  who: 'View as',
  nobody: 'Any student',
  hint: 'The pages of the chosen person, with their bookings and work',
  begin: 'View',
  asStudent: 'You are viewing as a student.',
  as: 'You are viewing as: {{name}}',
  readOnly: 'Nothing can be changed.',
  leave: 'Exit student view',
  done: { left: 'You have left the student view' },
};
