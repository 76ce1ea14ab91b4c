import type { PersonalCollection } from '../../shared/personal-collections.js';

export const accessCollections: readonly PersonalCollection[] = [
  {
    model: 'SignInLink',
    holds: 'digest of a one-time sign-in link, id of the person or card that it is for',
    exported: { not: 'ends within minutes' },
    erasure: 'expires',
    merge: 'keeps',
    retention: '15 minutes, and an hour more before it is removed',
  },
];
