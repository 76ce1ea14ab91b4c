/**
 * Text as one line of a page: control characters and line ends are spaces. Marks that turn the direction of writing
 * are left out, for they turn whatever stands after them as well: a name could make its neighbour read backwards.
 */
export const oneLine = (text: string): string =>
  undirected(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();

/** Text of several lines: they end as \n, and of control characters only tabs stand beside them. Trimmed. */
export const manyLines = (text: string): string =>
  undirected(text)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\t\n]+/gu, '')
    .trim();

/** Without embeddings, overrides and isolates of direction (Unicode Standard Annex 9). Letters know theirs. */
const undirected = (text: string): string => text.replace(/[\u202A-\u202E\u2066-\u2069]/g, '');
