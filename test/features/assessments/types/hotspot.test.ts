import { describeType, PICTURE } from './cases.js';

/** Two right areas of four, in the order of reading. */
const SPOTS = {
  ...PICTURE,
  shape: ['rect', 'circle', 'poly', 'rect'],
  coords: ['10,10,50,50', '200, 60, 20', '10,100 60,100 30,150', '200,200,300,280'],
  label: ['', 'круг', '', ''],
  right: ['0', '1'],
};

describeType('hotspot', {
  form: SPOTS,
  marked: [
    [{ ...SPOTS, right: '1' }, ['1'], 1],
    [{ ...SPOTS, right: '1' }, ['0'], 0],
    [{ ...SPOTS, right: '1' }, [], 0],
    [SPOTS, ['0', '1'], 1],
    [SPOTS, ['0'], 0.5],
    // One of two right, one of two wrong.
    [SPOTS, ['0', '2'], 0],
    [SPOTS, ['0', '1', '3'], 0.5],
    [SPOTS, ['0', '1', '2', '3'], 0],
  ],
  refusedForms: [
    [{ ...SPOTS, image: '' }, 'image'],
    [{ ...SPOTS, coords: ['1,2,3', '', '', ''] }, 'coords'],
    [{ ...SPOTS, coords: ['1,2,30,40', '', '', ''] }, 'coords'],
    [{ ...SPOTS, right: [] }, 'right'],
  ],
  refusedAnswers: [
    [SPOTS, ['4']],
    [SPOTS, ['-1']],
  ],
  secret: [[SPOTS, /"right":true/]],
});
