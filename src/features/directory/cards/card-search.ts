import { VISIBILITIES } from './card.js';
import type { Entry, Ordered, Placed } from './card-order.js';
import type { WordIndex } from './card-words.js';
import type { CardQuery } from './cards.store.js';

type AssociationRef = NonNullable<CardQuery['association']>;

/** What a search goes through. */
export interface Searched {
  readonly order: Ordered;
  readonly words: WordIndex<number>;
  /** Members of an association and its head, in order. */
  readonly membersOf: (association: AssociationRef) => readonly Placed[];
}

/**
 * Returns what has all words of a query, in order. Counts by numbers alone, and touches an entry only where more than
 * its words and visibility is asked.
 */
export function findByWords(query: CardQuery, { order, words, membersOf }: Searched): readonly Placed[] {
  const { entries, rankOfSlot, visibilityOf } = order;
  /** How many of the words an entry has, by its rank. */
  const had = new Uint8Array(entries.length);
  for (const [before, { word, associations }] of query.words.entries()) {
    const mark = (rank: number): void => {
      if (had[rank] === before) had[rank] = before + 1;
    };
    for (const { things } of words.having(word)) for (const slot of things) mark(rankOfSlot[slot] ?? 0);
    for (const association of associations) for (const { rank } of membersOf(association)) mark(rank);
  }
  const all = query.words.length;
  const isSeen = Uint8Array.from(VISIBILITIES, (visibility) =>
    query.visibility.includes(visibility) ? 1 : 0,
  );
  const { association } = query;
  const asksMore = association !== undefined || query.staffOf !== undefined;
  const fits = fitting(query);
  const found: Placed[] = [];
  for (let rank = 0; rank < had.length; rank += 1) {
    if (had[rank] !== all || isSeen[visibilityOf[rank] ?? 0] !== 1) continue;
    const entry = entries[rank];
    if (entry === undefined) continue;
    if (asksMore && !(fits(entry) && (association === undefined || belongs(entry, association)))) continue;
    found.push(entry);
  }
  return found;
}

/** Whether an entry fits a query apart from words and association. */
export const fitting =
  ({ visibility, staffOf }: CardQuery) =>
  (entry: Entry): boolean =>
    visibility.includes(entry.visibility) &&
    (staffOf === undefined || (entry.teaches && (staffOf === '' || entry.programmes.includes(staffOf))));

const belongs = (entry: Entry, { id, headId }: AssociationRef): boolean =>
  entry.associationIds.includes(id) || entry.id === headId;
