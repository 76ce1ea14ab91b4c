import { VISIBILITIES, type Visibility } from './card.js';

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

export interface Placed extends Entry {
  /** Place in the order; right after `order()`. */
  rank: number;
  /** Its number in the index of words; never that of another. */
  readonly slot: number;
}

/** Entries by their rank, and what a search asks of them as numbers. */
export interface Ordered {
  readonly entries: readonly Placed[];
  readonly rankOfSlot: readonly number[];
  /** Index of the visibility in `VISIBILITIES`, by rank. */
  readonly visibilityOf: Uint8Array;
}

/** So many changes are put into the order one by one. */
const FEW = 50;

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

/** Keeps entries in the order of a Russian list; changes are worked in when the order is asked for. */
export function createCardOrder(byId: ReadonlyMap<string, Placed>) {
  let entries: Placed[] = [];
  const added = new Set<Placed>();
  const removed = new Set<Placed>();
  const rankOfSlot: number[] = [];
  let visibilityOf = new Uint8Array();

  function workIn(): void {
    if (added.size + removed.size > FEW) {
      entries = [...byId.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1));
    } else {
      for (const entry of removed) entries.splice(entries.indexOf(entry), 1);
      for (const entry of added) entries.splice(placeIn(entries, entry), 0, entry);
    }
    added.clear();
    removed.clear();
    visibilityOf = Uint8Array.from(entries, ({ visibility }) => VISIBILITIES.indexOf(visibility));
    for (const [rank, entry] of entries.entries()) {
      entry.rank = rank;
      rankOfSlot[entry.slot] = rank;
    }
  }

  return {
    add(entry: Placed): void {
      added.add(entry);
    },
    remove(entry: Placed): void {
      if (!added.delete(entry)) removed.add(entry);
    },
    current(): Ordered {
      if (added.size + removed.size > 0) workIn();
      return { entries, rankOfSlot, visibilityOf };
    },
  };
}
