import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Число',
  value: 'Верное число',
  units: 'Единицы измерения',
  unitsHint: 'По одной в строке: м = 1, км = 1000. Пусто: только число.',
  unitPenalty: 'Снять без единицы, %',
  unitPenaltyHint: '0: единицу можно не писать',
  unitsAre: 'Единицы: {{units}}',
  otherNumbers: 'Взято одно верное число из нескольких',
} as const;

export const en: English<typeof ru> = {
  name: 'Number',
  value: 'Right number',
  units: 'Units',
  unitsHint: 'One to a line: m = 1, km = 1000. Empty: a number alone.',
  unitPenalty: 'Taken off without a unit, %',
  unitPenaltyHint: '0: the unit may be left out',
  unitsAre: 'Units: {{units}}',
  otherNumbers: 'One of several right numbers was taken',
};
