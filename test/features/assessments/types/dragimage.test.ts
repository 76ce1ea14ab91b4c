import { describeType, PICTURE } from './cases.js';

const CAPTIONS = {
  ...PICTURE,
  shape: ['rect', 'rect', 'circle'],
  coords: ['0,0,40,20', '100,0,140,20', '50,100,10'],
  label: ['', '', ''],
  answer: ['Нева', 'Волга', 'Дон'],
  distractors: 'Обь',
};

describeType('dragimage', {
  form: CAPTIONS,
  marked: [
    [CAPTIONS, ['0', '1', '2'], 1],
    [CAPTIONS, ['0', '', ''], 1 / 3],
    [CAPTIONS, ['1', '0', '2'], 1 / 3],
    [CAPTIONS, ['3', '3', '3'], 0],
    [CAPTIONS, ['', '', ''], 0],
  ],
  refusedForms: [
    [{ ...CAPTIONS, answer: ['Нева', '', 'Дон'] }, 'answer'],
    [{ ...CAPTIONS, coords: ['', '', '0,0,-5'] }, 'coords'],
  ],
  refusedAnswers: [[CAPTIONS, ['9']]],
  secret: [[CAPTIONS, /answer/]],
});
