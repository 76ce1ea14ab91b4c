import type { PersonalCollection } from '../../shared/personal-collections.js';

export const auditCollections: readonly PersonalCollection[] = [
  {
    model: 'Audit',
    holds: 'id of the person who acted or was acted upon; logins of administrators',
    exported: { not: 'a record of what administrators did, without names of persons' },
    erasure: 'clears',
    merge: 'keeps',
    retention: 'without end, or as the administrator sets: from 1 to 10 years',
  },
];
