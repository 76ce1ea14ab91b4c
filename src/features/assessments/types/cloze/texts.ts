import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Пропуски в тексте',
  hint: 'Пропуск в двойных квадратных скобках: [[Москва | 50 % Питер]] вписать, [[# 3,14 ± 0,01]] число, [[+да / нет]] выбрать, верный с плюсом.',
  unknownGap: 'Пропуск вида {{what}} оставлен текстом',
  weights: 'Пропуски были разного веса, теперь равны',
  gapCase: 'Регистр букв в пропусках больше не различается',
  otherNumbers: 'В пропуске взято одно верное число из нескольких',
} as const;

export const en: English<typeof ru> = {
  name: 'Gaps in a text',
  hint: 'A gap stands in double square brackets: [[Moscow | 50 % Moskva]] is typed, [[# 3.14 ± 0.01]] is a number, [[+yes / no]] is chosen, the right one with a plus.',
  unknownGap: 'A gap of type {{what}} stays as text',
  weights: 'The gaps had different weights, now they are equal',
  gapCase: 'Letter case in gaps makes no difference any more',
  otherNumbers: 'In a gap one of several right numbers was taken',
};
