import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Несколько ответов',
  partial: 'Верные варианты вместе дают полный балл, неверные вместе его отнимают. Меньше нуля не бывает.',
  several: 'Верных ответов может быть несколько. За неверно отмеченные варианты баллы снимаются.',
} as const;

export const en: English<typeof ru> = {
  name: 'Several answers',
  partial: 'Right choices together give full points, wrong ones together take them away. Never below zero.',
  several: 'More than one answer may be right. Points are taken off for wrong ones.',
};
