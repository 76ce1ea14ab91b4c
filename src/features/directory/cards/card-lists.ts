import type { Visibility } from './card.js';
import type { CardQuery } from './cards.store.js';
import { createWordIndex } from './card-words.js';

/** What of a card decides whether and where it stands in a list. */
export interface Entry {
  readonly id: string;
  readonly sortKey: string;
  readonly search: string;
  readonly visibility: Visibility;
  readonly associationIds: readonly string[];
  readonly programmes: readonly string[];
  /** Whether the person belongs to the teaching staff. */
  readonly teaches: boolean;
}

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
}

interface Placed extends Entry {
  /** Place in the order; right after `order()`. */
  rank: number;
}

/** Lists without words are kept until a card changes: one per reader, association and programme. */
const MOST_LISTS = 1_000;

/** So many changes are put into the order one by one. */
const FEW = 50;

const wordsOf = ({ search }: Entry): Set<string> =>
  new Set(search.split(/[\n ]/).filter((word) => word !== ''));

const isBefore = (a: Entry, b: Entry): boolean =>
  a.sortKey < b.sortKey || (a.sortKey === b.sortKey && a.id < b.id);

/** Where an entry belongs in an ordered list. */
function placeIn(ordered: readonly Entry[], entry: Entry): number {
  let [from, to] = [0, ordered.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = ordered[middle];
    if (other !== undefined && isBefore(other, entry)) from = middle + 1;
    else to = middle;
  }
  return from;
}

const isSame = (a: Entry, b: Entry): boolean =>
  a.sortKey === b.sortKey &&
  a.search === b.search &&
  a.visibility === b.visibility &&
  a.teaches === b.teaches &&
  a.associationIds.join() === b.associationIds.join() &&
  a.programmes.join('\n') === b.programmes.join('\n');

export function createCardLists(): CardLists {
  const byId = new Map<string, Placed>();
  const words = createWordIndex<Placed>();
  /** In order, apart from what was added and removed since. */
  let entries: Placed[] = [];
  const added = new Set<Placed>();
  const removed = new Set<Placed>();
  const lists = new Map<string, readonly Placed[]>();
  const programmeTitles = new Map<string, ReadonlySet<string>>();
  let members: ReadonlyMap<string, readonly Placed[]> | null = null;

  function changed(): void {
    lists.clear();
    programmeTitles.clear();
    members = null;
  }

  function forget(id: string): void {
    const known = byId.get(id);
    if (known === undefined) return;
    byId.delete(id);
    words.remove(wordsOf(known), known);
    if (!added.delete(known)) removed.add(known);
    changed();
  }

  function order(): void {
    if (added.size + removed.size === 0) return;
    if (added.size + removed.size > FEW) {
      entries = [...byId.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1));
    } else {
      for (const entry of removed) entries.splice(entries.indexOf(entry), 1);
      for (const entry of added) entries.splice(placeIn(entries, entry), 0, entry);
    }
    added.clear();
    removed.clear();
    entries.forEach((entry, rank) => (entry.rank = rank));
  }

  function membersOf({ id, headId }: { readonly id: string; readonly headId: string }): readonly Placed[] {
    order();
    members ??= groupByAssociation(entries);
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
    order();
    const fits = fitting({ visibility, words: [], ...(staffOf !== undefined && { staffOf }) });
    const list = (association === undefined ? entries : membersOf(association)).filter(fits);
    if (lists.size >= MOST_LISTS) lists.clear();
    lists.set(key, list);
    return list;
  }

  /** What has all words, in order. */
  function withWords(query: CardQuery): readonly Placed[] {
    order();
    const all = query.words.length;
    /** How many of the words an entry has, by its rank. */
    const had = new Uint8Array(entries.length);
    query.words.forEach((searched, before) => {
      const found = (entry: Placed): void => {
        if (had[entry.rank] === before) had[entry.rank] = before + 1;
      };
      words.each(searched.word, found);
      for (const association of searched.associations) membersOf(association).forEach(found);
    });
    const fits = fitting(query);
    const inAssociation = query.association && new Set(membersOf(query.association));
    const list: Placed[] = [];
    for (let rank = had.indexOf(all); rank !== -1; rank = had.indexOf(all, rank + 1)) {
      const entry = entries[rank];
      if (entry !== undefined && fits(entry) && (inAssociation?.has(entry) ?? true)) list.push(entry);
    }
    return list;
  }

  return {
    forget,
    put(entry) {
      const known = byId.get(entry.id);
      if (known !== undefined && isSame(known, entry)) return;
      forget(entry.id);
      const placed = { ...entry, rank: 0 };
      byId.set(entry.id, placed);
      added.add(placed);
      words.add(wordsOf(entry), placed);
      changed();
    },
    keepOnly(ids) {
      for (const id of [...byId.keys()]) if (!ids.has(id)) forget(id);
    },
    find(query, skip, limit) {
      const found = query.words.length === 0 ? listOf(query) : withWords(query);
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

/** Whether an entry fits a query apart from words and association. */
const fitting =
  ({ visibility, staffOf }: CardQuery) =>
  (entry: Entry): boolean =>
    visibility.includes(entry.visibility) &&
    (staffOf === undefined || (entry.teaches && (staffOf === '' || entry.programmes.includes(staffOf))));
