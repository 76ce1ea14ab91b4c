import { describeType } from './cases.js';

describeType('multiple', {
  form: { option: ['a', 'b'], right: ['0', '1'] },
  marked: [
    // 60 + 40 − 30.
    [{ option: ['a', 'b', 'c'], right: ['0', '1'], worth: ['60', '40', '-30'] }, ['0', '1', '2'], 0.7],
    [{ option: ['a', 'b', 'c'], right: ['0', '1'], worth: ['60', '40', '-30'] }, ['2'], 0],
  ],
});
