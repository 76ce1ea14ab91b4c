import { fold } from './folding.js';

/**
 * A person's name in its Russian parts. Every part may be missing: a launch with privacy on carries no
 * name at all, and many people have no patronymic.
 */
export interface PersonName {
  readonly surname: string;
  readonly givenName: string;
  readonly patronymic: string;
}

export const NAMELESS: PersonName = { surname: '', givenName: '', patronymic: '' };

/** Returns "Иванова Мария Петровна", '' if nothing is known. */
export const fullName = (name: PersonName): string =>
  [name.surname, name.givenName, name.patronymic].filter((part) => part !== '').join(' ');

const initial = (part: string): string => {
  const first = /^./su.exec(part)?.[0];
  return first === undefined ? '' : `${first.toLocaleUpperCase('ru')}.`;
};

/** Returns "Иванова М. П.", '' if nothing is known. */
export const shortName = (name: PersonName): string =>
  name.surname === ''
    ? [name.givenName, name.patronymic].filter((part) => part !== '').join(' ')
    : [name.surname, initial(name.givenName), initial(name.patronymic)]
        .filter((part) => part !== '')
        .join(' ');

/** Returns the words of a name as the search compares them: in lower case, ё as е. */
export const nameWords = (text: string): string[] => [
  ...new Set(
    fold(text, 'search')
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== ''),
  ),
];

/** Whether each of the words begins a word of the text: lists are filtered so. @param words of `nameWords` */
export function isFoundBy(text: string, words: readonly string[]): boolean {
  const own = nameWords(text);
  return words.every((word) => own.some((part) => part.startsWith(word)));
}
