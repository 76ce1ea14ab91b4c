import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Файл',
  mostFiles: 'Сколько файлов',
  add: 'Приложить файл',
  change: 'Изменить файлы',
} as const;

export const en: English<typeof ru> = {
  name: 'File',
  mostFiles: 'How many files',
  add: 'Attach a file',
  change: 'Change the files',
};
