import { searchedTerms } from '../../../shared/search-terms.js';
import type { FoundIds } from '../cards/card-lists.js';
import { createWordIndex } from '../cards/card-words.js';
import type { MaterialAudience } from './material.js';

/** What of a material decides whether and where it stands in a list. */
export interface MaterialEntry {
  readonly id: string;
  readonly key: string;
  readonly cardId: string;
  readonly audience: MaterialAudience;
  readonly topic: string;
  readonly updatedAt: Date;
  readonly searchTerms: readonly string[];
}

export interface MaterialQuery {
  readonly audiences: readonly MaterialAudience[];
  /** Words that the material has, in any form; '' for all. */
  readonly text: string;
  readonly topic?: string | undefined;
  /** Cards whose materials are looked for; absent for all. */
  readonly cardIds?: ReadonlySet<string> | undefined;
}

/** Materials, the newest first. What a query costs depends on what it finds, not on how many materials there are. */
export interface MaterialLists {
  /** Adds an entry, or writes it over that of the same id. */
  put(entry: MaterialEntry): void;
  forget(id: string): void;
  /** Forgets all others. */
  keepOnly(ids: ReadonlySet<string>): void;
  find(query: MaterialQuery, skip: number, limit: number): FoundIds;
  /** Topics of all that the query finds, each once; the words and the topic of the query are not asked for. */
  topics(query: MaterialQuery): readonly string[];
  /** Keys of all that the query finds. */
  keys(query: MaterialQuery): readonly string[];
}

interface Placed extends MaterialEntry {
  /** Place in the order, from the newest. */
  rank: number;
}

interface List {
  readonly entries: readonly Placed[];
  readonly topics: readonly string[];
}

const byAge = (a: MaterialEntry, b: MaterialEntry): number =>
  b.updatedAt.getTime() - a.updatedAt.getTime() || (a.id < b.id ? -1 : 1);

const isSame = (a: MaterialEntry, b: MaterialEntry): boolean =>
  a.cardId === b.cardId &&
  a.audience === b.audience &&
  a.topic === b.topic &&
  a.updatedAt.getTime() === b.updatedAt.getTime() &&
  a.searchTerms.join() === b.searchTerms.join();

/** Lists are kept until something changes: one per reader and topic. */
const MOST_LISTS = 200;
/** What was searched for is kept as long; fewer, for a search may find everything. */
const MOST_SEARCHES = 30;

export function createMaterialLists(): MaterialLists {
  const byId = new Map<string, Placed>();
  const words = createWordIndex<Placed>();
  let ordered: readonly Placed[] | null = null;
  const lists = new Map<string, List>();
  const searches = new Map<string, readonly Placed[]>();
  /** Those of whose cards the lists are. */
  let listed: ReadonlySet<string> | undefined;

  function forgetLists(): void {
    lists.clear();
    searches.clear();
  }

  function changed(): void {
    ordered = null;
    forgetLists();
  }

  function inOrder(): readonly Placed[] {
    if (ordered !== null) return ordered;
    const sorted = [...byId.values()].sort(byAge);
    for (const [rank, entry] of sorted.entries()) entry.rank = rank;
    ordered = sorted;
    return sorted;
  }

  function forget(id: string): void {
    const known = byId.get(id);
    if (known === undefined) return;
    byId.delete(id);
    words.remove(known.searchTerms, known);
    changed();
  }

  /** What a query finds apart from its words. */
  function listOf({ audiences, topic, cardIds }: MaterialQuery): List {
    if (listed !== cardIds) {
      forgetLists();
      listed = cardIds;
    }
    const key = JSON.stringify([audiences, topic]);
    const known = lists.get(key);
    if (known !== undefined) return known;
    const entries = inOrder().filter(
      (entry) =>
        audiences.includes(entry.audience) &&
        (topic === undefined || entry.topic === topic) &&
        (cardIds === undefined || cardIds.has(entry.cardId)),
    );
    const topics = [...new Set(entries.map((entry) => entry.topic))].filter((title) => title !== '');
    if (lists.size >= MOST_LISTS) lists.clear();
    const made = { entries, topics };
    lists.set(key, made);
    return made;
  }

  /** By rank, whether an entry has all words of a query. */
  function havingAll({ whole, last }: NonNullable<ReturnType<typeof searchedTerms>>): Uint8Array {
    const had = new Uint8Array(inOrder().length);
    const mark = (word: string, fits: (stem: string) => boolean, before: number): void => {
      for (const { word: stem, things } of words.having(word))
        if (fits(stem)) for (const { rank } of things) if (had[rank] === before) had[rank] = before + 1;
    };
    for (const [before, stem] of whole.entries()) mark(stem, (known) => known === stem, before);
    mark(last.stem, (known) => known === last.stem, whole.length);
    mark(last.beginning, (known) => known.startsWith(last.beginning), whole.length);
    return had.map((count) => (count > whole.length ? 1 : 0));
  }

  function found(query: MaterialQuery): readonly Placed[] {
    const { entries } = listOf(query);
    const terms = searchedTerms(query.text);
    if (terms === null) return entries;
    const key = JSON.stringify([query.audiences, query.topic, terms]);
    const known = searches.get(key);
    if (known !== undefined) return known;
    const fits = havingAll(terms);
    const all = entries.filter(({ rank }) => fits[rank] === 1);
    if (searches.size >= MOST_SEARCHES) searches.clear();
    searches.set(key, all);
    return all;
  }

  return {
    forget,
    put(entry) {
      const known = byId.get(entry.id);
      if (known !== undefined && isSame(known, entry)) return;
      forget(entry.id);
      const placed = { ...entry, rank: 0 };
      byId.set(entry.id, placed);
      words.add(entry.searchTerms, placed);
      changed();
    },
    keepOnly(ids) {
      for (const id of [...byId.keys()]) if (!ids.has(id)) forget(id);
    },
    find(query, skip, limit) {
      const all = found(query);
      return { ids: all.slice(skip, skip + limit).map(({ id }) => id), total: all.length };
    },
    topics: (query) => listOf({ ...query, topic: undefined }).topics,
    keys: (query) => found(query).map(({ key }) => key),
  };
}
