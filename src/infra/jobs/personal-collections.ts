import type { PersonalCollection } from '../../shared/personal-collections.js';

export const jobCollections: readonly PersonalCollection[] = [
  {
    model: 'Job',
    holds: 'ids of persons in the payload; in a failed job the words of the LMS or the mail server',
    exported: { not: 'ids only; what a job works on is exported where it is stored' },
    erasure: 'expires',
    merge: 'keeps',
    retention: '30 days after the job is done; a failed job stays until it is retried',
  },
];
