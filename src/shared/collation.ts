import { fullName, type PersonName } from './names.js';

/**
 * The order of Russian names and titles: letters before case, Ё after Е of the same spelling (Елкин, Ёлкин, Еремин),
 * numbers by value ("Тест 2" before "Тест 10"). Intl objects are slow to make and safe to share.
 */
const collator = new Intl.Collator('ru', { numeric: true });

export const compareText = (a: string, b: string): number => collator.compare(a, b);

/** By surname, then given name, then patronymic. */
export const compareNames = (a: PersonName, b: PersonName): number =>
  collator.compare(fullName(a), fullName(b));
