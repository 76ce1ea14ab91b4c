import type { Visibility } from './card.js';
import { createCardOrder, type Entry, type Placed } from './card-order.js';
import { findByWords, fitting } from './card-search.js';
import type { CardQuery } from './cards.store.js';
import { createWordIndex } from './card-words.js';

export type { Entry } from './card-order.js';

/** Part of what a query finds. */
export interface FoundIds {
  readonly ids: readonly string[];
  readonly total: number;
}

/** Cards in the order of a Russian list. What a query costs depends on what it finds, not on how many cards there are. */
export interface CardLists {
  /** Adds an entry, or writes it over that of the same id. */
  put(entry: Entry): void;
  forget(id: string): void;
  /** Forgets all others. */
  keepOnly(ids: ReadonlySet<string>): void;
  find(query: CardQuery, skip: number, limit: number): FoundIds;
  /** Titles of the programmes of the teaching staff that has one of the visibilities. */
  programmes(visibility: readonly Visibility[]): ReadonlySet<string>;
  /** Ids of the entries that have one of the visibilities; the same set until an entry changes. */
  idsOf(visibility: readonly Visibility[]): ReadonlySet<string>;
}

/** Lists without words are kept until a card changes: one per reader, association and programme. */
const MOST_LISTS = 1_000;
/** What was searched for is kept as long; fewer, for a search may find everybody. */
const MOST_SEARCHES = 30;

const wordsOf = ({ search }: Entry): Set<string> =>
  new Set(search.split(/[\n ]/).filter((word) => word !== ''));

const isSame = (a: Entry, b: Entry): boolean =>
  a.sortKey === b.sortKey &&
  a.search === b.search &&
  a.visibility === b.visibility &&
  a.teaches === b.teaches &&
  a.associationIds.join() === b.associationIds.join() &&
  a.programmes.join('\n') === b.programmes.join('\n');

export function createCardLists(): CardLists {
  const byId = new Map<string, Placed>();
  const order = createCardOrder(byId);
  const words = createWordIndex<number>();
  let lastSlot = -1;
  const lists = new Map<string, readonly Placed[]>();
  const searches = new Map<string, readonly Placed[]>();
  const programmeTitles = new Map<string, ReadonlySet<string>>();
  const idSets = new Map<string, ReadonlySet<string>>();
  let members: ReadonlyMap<string, readonly Placed[]> | null = null;

  function changed(): void {
    lists.clear();
    searches.clear();
    programmeTitles.clear();
    idSets.clear();
    members = null;
  }

  function forget(id: string): void {
    const known = byId.get(id);
    if (known === undefined) return;
    byId.delete(id);
    words.remove(wordsOf(known), known.slot);
    order.remove(known);
    changed();
  }

  function membersOf({ id, headId }: { readonly id: string; readonly headId: string }): readonly Placed[] {
    members ??= groupByAssociation(order.current().entries);
    const listed = members.get(id) ?? [];
    const head = byId.get(headId);
    if (head === undefined || listed.includes(head)) return listed;
    return [...listed, head].sort((a, b) => a.rank - b.rank);
  }

  /** What a query finds apart from its words, in order. */
  function listOf({ visibility, association, staffOf }: CardQuery): readonly Placed[] {
    const key = JSON.stringify([visibility, association?.id, association?.headId, staffOf]);
    const known = lists.get(key);
    if (known !== undefined) return known;
    const fits = fitting({ visibility, words: [], ...(staffOf !== undefined && { staffOf }) });
    const list = (association === undefined ? order.current().entries : membersOf(association)).filter(fits);
    if (lists.size >= MOST_LISTS) lists.clear();
    lists.set(key, list);
    return list;
  }

  /** What a query with words finds, in order. */
  function searchOf(query: CardQuery): readonly Placed[] {
    const { visibility, association, staffOf, words: searched } = query;
    const key = JSON.stringify([
      ...[visibility, association?.id, association?.headId, staffOf],
      searched.map(({ word, associations }) => [word, associations.map(({ id, headId }) => [id, headId])]),
    ]);
    const known = searches.get(key);
    if (known !== undefined) return known;
    const found = findByWords(query, { order: order.current(), words, membersOf });
    if (searches.size >= MOST_SEARCHES) searches.clear();
    searches.set(key, found);
    return found;
  }

  return {
    forget,
    put(entry) {
      const known = byId.get(entry.id);
      if (known !== undefined && isSame(known, entry)) return;
      forget(entry.id);
      const placed = { ...entry, rank: 0, slot: (lastSlot += 1) };
      byId.set(entry.id, placed);
      order.add(placed);
      words.add(wordsOf(entry), placed.slot);
      changed();
    },
    keepOnly(ids) {
      for (const id of [...byId.keys()]) if (!ids.has(id)) forget(id);
    },
    find(query, skip, limit) {
      const found = query.words.length > 0 ? searchOf(query) : listOf(query);
      return { ids: found.slice(skip, skip + limit).map(({ id }) => id), total: found.length };
    },
    programmes(visibility) {
      const key = visibility.join();
      const known = programmeTitles.get(key);
      if (known !== undefined) return known;
      const staff = listOf({ visibility, words: [], staffOf: '' });
      const titles = new Set(staff.flatMap(({ programmes }) => programmes));
      programmeTitles.set(key, titles);
      return titles;
    },
    idsOf(visibility) {
      const key = visibility.join();
      const known = idSets.get(key) ?? new Set(listOf({ visibility, words: [] }).map(({ id }) => id));
      idSets.set(key, known);
      return known;
    },
  };
}

function groupByAssociation(entries: readonly Placed[]): ReadonlyMap<string, readonly Placed[]> {
  const members = new Map<string, Placed[]>();
  for (const entry of entries)
    for (const id of entry.associationIds) {
      const listed = members.get(id);
      if (listed === undefined) members.set(id, [entry]);
      else listed.push(entry);
    }
  return members;
}
