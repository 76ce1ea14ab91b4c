import type { English } from '../english.js';
import type { notifications as ru } from '../ru/notifications.js';

export const notifications: English<typeof ru> = {
  cancelled: 'Consultation cancelled: {{title}}',
  cancelledBy: 'Teacher: {{name}}',
  reason: 'Reason: {{reason}}',
  read: 'Mark as read',
  mail: {
    subject: 'Consultation cancelled: {{title}}',
    what: 'The consultation “{{title}}” ({{when}}, {{zone}}) will not take place.',
    course: 'Course: {{course}}',
    teacher: 'Teacher: {{name}}',
    reason: 'Reason: {{reason}}',
    next: 'You can book another time in the course.',
  },
};
