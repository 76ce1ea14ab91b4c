import { fullNameIn } from '../../../shared/name-cases.js';
import { fullName, type PersonName } from '../../../shared/names.js';
import type { NAME_CASES, NameCases } from './card.js';

/**
 * The whole name of a card in a case: as the person writes it, else by rule. Other languages have no cases.
 * @returns null where neither is known: the rules need a patronymic or a gender
 */
export function nameInCase(
  name: PersonName,
  own: NameCases,
  nameCase: (typeof NAME_CASES)[number],
  locale: string,
): string | null {
  if (locale !== 'ru') return fullName(name) || null;
  if (own[nameCase] !== '') return own[nameCase];
  const gender = own.gender ?? '';
  return name.patronymic === '' && gender === '' ? null : fullNameIn(name, nameCase, locale, gender);
}
