import { describeType } from './cases.js';

describeType('essay', {
  form: { leastWords: '5', notes: 'образец' },
  marked: [
    [{}, ['Текст'], null],
    [{}, [' '], 0],
  ],
  refusedForms: [[{ leastWords: '10', mostWords: '5' }, 'mostWords']],
  refusedAnswers: [[{}, ['x'.repeat(30_001)]]],
  secret: [[{ notes: 'образец' }, /образец/]],
});
