import petrovich from 'petrovich';
import { fullName, shortName, type PersonName } from './names.js';

export const CASES = ['genitive', 'dative', 'accusative', 'instrumental', 'prepositional'] as const;
export type NameCase = (typeof CASES)[number];

// Surnames of two parts whose first part keeps its form, and a rule that the library has wrong.
const UNBENT = /^(Бонч|Ван|Тер|Фон)-/;
const YICH = /^(.*(?:ь|к|м|з))ичем$/u;

/**
 * Returns a name as text, in a grammatical case where its language has cases. The gender follows from the patronymic
 * alone: a surname does not tell it, and a person would be offended. Without a patronymic nothing is changed.
 */
export function nameIn(name: PersonName, nameCase: NameCase | null, locale: string): string {
  if (nameCase === null || locale !== 'ru' || name.patronymic === '') return shortName(name);
  const gender = petrovich.detect_gender(name.patronymic);
  if (gender === 'androgynous') return shortName(name);
  return shortName({
    surname: bent(name.surname, gender, nameCase),
    givenName: name.givenName,
    patronymic: name.patronymic,
  });
}

/** "Соколовой Анне Ильиничне": the whole name. The same rules as `nameIn`. */
export function fullNameIn(name: PersonName, nameCase: NameCase, locale: string): string {
  if (locale !== 'ru' || name.patronymic === '') return fullName(name);
  const gender = petrovich.detect_gender(name.patronymic);
  if (gender === 'androgynous') return fullName(name);
  const surname = bent(name.surname, gender, nameCase);
  return [surname, givenNameIn(name, nameCase, locale)].filter((part) => part !== '').join(' ');
}

/** "Анне Ильиничне": given name and patronymic, as a person is spoken to. */
export function givenNameIn(name: PersonName, nameCase: NameCase | null, locale: string): string {
  const { givenName, patronymic } = name;
  const plain = [givenName, patronymic].filter((part) => part !== '').join(' ');
  if (nameCase === null || locale !== 'ru' || patronymic === '') return plain;
  const gender = petrovich.detect_gender(patronymic);
  if (gender === 'androgynous') return plain;
  const { first, middle } = petrovich({ gender, first: givenName, middle: patronymic }, nameCase);
  return [first ?? '', corrected(middle ?? '')].filter((part) => part !== '').join(' ');
}

function bent(surname: string, gender: 'male' | 'female', nameCase: NameCase): string {
  if (surname === '') return '';
  const [prefix = ''] = UNBENT.exec(surname) ?? [];
  return prefix + (petrovich({ gender, last: surname.slice(prefix.length) }, nameCase).last ?? '');
}

const corrected = (middle: string): string => middle.replace(YICH, '$1ичом');
