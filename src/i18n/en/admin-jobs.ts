import type { English } from '../english.js';
import type { jobs as russian } from '../ru/admin-jobs.js';

export const jobs: English<typeof russian> = {
  title: 'Background jobs',
  text: 'Work that goes on by itself: scores, lists of participants, mail. Names of people are hidden here.',
  running: 'running: {{count}}',
  laneDown: 'Jobs “{{lane}}” are paused: the other side does not answer. Next attempt',
  backlog: 'Not in the queue yet ({{name}}): {{count}}, since',
  failed: 'Failed',
  noneFailed: 'There are none.',
  retry: 'Retry',
  retryAll: 'Retry all',
  of: {
    'send-score': 'Sending scores',
    'seek-line-item': 'Gradebook columns',
    'read-roster': 'Lists of participants',
    'note-context-copy': 'Notices of course copies',
    'close-attempt': 'Attempts out of time',
    'publish-score': 'Scores of tests',
    'publish-test-scores': 'Scores of a test, once more',
    'tell-column-changed': 'Changes of gradebook columns',
    'mail-booking-cancelled': 'Mail about cancelled consultations',
    'note-booking-cancelled': 'Notifications of cancelled consultations',
    'settle-series': 'Changes of consultation series',
    'carry-out-decision': 'Erasing and merging people',
    'publish-scores-of-link': 'Scores of a test whose link changed',
    'want-line-item': 'Line item of a changed link',
    'settle-slot': 'Changes of consultation times',
    'send-mail': 'Mail',
    'import-people': 'Import of teachers',
    'sweep-files': 'Removing files without an owner',
  },
};
