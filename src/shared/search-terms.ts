import { stemmer } from '@orama/stemmers/russian';
import { stemmer as englishStemmer } from '@orama/stemmers/english';

/*
 * Search with word forms. A document keeps the stems of its words in `searchTerms`, under a multikey index; a query
 * asks for all of its stems. Both engines do that alike.
 */

/** A long text is found by this many different words. */
const MOST_TERMS = 600;
const LONGEST_WORD = 40;
/** Sorts after every letter that a word can go on with. */
const LAST = '\uffff';

/** Returns the words of a text in lower case, ё as е. Digits are words; apostrophes and hyphens part words. */
export const foldedWords = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLocaleLowerCase('ru')
    .replaceAll('ё', 'е')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && word.length <= LONGEST_WORD);

const stemOf = (word: string): string => (/^[a-z]+$/.test(word) ? englishStemmer(word) : stemmer(word));

/** Returns the stems that a document is found by: «консультациями» and «консультация» give the same. */
export const searchTerms = (...texts: readonly string[]): string[] =>
  [...new Set(texts.flatMap(foldedWords).map(stemOf))].slice(0, MOST_TERMS);

/** Words of a query that are looked for; more say nothing. */
const MOST_WORDS = 8;

/** The words of a query, as documents are found by them. */
export interface SearchedTerms {
  /** Stems that a document has. */
  readonly whole: readonly string[];
  /** The last word may be unfinished: a document has its stem, or a stem that begins with it. */
  readonly last: { readonly stem: string; readonly beginning: string };
}

/** Returns what a query asks for; null for a query without words. */
export function searchedTerms(query: string): SearchedTerms | null {
  const words = foldedWords(query).slice(0, MOST_WORDS);
  const last = words.pop();
  if (last === undefined) return null;
  return { whole: words.map(stemOf), last: { stem: stemOf(last), beginning: last } };
}

/**
 * Returns the filter for documents with all words of a query, in any form and order. The last word may be unfinished.
 * Returns null for a query without words.
 */
export function searchFilter(query: string): { readonly $and: readonly object[] } | null {
  const terms = searchedTerms(query);
  if (terms === null) return null;
  const { stem, beginning } = terms.last;
  return {
    $and: [
      ...terms.whole.map((searched) => ({ searchTerms: searched })),
      // A stem is never longer than its word; the beginning of a word may be longer than the stem.
      {
        $or: [
          { searchTerms: stem },
          { searchTerms: { $elemMatch: { $gte: beginning, $lt: beginning + LAST } } },
        ],
      },
    ],
  };
}
