import type { Model } from 'mongoose';
import type { Visibility } from './card.js';
import type { Row } from './cards.model.js';
import type { CardQuery } from './cards.store.js';

/** What of a card decides whether and where it stands in a list. */
interface Entry {
  readonly id: string;
  readonly sortKey: string;
  readonly search: string;
  readonly visibility: Visibility;
  readonly associationIds: readonly string[];
  readonly programmes: readonly string[];
  /** Whether the person belongs to the teaching staff. */
  readonly teaches: boolean;
}

type Read = Pick<Row, 'sortKey' | 'search' | 'visibility' | 'associationIds' | 'programmes' | 'subjects'> & {
  readonly _id: { toString(): string };
};

const PROJECTION = {
  ...{ sortKey: 1, search: 1, visibility: 1, associationIds: 1, programmes: 1, subjects: 1 },
} as const;

/** Clocks of processes differ a little, and a write takes a moment. */
const OVERLAP_MS = 5_000;

export interface CardIndex {
  /** Ids of the cards that a query finds, in the order of a Russian list. */
  find(query: CardQuery): Promise<readonly string[]>;
  /** Titles of the programmes of the teaching staff that has one of the visibilities. */
  programmes(visibility: readonly Visibility[]): Promise<ReadonlySet<string>>;
  /** A card is gone. */
  forget(id: string): void;
}

/**
 * Keeps in memory what lists and the search ask of cards: parts of words are looked for in some megabytes of text
 * instead of in every document. Before each query it reads the cards that were changed since the last one, by any
 * process. Whether a reader may see a card is decided by the card as it is read from the database afterwards.
 */
export function createCardIndex(model: Pick<Model<Row>, 'find'>): CardIndex {
  let entries: Entry[] = [];
  const byId = new Map<string, Entry>();
  let readUntil = 0;
  let reading: Promise<void> | null = null;

  const isBefore = (a: Pick<Entry, 'sortKey' | 'id'>, b: Pick<Entry, 'sortKey' | 'id'>): boolean =>
    a.sortKey < b.sortKey || (a.sortKey === b.sortKey && a.id < b.id);

  function placeOf(entry: Entry): number {
    let [from, to] = [0, entries.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = entries[middle];
      if (other !== undefined && isBefore(other, entry)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  function forget(id: string): void {
    const known = byId.get(id);
    if (known === undefined) return;
    byId.delete(id);
    entries.splice(placeOf(known), 1);
  }

  function put(row: Read): void {
    const { sortKey, search, visibility, associationIds, programmes = [], subjects } = row;
    const entry: Entry = {
      ...{ id: row._id.toString(), sortKey, search, visibility, associationIds, programmes },
      teaches: subjects.length > 0 || programmes.length > 0,
    };
    forget(entry.id);
    byId.set(entry.id, entry);
    entries.splice(placeOf(entry), 0, entry);
  }

  async function read(): Promise<void> {
    const begun = Date.now();
    const first = readUntil === 0;
    const since = new Date(readUntil - OVERLAP_MS);
    const rows = await model
      .find(first ? {} : { updatedAt: { $gt: since } })
      .select(PROJECTION)
      .lean<Read[]>();
    if (first) {
      entries = [];
      // Sorted at once: putting thousands in one by one takes its time.
      rows.sort((a, b) =>
        a.sortKey < b.sortKey || (a.sortKey === b.sortKey && a._id.toString() < b._id.toString()) ? -1 : 1,
      );
    }
    for (const row of rows) put(row);
    readUntil = begun;
  }

  async function current(): Promise<readonly Entry[]> {
    // A query that begins later waits for a reading that begins later as well.
    const before = reading;
    if (before !== null) await before.catch(() => undefined);
    reading ??= read().finally(() => (reading = null));
    await reading;
    return entries;
  }

  return {
    forget,
    async find(query) {
      const wanted = matcherOf(query);
      return (await current()).filter(wanted).map(({ id }) => id);
    },
    async programmes(visibility) {
      const seen = (await current()).filter(
        (entry) => entry.teaches && visibility.includes(entry.visibility),
      );
      return new Set(seen.flatMap(({ programmes }) => programmes));
    },
  };
}

/** Whether an entry fits a query; the same rule as the database's filter. */
function matcherOf({ visibility, words, association, staffOf }: CardQuery): (entry: Entry) => boolean {
  const belongs = (entry: Entry, { id, headId }: { readonly id: string; readonly headId: string }): boolean =>
    entry.associationIds.includes(id) || entry.id === headId;
  return (entry) =>
    visibility.includes(entry.visibility) &&
    (association === undefined || belongs(entry, association)) &&
    (staffOf === undefined || (entry.teaches && (staffOf === '' || entry.programmes.includes(staffOf)))) &&
    words.every(
      (found) =>
        entry.search.includes(found.word) || found.associations.some((named) => belongs(entry, named)),
    );
}
