import type { English } from '../english.js';
import type { grades as ru } from '../ru/grades.js';

export const grades: English<typeof ru> = {
  title: 'Grades',
  person: 'Who',
  for: 'For',
  score: 'Points',
  state: 'In the gradebook',
  delivered: 'Delivered',
  pending: 'On its way',
  failed: 'Not accepted',
  again: 'Send again',
  againAll: 'Send all again',
  failedCount_one: 'The gradebook did not accept {{count}} grade.',
  failedCount_other: 'The gradebook did not accept {{count}} grades.',
  sent: 'Sent',
  held: 'In the gradebook now',
  heldNothing: 'nothing',
  look: 'Look into the gradebook',
  unread: 'The gradebook could not be read.',
  history: 'What happened',
  happening: {
    queued: 'queued',
    delivered: 'delivered',
    conflict: 'the gradebook has a later entry, to be tried again',
    retry: 'did not work, to be tried again',
    refused: 'not accepted',
    'gave-up': 'has not worked for three days, not tried any more',
    again: 'sent again',
  },
  problem: {
    'no-scope':
      'The platform has not granted the right to write grades. An administrator of the LMS turns it on in the settings of the tool; then open the activity once more.',
    'no-result-scope':
      'The platform has not granted the right to read grades. An administrator of the LMS turns it on in the settings of the tool.',
    token: 'The platform gave no token for grades.',
    unreachable: 'The platform did not answer.',
    'bad-address': 'The address of the gradebook cannot be used.',
    disabled: 'The platform is disabled here.',
  },
  emptyCourse: 'No grades yet. They will appear here and in the course gradebook as students hand in tests.',
  emptyOwn: 'No grades yet. Take a test, and the grade will appear here and in the course gradebook.',
  done: { again: 'Sending again' },
};
