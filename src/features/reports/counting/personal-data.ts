import type { PersonalCollection } from '../../../shared/personal-collections.js';
import type { PersonalData } from '../../../shared/personal-data.js';
import type { CountedStore } from './counted.store.js';

const collections: readonly PersonalCollection[] = [
  {
    model: 'CountedReport',
    holds: 'names of teachers with their figures, and of students without help, as a report showed them',
    exported: { not: 'counted from consultations and questions, which are exported' },
    erasure: 'deletes',
    merge: 'moves',
    retention: '1 day; an erasure or a merge ends all of them, and they are counted again',
  },
];

/** Reports are counted again from what is left. */
export const countedPersonalData = (store: Pick<CountedStore, 'removeAll'>): PersonalData => ({
  collections,
  dataOf: () => Promise.resolve({}),
  holds: () => Promise.resolve([]),
  erase: () => store.removeAll(),
  clashes: () => Promise.resolve([]),
  move: () => store.removeAll(),
});
