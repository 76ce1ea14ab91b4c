import petrovich from 'petrovich';
import { fullName, shortName, type PersonName } from './names.js';

export const CASES = ['genitive', 'dative', 'accusative', 'instrumental', 'prepositional'] as const;
export type NameCase = (typeof CASES)[number];

// Surnames of two parts whose first part keeps its form, and a rule that the library has wrong.
const UNBENT = /^(Бонч|Ван|Тер|Фон)-/;
const YICH = /^(.*(?:ь|к|м|з))ичем$/u;

export const GENDERS = ['female', 'male'] as const;
export type Gender = (typeof GENDERS)[number];

/**
 * Returns null where a name is not declined. The gender follows from the patronymic, if the person has not given it: a
 * surname does not tell it, and a person would be offended.
 */
function genderOf({ patronymic }: PersonName, locale: string, own: Gender | ''): Gender | null {
  if (locale !== 'ru') return null;
  if (own !== '') return own;
  const detected = patronymic === '' ? 'androgynous' : petrovich.detect_gender(patronymic);
  return detected === 'androgynous' ? null : detected;
}

/**
 * Returns a name as text, in a grammatical case where its language has cases and the gender is known.
 * @param own gender as the person has given it; '' where they have not
 */
export function nameIn(
  name: PersonName,
  nameCase: NameCase | null,
  locale: string,
  own: Gender | '' = '',
): string {
  const gender = nameCase === null ? null : genderOf(name, locale, own);
  if (nameCase === null || gender === null) return shortName(name);
  return shortName({
    surname: bent(name.surname, gender, nameCase),
    givenName: name.givenName,
    patronymic: name.patronymic,
  });
}

/** "Соколовой Анне Ильиничне": the whole name. The same rules as `nameIn`. */
export function fullNameIn(
  name: PersonName,
  nameCase: NameCase,
  locale: string,
  own: Gender | '' = '',
): string {
  const gender = genderOf(name, locale, own);
  if (gender === null) return fullName(name);
  const surname = bent(name.surname, gender, nameCase);
  return [surname, givenNameIn(name, nameCase, locale, own)].filter((part) => part !== '').join(' ');
}

/** "Анне Ильиничне": given name and patronymic, as a person is spoken to. */
export function givenNameIn(
  name: PersonName,
  nameCase: NameCase | null,
  locale: string,
  own: Gender | '' = '',
): string {
  const { givenName, patronymic } = name;
  const gender = nameCase === null ? null : genderOf(name, locale, own);
  if (nameCase === null || gender === null)
    return [givenName, patronymic].filter((part) => part !== '').join(' ');
  const { first, middle } = petrovich({ gender, first: givenName, middle: patronymic }, nameCase);
  return [first ?? '', corrected(middle ?? '')].filter((part) => part !== '').join(' ');
}

function bent(surname: string, gender: Gender, nameCase: NameCase): string {
  if (surname === '') return '';
  const [prefix = ''] = UNBENT.exec(surname) ?? [];
  return prefix + (petrovich({ gender, last: surname.slice(prefix.length) }, nameCase).last ?? '');
}

const corrected = (middle: string): string => middle.replace(YICH, '$1ичом');
