import type { English } from '../english.js';
import type { grades as ru } from '../ru/grades.js';

export const grades: English<typeof ru> = {
  title: 'Grades',
  person: 'Student',
  for: 'For',
  score: 'Points',
  state: 'In the gradebook',
  delivered: 'Delivered',
  pending: 'On its way',
  failed: 'Not accepted',
  again: 'Send again',
  againAll: 'Send all again',
  failedCount_one: 'The LMS did not accept {{count}} grade.',
  failedCount_other: 'The LMS did not accept {{count}} grades.',
  sent: 'Sent',
  held: 'In the gradebook now',
  heldEmpty:
    'The LMS took the grade, and the gradebook shows none: grading may be off there for this activity.',
  heldOther: 'In the gradebook now:',
  place: 'Activity “{{title}}”',
  heldNothing: 'nothing',
  look: 'Check the gradebook',
  unread: 'The gradebook could not be read.',
  history: 'History',
  happening: {
    queued: 'queued',
    delivered: 'delivered',
    conflict: 'the gradebook has a later entry; will be tried again',
    retry: 'failed; will be tried again',
    refused: 'not accepted',
    'gave-up': 'failed for three days; no more tries',
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
    'not-member':
      'The student is not among the course’s participants in the LMS. The grade goes again when they open the course.',
    'no-line-item': 'The LMS answered that there is no column for this grade.',
    disabled: 'The platform is disabled here.',
    'column-no-scope':
      'The platform has not granted the right to find and create columns. An administrator of the LMS turns it on in the settings of the tool; then open the activity once more. Or turn grading on in the settings of the activity itself.',
    'column-look-only':
      'The platform only lets us look at columns, and none fits. Turn grading on in the settings of the activity in the LMS, and open it once more.',
    'column-no-scores':
      'The platform has not granted the right to write grades. An administrator of the LMS turns it on in the settings of the tool; then open the activity once more.',
    'column-gone': 'The column was removed from the gradebook. “Try again” creates a new one.',
    'column-withdrawn': 'The LMS takes no grades for this activity any more.',
    'column-link-gone': 'The activity was removed from the course in the LMS.',
    'column-token': 'The platform gave no token.',
    'column-unreachable': 'The platform did not answer.',
    'column-bad-address': 'The address of the gradebook cannot be used.',
    'column-disabled': 'The platform is disabled here.',
  },
  column: {
    missing: 'Grades for “{{title}}” do not reach the gradebook yet: it has no column for them.',
    stale:
      'The gradebook column for “{{title}}” could not be changed along with the test. Grades do arrive in it.',
    replaced:
      'The gradebook column for “{{title}}” was removed. Grades reach the gradebook again, in another column. If this activity is not to be graded, turn grading off in its settings in the LMS.',
    retried: 'We keep trying; there is nothing to do.',
    again: 'Try again',
  },
  emptyCourse:
    'Nothing is in the gradebook yet. Grades of tests that were added to the course come here; other results are on the page of the test.',
  emptyOwn:
    'Nothing is in the gradebook yet. Grades of tests that were added to the course come here; other results are under “Tests”.',
  done: { again: 'Sending again', seeking: 'Trying again' },
};
