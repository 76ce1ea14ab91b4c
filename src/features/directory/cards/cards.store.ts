import type { Connection } from 'mongoose';
import { createCardIndex } from './card-index.js';
import type { Card, CardContent, Visibility } from './card.js';
import { cardsModel, plainCard, type Found } from './cards.model.js';
import type { DirectoryVersionStore } from '../version.store.js';
import { createCardQueries } from './cards.queries.js';
import { createCardWrites } from './cards.writes.js';

/** Part of a list: what to find, and which part of it. */
export interface CardQuery {
  readonly visibility: readonly Visibility[];
  /** All of them are in the card's name or subjects, or in the title of its association; folded (search-words.ts). */
  readonly words: readonly SearchedWord[];
  /** Members of this association, and its head. */
  readonly association?: { readonly id: string; readonly headId: string };
  /** Teaching staff alone: of a programme by its title, '' for all. */
  readonly staffOf?: string;
}

export interface SearchedWord {
  readonly word: string;
  /** Associations with the word in their titles: their members and heads are found by it. */
  readonly associations: readonly { readonly id: string; readonly headId: string }[];
}
/** Lists of more are no pages of people: they are read as a whole. */
const MOST_BY_ID = 500;

/** @param blank what a card has that is older than a kind of detail */
export function createCardsStore(connection: Connection, blank: CardContent, version: DirectoryVersionStore) {
  const model = cardsModel(connection);
  const plain = (row: Found): Card => plainCard(row, blank);
  const index = createCardIndex(model, version);

  async function read({ visibility }: CardQuery, ids: readonly string[]): Promise<Card[]> {
    const filter = ids.length > MOST_BY_ID ? { visibility: { $in: [...visibility] } } : { _id: { $in: ids } };
    const rows = await model.find(filter).select({ journal: 0 }).lean<Found[]>();
    const byId = new Map(rows.map((row) => [row._id.toString(), row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      // What was hidden since is not shown.
      return row !== undefined && visibility.includes(row.visibility) ? [plain({ ...row, journal: [] })] : [];
    });
  }

  return {
    ...createCardWrites(model, plain, (id) => {
      index.forget(id);
    }),
    ...createCardQueries(model, plain),

    /** In the order of a Russian list. */
    list: async (query: CardQuery, skip: number, limit: number): Promise<Card[]> =>
      read(query, (await index.find(query, skip, limit)).ids),

    /** Part of a list, and how many cards the whole has. */
    async page(query: CardQuery, skip: number, limit: number): Promise<{ cards: Card[]; total: number }> {
      const { ids, total } = await index.find(query, skip, limit);
      return { cards: await read(query, ids), total };
    },

    count: async (query: CardQuery): Promise<number> => (await index.find(query, 0, 0)).total,

    /** Titles of the programmes of the teaching staff that has one of the visibilities. */
    programmes: (visibility: readonly Visibility[]) => index.programmes(visibility),

    /** Ids of the cards that have one of the visibilities; the same set until a card changes. */
    idsOf: (visibility: readonly Visibility[]) => index.idsOf(visibility),
  };
}

export type CardsStore = ReturnType<typeof createCardsStore>;
