import { describeType } from './cases.js';

describeType('file', {
  form: { mostFiles: '2' },
  marked: [
    [{}, [], 0],
    [{}, ['abcdefghjkabcdefghjk'], null],
  ],
  refusedAnswers: [[{}, ['../etc/passwd']]],
});
