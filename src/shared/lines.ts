/**
 * Text as one line of a page: control characters and line ends are spaces. Marks that turn the direction of writing
 * are left out, for they turn whatever stands after them as well: a name could make its neighbour read backwards.
 */
export const oneLine = (text: string): string =>
  undirected(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();

/** Without embeddings, overrides and isolates of direction (Unicode Standard Annex 9). Letters know theirs. */
export const undirected = (text: string): string => text.replace(/[\u202A-\u202E\u2066-\u2069]/g, '');
