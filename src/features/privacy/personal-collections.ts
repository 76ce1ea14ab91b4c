import type { PersonalCollection } from '../../shared/personal-collections.js';

export const privacyCollections: readonly PersonalCollection[] = [
  {
    model: 'PersonDecision',
    holds: 'id of a person who is being erased or merged, and who decided it',
    exported: { not: 'ends with the erasure or merge' },
    erasure: 'deletes',
    merge: 'keeps',
    retention: 'until the erasure or merge is done',
  },
  {
    model: 'Retention',
    holds: 'the administrator who set how long records are kept',
    exported: { not: 'a setting of the centre' },
    erasure: 'expires',
    merge: 'keeps',
    retention: 'until it is set again',
  },
];
