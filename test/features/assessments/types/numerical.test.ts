import { describeType } from './cases.js';

const REMARKS = { value: '5', tolerance: '0,1', units: 'м', remarks: '5 # верно\n−5 # знак\n* # нет' };

describeType('numerical', {
  form: { value: '2,5', tolerance: '1', toleranceKind: 'relative', units: 'м', unitPenalty: '10' },
  remarked: [
    [REMARKS, ['5,05'], ['верно']],
    [REMARKS, ['−5 м'], ['знак']],
    [REMARKS, ['7'], ['нет']],
    [REMARKS, ['много'], []],
  ],
  marked: [
    [{ value: '25' }, ['2⁵'], 0],
    [{ value: '1500' }, ['1,5·10³'], 1],
    [{ value: '-5' }, ['− 5'], 1],
    [{ value: '1234', tolerance: '3', toleranceKind: 'digits' }, ['1230'], 1],
    [{ value: '1234', tolerance: '3', toleranceKind: 'digits' }, ['1240'], 0],
    [{ value: '5000', units: 'м\nкм = 1000' }, ['5 км'], 1],
    [{ value: '5000', units: 'м\nкм = 1000' }, ['5000 м'], 1],
    [{ value: '5000', units: 'м\nкм = 1000' }, ['5000'], 1],
    [{ value: '5000', units: 'м\nкм = 1000', unitPenalty: '30' }, ['5000'], 0.7],
    [{ value: '5000', units: 'м\nкм = 1000' }, ['5 миль'], 0],
  ],
  secret: [[{ value: '42', units: 'м = 7' }, /42|7/]],
});
