import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Один ответ',
} as const;

export const en: English<typeof ru> = {
  name: 'One answer',
};
