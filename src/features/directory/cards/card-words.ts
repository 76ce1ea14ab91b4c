/** Length of the longest parts of words that are listed. */
const LONGEST_PART = 3;

/** Finds what stands under words by any part of them. */
export interface WordIndex<Thing> {
  add(words: Iterable<string>, thing: Thing): void;
  remove(words: Iterable<string>, thing: Thing): void;
  /** Calls back for each thing under each word that has the part; for a thing under several of them repeatedly. */
  each(part: string, found: (thing: Thing) => void): void;
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
  const things = new Map<string, Set<Thing>>();
  const wordsByPart = new Map<string, string[]>();

  function known(word: string): Set<Thing> {
    const listed = things.get(word);
    if (listed !== undefined) return listed;
    const made = new Set<Thing>();
    things.set(word, made);
    for (let length = 1; length <= LONGEST_PART; length += 1)
      for (const part of partsOf(word, length)) {
        const words = wordsByPart.get(part);
        if (words === undefined) wordsByPart.set(part, [word]);
        else words.push(word);
      }
    return made;
  }

  function wordsWith(part: string): readonly string[] {
    if (part.length <= LONGEST_PART) return wordsByPart.get(part) ?? [];
    let rarest: readonly string[] | undefined;
    for (const letters of partsOf(part, LONGEST_PART)) {
      const words = wordsByPart.get(letters) ?? [];
      if (rarest === undefined || words.length < rarest.length) rarest = words;
    }
    return (rarest ?? []).filter((word) => word.includes(part));
  }

  return {
    add(words, thing) {
      for (const word of words) known(word).add(thing);
    },
    remove(words, thing) {
      for (const word of words) things.get(word)?.delete(thing);
    },
    each(part, found) {
      for (const word of wordsWith(part)) things.get(word)?.forEach(found);
    },
  };
}
