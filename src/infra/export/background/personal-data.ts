import type { PersonalCollection } from '../../../shared/personal-collections.js';
import type { PersonalData } from '../../../shared/personal-data.js';
import type { ExportsStore } from './exports.store.js';

const collections: readonly PersonalCollection[] = [
  {
    model: 'Export',
    holds: 'who asked for a list, results or questions as a file; the file may name everyone of a course',
    exported: {
      not: 'the files hold the data of others; the own data are exported from where they are kept',
    },
    erasure: 'deletes',
    merge: 'moves',
    retention: '7 days, the file as well; an erasure ends all files that may name the person',
  },
];

export const exportsPersonalData = (
  store: Pick<ExportsStore, 'removeOfPerson' | 'changePerson'>,
): PersonalData => ({
  collections,
  dataOf: () => Promise.resolve({}),
  holds: () => Promise.resolve([]),
  // Without a document the sweep of files deletes the bytes.
  erase: ({ personId, courseIds }) => store.removeOfPerson(personId, courseIds),
  clashes: () => Promise.resolve([]),
  move: (from, to) => store.changePerson(from.personId, to.personId),
});
