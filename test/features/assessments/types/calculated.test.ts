import { describeType } from './cases.js';

describeType('calculated', {
  form: { formula: 'a*2', variables: 'a = 1 … 3; 2' },
  marked: [
    // The greatest numbers are assigned: 10 and 2.
    [{ formula: 'a / b', variables: 'a = 1 … 10\nb = 0,5 … 2; 1', tolerance: '0,01' }, ['5'], 1],
    [{ formula: 'a / b', variables: 'a = 1 … 10\nb = 0,5 … 2; 1', tolerance: '0,01' }, ['5,1'], 0],
  ],
  refusedForms: [
    [{ formula: 'a +', variables: 'a = 1 … 2' }, 'formula'],
    [{ formula: 'a', variables: 'a = 2 … 1' }, 'variables'],
    [{ formula: 'constructor.constructor("x")', variables: 'a = 1 … 2' }, 'formula'],
  ],
  secret: [[{ formula: 'a*3', variables: 'a = 1 … 2' }, /a\*3/]],
});
