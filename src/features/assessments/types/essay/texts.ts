import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Развёрнутый ответ',
  lines: 'Строк в поле',
  leastWords: 'Не меньше слов',
  mostWords: 'Не больше слов',
  least_one: 'Не меньше {{count}} слова.',
  least_few: 'Не меньше {{count}} слов.',
  least_many: 'Не меньше {{count}} слов.',
  least_other: 'Не меньше {{count}} слова.',
  most_one: 'Не больше {{count}} слова.',
  most_few: 'Не больше {{count}} слов.',
  most_many: 'Не больше {{count}} слов.',
  most_other: 'Не больше {{count}} слова.',
  template: 'Заготовка ответа не перенесена',
  attachments: 'К развёрнутому ответу нельзя приложить файл: для этого есть вопрос «Файл»',
  words_one: '{{count}} слово',
  words_few: '{{count}} слова',
  words_many: '{{count}} слов',
  words_other: '{{count}} слова',
} as const;

export const en: English<typeof ru> = {
  name: 'Essay',
  lines: 'Lines of the field',
  leastWords: 'At least words',
  mostWords: 'At most words',
  least_one: 'At least {{count}} word.',
  least_other: 'At least {{count}} words.',
  most_one: 'At most {{count}} word.',
  most_other: 'At most {{count}} words.',
  template: 'The template of the answer was not carried over',
  attachments: 'No file can be attached to an essay: there is a question of the type File',
  words_one: '{{count}} word',
  words_other: '{{count}} words',
};
