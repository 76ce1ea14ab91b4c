import { stemmer } from '@orama/stemmers/russian';

const LONGEST_WORD = 60;

/**
 * Returns the stems of a text's words, each once: forms of a Russian word have one stem, case and ё make no
 * difference, and digits stay as they are. A text is found by a question if it has all stems of the question.
 */
export function stemsOf(text: string): string[] {
  const words = text
    .normalize('NFKC')
    .toLocaleLowerCase('ru')
    .replaceAll('ё', 'е')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && word.length <= LONGEST_WORD);
  return [...new Set(words.map((word) => (/\p{Script=Cyrillic}/u.test(word) ? stemmer(word) : word)))];
}
