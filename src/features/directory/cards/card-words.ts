/** Length of the longest parts of words that are listed. */
const LONGEST_PART = 3;

/** A word with what stands under it. */
export interface ListedWord<Thing> {
  readonly word: string;
  readonly things: readonly Thing[];
}

/** Finds what stands under words by any part of them. */
export interface WordIndex<Thing> {
  add(words: Iterable<string>, thing: Thing): void;
  remove(words: Iterable<string>, thing: Thing): void;
  /** The words that have the part; what stands under several of them is under each. */
  having(part: string): readonly ListedWord<Thing>[];
}

interface Kept<Thing> extends ListedWord<Thing> {
  readonly things: Thing[];
}

/** The parts of a length that a word has, each once. */
const partsOf = (word: string, length: number): Set<string> => {
  const parts = new Set<string>();
  for (let at = 0; at + length <= word.length; at += 1) parts.add(word.slice(at, at + length));
  return parts;
};

/**
 * Keeps words by their parts of one to three letters: a longer part is looked for in the words that have the rarest
 * three letters of it. A word under which nothing stands any more stays; there are few.
 */
export function createWordIndex<Thing>(): WordIndex<Thing> {
  const kept = new Map<string, Kept<Thing>>();
  const byPart = new Map<string, Kept<Thing>[]>();

  function known(word: string): Kept<Thing> {
    const listed = kept.get(word);
    if (listed !== undefined) return listed;
    const made: Kept<Thing> = { word, things: [] };
    kept.set(word, made);
    for (let length = 1; length <= LONGEST_PART; length += 1)
      for (const part of partsOf(word, length)) {
        const words = byPart.get(part);
        if (words === undefined) byPart.set(part, [made]);
        else words.push(made);
      }
    return made;
  }

  return {
    add(words, thing) {
      for (const word of words) known(word).things.push(thing);
    },
    remove(words, thing) {
      for (const word of words) {
        const { things } = known(word);
        const at = things.indexOf(thing);
        if (at !== -1) things.splice(at, 1);
      }
    },
    having(part) {
      if (part.length <= LONGEST_PART) return byPart.get(part) ?? [];
      let rarest: readonly Kept<Thing>[] | undefined;
      for (const letters of partsOf(part, LONGEST_PART)) {
        const words = byPart.get(letters) ?? [];
        if (rarest === undefined || words.length < rarest.length) rarest = words;
      }
      return (rarest ?? []).filter(({ word }) => word.includes(part));
    },
  };
}
