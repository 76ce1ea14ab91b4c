import type { PersonalCollection } from '../../shared/personal-collections.js';

export const privacyCollections: readonly PersonalCollection[] = [
  {
    model: 'PeopleWork',
    holds: 'id of a person who is being erased or merged, and who decided it',
    exported: { not: 'ends with the work' },
    erasure: 'deletes',
    merge: 'keeps',
    retention: 'until the erasure or merge is done',
  },
];
