import { fold } from '../../../shared/folding.js';
import type { PersonName } from '../../../shared/names.js';

/** Letters that have no place in the Latin alphabet: Russian first, then its neighbours in the Cyrillic script. */
const LATIN: Readonly<Record<string, string>> = {
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k' },
  ...{ л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts' },
  ...{ ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya' },
  ...{ і: 'i', ї: 'yi', є: 'ye', ґ: 'g', ў: 'u', ә: 'a', ө: 'o', ү: 'u', ұ: 'u', ң: 'n', қ: 'k', ғ: 'g' },
  ...{ һ: 'h', җ: 'zh', ҙ: 'z', ҫ: 's', ҡ: 'k', ӏ: '', ӑ: 'a', ӗ: 'e', ӳ: 'u' },
  ...{ ß: 'ss', ł: 'l', ø: 'o', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ı: 'i' },
};

/** "Ёлкин Семён Аркадьевич" → "elkin-semen-arkadevich"; '' when nothing can be written in Latin letters. */
export function transliterate(text: string, longest = 80): string {
  const latin = Array.from(text.normalize('NFC').toLocaleLowerCase('ru'))
    .map((letter) => LATIN[letter] ?? letter.normalize('NFD').replace(/\p{M}/gu, ''))
    .join('');
  const slug = latin.replace(/['’ʼ]/g, '').replace(/[^a-z0-9]+/g, '-');
  return slug.slice(0, longest).replace(/^-+|-+$/g, '');
}

/**
 * Text as it is compared when searching: neither case nor ё nor the width of a letter makes a difference, and
 * apostrophes are not there at all: "О’Нил", "о'нил" and "онил" are one.
 */
export const folded = (text: string): string =>
  fold(text, 'search')
    .replace(/['’‘ʼ`´]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** What a card is found by. A break keeps a word from being found across two fields. */
export const searchable = (name: PersonName, subjects: readonly string[]): string =>
  [name.surname, name.givenName, name.patronymic, ...subjects].map(folded).join('\n');

/** The words that a card must hold, all of them and in any order. */
export const searchWords = (query: string): string[] => [
  ...new Set(
    folded(query)
      .split(' ')
      .filter((word) => word !== ''),
  ),
];

/** Lower than any letter, so that "Ким" stands before "Кимов" for all given names. */
const BREAK = '\u0001';
/** Far enough to put Latin letters behind the Cyrillic ones, as Russian lists have them. */
const BEHIND_CYRILLIC = 0x1000;
const LONGEST_KEY = 400;

/**
 * A key whose order by code points is the order of a Russian list: surname, given name, patronymic; case
 * makes no difference, ё stands with е and follows it only where nothing else differs, and Latin letters
 * follow Cyrillic ones. Stored, so that a database index can sort by it.
 */
export function sortKey(...parts: readonly string[]): string {
  const letters = parts.map((part) =>
    Array.from(folded(part))
      .map((letter) => {
        const plain = /\p{Script=Latin}/u.test(letter)
          ? letter.normalize('NFD').replace(/\p{M}/gu, '')
          : letter;
        return /^[a-z]$/.test(plain) ? String.fromCharCode(plain.charCodeAt(0) + BEHIND_CYRILLIC) : plain;
      })
      .join(''),
  );
  const ties = parts.map((part) => part.normalize('NFC').toLocaleLowerCase('ru'));
  return [...letters, '', ...ties].join(BREAK).slice(0, LONGEST_KEY);
}

export const nameKey = (name: PersonName): string => sortKey(name.surname, name.givenName, name.patronymic);

/** For an in-memory list by keys; the same order as the database's. */
export const byKey = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
