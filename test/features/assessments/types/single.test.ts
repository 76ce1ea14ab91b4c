import { describeType } from './cases.js';

describeType('single', {
  form: { option: ['a', 'b'], right: '1', worth: ['25', ''], remark: ['почти', ''] },
  marked: [
    // Shares of single options: the second is worth half.
    [{ option: ['a', 'b', 'c'], right: '0', worth: ['', '50', ''] }, ['1'], 0.5],
    [{ option: ['a', 'b', 'c'], right: '0', worth: ['', '-50', ''] }, ['1'], 0],
    [{ option: ['a', 'b', 'c'], right: '0', worth: ['', '50', ''] }, ['0'], 1],
  ],
  refusedForms: [[{ option: ['a', 'b'], right: '0', worth: ['', '500'] }, 'worth']],
});
