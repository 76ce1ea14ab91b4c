import type { PersonalData } from '../../shared/personal-data.js';
import type { Files } from './files.js';

/**
 * What is known of a person as an uploader. The files themselves belong to records of features, which delete them
 * with those.
 */
export const filesPersonalData = (files: Pick<Files, 'listUploadedBy' | 'changeUploader'>): PersonalData => ({
  dataOf: async ({ personId }) => ({ uploadedFiles: await files.listUploadedBy(personId) }),
  holds: () => Promise.resolve([]),
  erase: ({ personId }) => files.changeUploader(personId, ''),
  clashes: () => Promise.resolve([]),
  move: (from, to) => files.changeUploader(from.personId, to.personId),
});
