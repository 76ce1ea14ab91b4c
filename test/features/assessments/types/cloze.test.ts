import { describeType } from './cases.js';

const CLOZE = {
  body: 'Столица — [[Москва | 50 % Питер]], в ней [[# 13 ± 1]] млн, река [[+Москва / Нева / 20 % Ока]].',
};

describeType('cloze', {
  form: CLOZE,
  marked: [
    [CLOZE, ['москва', '12,5', '0'], 1],
    [CLOZE, ['Питер', '13', '1'], 0.5],
    [CLOZE, ['', '', '2'], 0.2 / 3],
  ],
  refusedForms: [
    [{ body: 'без пропусков' }, 'body'],
    [{ body: 'плохой [[# пять]]' }, 'body'],
  ],
  refusedAnswers: [[CLOZE, ['', '', '7']]],
  secret: [[CLOZE, /Питер|13|fraction/]],
});
