import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Соответствие',
  pairs: 'Пары',
  pairsHint:
    'Слева то, чему подбирают пару, справа верный ответ. Строка без левой части добавляет лишний ответ.',
  promptNumber: 'Пара {{number}}: слева',
  pairNumber: 'Пара {{number}}: ответ',
  choose: 'Выберите',
} as const;

export const en: English<typeof ru> = {
  name: 'Matching',
  pairs: 'Pairs',
  pairsHint:
    'On the left what is to be matched, on the right its answer. A row without a left part adds an answer that fits nothing.',
  promptNumber: 'Pair {{number}}: left',
  pairNumber: 'Pair {{number}}: answer',
  choose: 'Choose',
};
