import { describeType } from './cases.js';

const PAIRS = { prompt: ['Россия', 'Франция', 'Италия', ''], answer: ['Москва', 'Париж', 'Рим', 'Осло'] };

describeType('matching', {
  form: PAIRS,
  marked: [
    [PAIRS, ['0', '1', '2'], 1],
    [PAIRS, ['0', '2', '3'], 1 / 3],
    [PAIRS, ['0', '', ''], 1 / 3],
    [PAIRS, ['', '', ''], 0],
  ],
  refusedForms: [
    [{ prompt: ['a'], answer: ['b'] }, 'prompt'],
    [{ prompt: ['a', 'b'], answer: ['b', ''] }, 'answer'],
  ],
  refusedAnswers: [[PAIRS, ['9']]],
});
