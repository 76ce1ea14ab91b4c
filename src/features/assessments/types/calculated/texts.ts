import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Вычисление',
  hint: 'Числа в вопросе записываются в фигурных скобках: {a}. У каждой попытки они свои.',
  variables: 'Числа',
  variablesHint: 'По одному в строке: a = 1 … 10; после точки с запятой число знаков: b = 0,5 … 2; 1',
  formula: 'Формула ответа',
  formulaHint: 'Например: (a + b) / 2. Есть sqrt, sin, log, PI, степень ^.',
} as const;

export const en: English<typeof ru> = {
  name: 'Calculation',
  hint: 'Numbers in the question are written in braces: {a}. Each attempt has its own.',
  variables: 'Numbers',
  variablesHint: 'One to a line: a = 1 … 10; after a semicolon the number of decimals: b = 0.5 … 2; 1',
  formula: 'Formula of the answer',
  formulaHint: 'For example: (a + b) / 2. There are sqrt, sin, log, PI, powers by ^.',
};
