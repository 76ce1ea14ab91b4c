import { describeType } from './cases.js';

const REMARKS = {
  accepted: '*петербург',
  remarks: '* # нет\n*петербург # верно\nленинград # так он назывался',
};

describeType('short', {
  form: { accepted: 'a\n50 % b', caseMatters: 'on', remarks: 'a # так\nв # это # другое' },
  marked: [
    [{ accepted: 'Пётр Первый\n50 % Пётр' }, ['петр'], 0.5],
    [{ accepted: 'Пётр Первый\n50 % Пётр' }, ['Пётр I'], 0],
    [{ accepted: 'слово' }, ['сло\u200bво'], 1],
    [{ accepted: '25' }, ['2⁵'], 0],
    [{ accepted: '(рас|об)сказ(ы)?', patterns: 'on' }, ['рассказы'], 1],
    [{ accepted: '(рас|об)сказ(ы)?', patterns: 'on' }, ['сказ'], 0],
    [{ accepted: '^(a+)+$', patterns: 'on' }, [`${'a'.repeat(60)}!`], 0],
  ],
  refusedForms: [
    [{ accepted: '50 % половина' }, 'accepted'],
    [{ accepted: '(', patterns: 'on' }, 'accepted'],
    [{ accepted: 'a', remarks: 'без знака' }, 'remarks'],
  ],
  remarked: [
    [REMARKS, ['Петербург'], ['верно']],
    [REMARKS, ['Ленинград'], ['так он назывался']],
    [REMARKS, ['Казань'], ['нет']],
    [REMARKS, [], []],
    [{ accepted: 'a' }, ['a'], []],
  ],
  secret: [[REMARKS, /назывался/]],
});
