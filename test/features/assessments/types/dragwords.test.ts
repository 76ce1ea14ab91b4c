import { describeType } from './cases.js';

const WORDS = { body: '[[Волга]] впадает в [[Каспийское]] море', distractors: 'Обь\nЧёрное' };

describeType('dragwords', {
  form: WORDS,
  marked: [
    [WORDS, ['0', '1'], 1],
    [WORDS, ['2', '1'], 0.5],
    [WORDS, ['', ''], 0],
  ],
  refusedForms: [[{ body: 'без пропусков' }, 'body']],
  refusedAnswers: [[WORDS, ['', '', '']]],
});
