import { isVisible } from './folding.js';

/**
 * Returns a text as one line: control characters and line ends become spaces. Marks that change the direction of writing
 * are left out, because they also affect the text after them: a name could make the next one read backwards.
 */
export const oneLine = (text: string): string =>
  undirected(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();

/** Returns a trimmed text of several lines that end in \n, without control characters except tabs. */
export const manyLines = (text: string): string =>
  undirected(text)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\t\n]+/gu, '')
    .trim();

/**
 * Removes embeddings, overrides and isolates of direction (https://www.unicode.org/reports/tr9/), and signs that show
 * nothing and join nothing: zero-width spaces, soft hyphens, byte order marks. A text of nothing visible is empty.
 */
const undirected = (text: string): string => {
  const plain = text.replace(/[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g, '');
  return isVisible(plain) ? plain : '';
};

const characters = new Intl.Segmenter('ru', { granularity: 'grapheme' });
/** Longer than a character with all its marks is. */
const LONGEST_CHARACTER = 64;

/**
 * Returns the beginning of a text, cut between two characters: never through a letter and its marks, nor through a pair
 * of an emoji.
 * @param max length in UTF-16 units
 */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const from = Math.max(0, max - LONGEST_CHARACTER);
  let end = 0;
  for (const { index } of characters.segment(text.slice(from, max + 1))) end = index;
  // A text of nothing but marks has no better place.
  return text.slice(0, end === 0 ? max : from + end).replace(/[\uD800-\uDBFF]$/, '');
}
