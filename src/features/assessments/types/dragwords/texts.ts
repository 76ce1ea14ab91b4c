import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Слова в пропуски',
  hint: 'Слово, которое нужно вставить, в двойных квадратных скобках: Волга впадает в [[Каспийское]] море.',
  distractors: 'Лишние слова',
  wordGroups: 'Слова были разделены на группы, теперь они общие для всех пропусков',
} as const;

export const en: English<typeof ru> = {
  name: 'Words into gaps',
  hint: 'The word to be put in stands in double square brackets: The Volga flows into the [[Caspian]] Sea.',
  distractors: 'Words that fit nowhere',
  wordGroups: 'The words were in groups; here every gap offers all of them',
};
