import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Слово или фраза',
  accepted: 'Верные ответы',
  acceptedHint: 'По одному в строке. * заменяет любые символы. Пробелы, заглавные буквы и ё не важны.',
  caseMatters: 'Различать заглавные и строчные буквы',
  patterns: 'Ответы записаны регулярными выражениями',
} as const;

export const en: English<typeof ru> = {
  name: 'Word or phrase',
  accepted: 'Right answers',
  acceptedHint: 'One to a line. * stands for any characters. Spaces, capitals and ё do not matter.',
  caseMatters: 'Tell capital letters from small ones',
  patterns: 'The answers are regular expressions',
};
