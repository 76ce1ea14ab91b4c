import { expect } from 'chai';
import { saidWord, typeOf } from '../../../../src/features/assessments/types/index.js';
import { translator } from '../../../../src/i18n/index.js';
import { content, describeType } from './cases.js';

describeType('truefalse', {
  form: { right: 'false', ifTrue: 'нет' },
  marked: [
    [{ right: 'true' }, ['true'], 1],
    [{ right: 'true' }, ['false'], 0],
    [{ right: 'false' }, ['false'], 1],
    [{ right: 'false' }, [], 0],
  ],
  refusedForms: [[{}, 'right']],
  refusedAnswers: [[{ right: 'true' }, ['maybe']]],
  secret: [[{ right: 'true', ifTrue: 'угадали' }, /right|угадали/]],
});

describe('a response of truefalse', () => {
  it('says the words of a response in the language of the page', () => {
    const { definition } = content('truefalse', { right: 'true' });
    const [word = ''] = typeOf('truefalse').words(definition, false, []);
    expect([
      saidWord('truefalse', word, translator('ru')),
      saidWord('truefalse', word, translator('en')),
    ]).to.deep.equal(['Неверно', 'False']);
    expect(saidWord('short', 'true', translator('ru'))).to.equal('true');
  });
});
