import type { English } from '../english.js';
import type { fileErrors as ruErrors, fileFields as ruFields } from '../ru/errors-files.js';

export const fileErrors: English<typeof ruErrors> = {
  'file-too-large': {
    title: 'The file is too large',
    text: 'A file may have at most {{megabytes}} MB. Nothing was saved.',
  },
  'too-many-files': {
    title: 'Too many files',
    text: 'There are more files than allowed. Nothing was saved.',
  },
  'bad-upload': {
    title: 'The file was not uploaded',
    text: 'The upload broke off, or there were more files than allowed. Please try again.',
  },
  'files-quota': {
    title: 'There is no more space for files',
    text: 'At most {{files}} files and {{megabytes}} MB are allowed here. Delete what is not needed and try again.',
  },
  'exports-waiting': {
    title: 'Too many files are being prepared',
    text: 'Files being prepared for you: {{count}}. Wait for them and try again.',
  },
  'file-unavailable': {
    title: 'The file is not available now',
    text: 'The storage of files does not respond. Please try again in half a minute.',
  },
};

export const fileFields: English<typeof ruFields> = {
  fileType: 'Files of this kind are not taken',
  filesFull: 'This card has no room for more files: remove materials that are not needed',
  tooManyFiles: 'More files than allowed',
  fileTooLarge: 'The file is too large',
  attachmentType: 'Files of this kind are not taken: send a picture, a document, a text or a recording',
  pictureType: 'A JPEG, PNG or WebP picture is needed',
  pictureLarge: 'The picture has more than 40 megapixels',
  pictureDamaged: 'The file is damaged: the picture cannot be read',
};
