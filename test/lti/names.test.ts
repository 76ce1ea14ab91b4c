import { expect } from 'chai';
import { nameFrom, type NameClaims } from '../../src/lti/claims/names.js';

const cases: [string, NameClaims, [string, string, string]][] = [
  [
    'Moodle: the patronymic inside given_name',
    { family_name: 'Иванов', given_name: 'Иван Алексеевич' },
    ['Иванов', 'Иван', 'Алексеевич'],
  ],
  [
    'by the custom parameter',
    { family_name: 'Морозова', given_name: 'Дарья', customMiddleName: 'Дмитриевна' },
    ['Морозова', 'Дарья', 'Дмитриевна'],
  ],
  [
    'the custom parameter unset',
    { family_name: 'Ким', given_name: 'Ли', customMiddleName: '' },
    ['Ким', 'Ли', ''],
  ],
  [
    'a variable the LMS does not know',
    { family_name: 'Ким', given_name: 'Ли', customMiddleName: '$Person.name.middle' },
    ['Ким', 'Ли', ''],
  ],
  [
    'by the claim, which wins',
    { family_name: 'Седов', given_name: 'Пётр', middle_name: 'Ильич', customMiddleName: 'Иванович' },
    ['Седов', 'Пётр', 'Ильич'],
  ],
  [
    'said twice',
    { family_name: 'Седов', given_name: 'Пётр Ильич', customMiddleName: 'Ильич' },
    ['Седов', 'Пётр', 'Ильич'],
  ],
  [
    'a double first name is no patronymic',
    { family_name: 'Ли', given_name: 'Анна Мария' },
    ['Ли', 'Анна Мария', ''],
  ],
  [
    'a Turkic patronymic of two words',
    { family_name: 'Алиев', given_name: 'Мамед Али оглы' },
    ['Алиев', 'Мамед', 'Али оглы'],
  ],
  ['a surname alone', { family_name: 'Седов' }, ['Седов', '', '']],
  ['name alone, patronymic third', { name: 'Иванов Иван Петрович' }, ['Иванов', 'Иван', 'Петрович']],
  ['name alone, patronymic second', { name: 'Иван Петрович Иванов' }, ['Иванов', 'Иван', 'Петрович']],
  ['name alone, Western', { name: 'Mary Ann Smith' }, ['Smith', 'Mary Ann', '']],
  ['name alone, with a comma', { name: 'Иванов, Иван' }, ['Иванов', 'Иван', '']],
  [
    'name alone, with a comma and a patronymic',
    { name: 'Иванов, Иван Петрович' },
    ['Иванов', 'Иван', 'Петрович'],
  ],
  [
    'a dash for what is missing',
    { family_name: 'Седов', given_name: '-', middle_name: '.' },
    ['Седов', '', ''],
  ],
  ['a dash alone', { name: '—' }, ['', '', '']],
  ['the custom parameter without any name', { customMiddleName: 'Ильич' }, ['', '', '']],
  ['one word', { name: 'Admin' }, ['Admin', '', '']],
  ['nothing at all', {}, ['', '', '']],
  ['empty strings', { name: '', family_name: ' ', given_name: '\t' }, ['', '', '']],
  ['markup and emoji are text', { family_name: '<b>&', given_name: '🙂 "Ли"' }, ['<b>&', '🙂 "Ли"', '']],
  [
    'line breaks and control characters',
    { family_name: 'Се\u0000дов\r\n', given_name: ' Пётр ' },
    ['Се дов', 'Пётр', ''],
  ],
];

describe('nameFrom', () => {
  for (const [what, claims, [surname, givenName, patronymic]] of cases) {
    it(what, () => {
      expect(nameFrom(claims)).to.deep.equal({ surname, givenName, patronymic });
    });
  }

  it('cuts each part at 300 characters without splitting a surrogate pair', () => {
    const name = nameFrom({ family_name: 'я'.repeat(400), given_name: `${'a'.repeat(299)}🙂` });
    expect(name.surname).to.equal('я'.repeat(300));
    expect(name.givenName).to.equal('a'.repeat(299));
  });
});
