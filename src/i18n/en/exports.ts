import type { English } from '../english.js';
import type { exports as exportsRu } from '../ru/exports.js';

export const exports: English<typeof exportsRu> = {
  title: 'Preparing a file',
  list: 'Your files',
  none: 'No files have been prepared for you.',
  back: 'Back',
  preparing: 'Preparing the file.',
  progress: 'Done: {{done}} of {{total}}',
  written: 'Done: {{done}}',
  ready: 'The file is ready. Records: {{count}}',
  save: 'Download',
  again: 'Try again',
  kept_one:
    'You may close this page: the file is kept for {{count}} day and then deleted. Only you can open it.',
  kept_other:
    'You may close this page: the file is kept for {{count}} days and then deleted. Only you can open it.',
  problem: {
    refused: 'The file was not prepared: the data are gone, or you may no longer see them.',
    tooLarge: 'The file is too large. Choose a shorter period or fewer columns.',
    broken: 'The file could not be prepared. Try again; if that does not help, tell an administrator.',
  },
  format: {
    xlsx: 'Excel',
    csv: 'CSV',
    json: 'JSON',
    gift: 'GIFT',
    'moodle-xml': 'Moodle XML',
    qti: 'QTI',
  },
};
