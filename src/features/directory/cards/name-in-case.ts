import { fullNameIn } from '../../../shared/name-cases.js';
import { fullName, type PersonName } from '../../../shared/names.js';
import type { NameCases } from './card.js';

/**
 * The whole name of a card in a case: as the person writes it, else by rule. Other languages have no cases.
 * @returns null where neither is known: the rules need a patronymic
 */
export function nameInCase(
  name: PersonName,
  own: NameCases,
  nameCase: keyof NameCases,
  locale: string,
): string | null {
  if (locale !== 'ru') return fullName(name) || null;
  if (own[nameCase] !== '') return own[nameCase];
  return name.patronymic === '' ? null : fullNameIn(name, nameCase, locale);
}
