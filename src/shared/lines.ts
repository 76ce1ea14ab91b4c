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
