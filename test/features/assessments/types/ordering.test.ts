import { describeType } from './cases.js';

const STEPS = { item: ['весна', 'лето', 'осень', 'зима'] };

describeType('ordering', {
  form: STEPS,
  marked: [
    [STEPS, ['1', '2', '3', '4'], 1],
    [STEPS, ['1', '2', '4', '3'], 0.5],
    [{ ...STEPS, credit: 'all' }, ['1', '2', '4', '3'], 0],
    [{ ...STEPS, credit: 'all' }, ['1', '2', '3', '4'], 1],
    [STEPS, ['', '', '', ''], 0],
  ],
  refusedForms: [[{ item: ['a', 'a'] }, 'item']],
  refusedAnswers: [[STEPS, ['5']]],
});
