import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Files } from './files.js';

const fileCollections: readonly PersonalCollection[] = [
  {
    model: 'File',
    holds: 'who uploaded a file, its name and size; the bytes are beside the database or in a bucket',
    exported: { as: 'uploadedFiles' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until the record that owns the file is removed; an erasure removes the uploader',
  },
];

/**
 * What is known of a person as an uploader. The files themselves belong to records of features, which delete them
 * with those.
 */
export const filesPersonalData = (files: Pick<Files, 'listUploadedBy' | 'changeUploader'>): PersonalData => ({
  collections: fileCollections,
  dataOf: async ({ personId }) => ({ uploadedFiles: await files.listUploadedBy(personId) }),
  holds: () => Promise.resolve([]),
  erase: ({ personId }) => files.changeUploader(personId, ''),
  clashes: () => Promise.resolve([]),
  move: (from, to) => files.changeUploader(from.personId, to.personId),
});
