import type { Model } from 'mongoose';
import type { DirectoryVersion, DirectoryVersionStore } from '../version.store.js';
import { createCardLists, type CardLists, type FoundIds } from './card-lists.js';
import type { Visibility } from './card.js';
import type { Row } from './cards.model.js';
import type { CardQuery } from './cards.store.js';

type Read = Pick<Row, 'sortKey' | 'search' | 'visibility' | 'associationIds' | 'programmes' | 'subjects'> & {
  readonly _id: { toString(): string };
};

const PROJECTION = {
  ...{ sortKey: 1, search: 1, visibility: 1, associationIds: 1, programmes: 1, subjects: 1 },
} as const;

/** A write takes a moment. */
const OVERLAP_MS = 100;
/** Clocks of machines differ: each second, what was changed this long before is read once more. */
const WIDE_OVERLAP_MS = 20_000;
const WIDE_EACH_MS = 1_000;

export interface CardIndex {
  /** Ids of the cards that a query finds, in the order of a Russian list, and how many there are. */
  find(query: CardQuery, skip: number, limit: number): Promise<FoundIds>;
  /** Titles of the programmes of the teaching staff that has one of the visibilities. */
  programmes(visibility: readonly Visibility[]): Promise<ReadonlySet<string>>;
  /** A card is gone. */
  forget(id: string): void;
}

/**
 * Keeps in memory what lists and the search ask of cards (ADR 11). Before a query it reads the cards that were changed
 * since the last one, by any process, unless the directory's version says that there are none. Whether a reader may
 * see a card is decided by the card as it is read from the database afterwards.
 */
export function createCardIndex(model: Pick<Model<Row>, 'find'>, version: DirectoryVersionStore): CardIndex {
  const lists = createCardLists();
  let readUntil = 0;
  let wideAt = 0;
  /** The version that the lists are known to show; null while changes may be under way. */
  let shown: DirectoryVersion | null = null;
  let removals = 0;
  let reading: Promise<void> | null = null;

  async function read(now: DirectoryVersion): Promise<void> {
    const begun = Date.now();
    const wide = begun - wideAt > WIDE_EACH_MS || now.settled;
    const since = readUntil - (wide ? WIDE_OVERLAP_MS : OVERLAP_MS);
    const changes = readUntil === 0 ? {} : { updatedAt: { $gt: new Date(since) } };
    for (const { _id, subjects, ...row } of await model.find(changes).select(PROJECTION).lean<Read[]>()) {
      const { sortKey, search, visibility, associationIds, programmes = [] } = row;
      const teaches = subjects.length > 0 || programmes.length > 0;
      lists.put({ id: _id.toString(), sortKey, search, visibility, associationIds, programmes, teaches });
    }
    if (now.settled && now.removals !== removals) {
      const left = await model.find({}).select({ _id: 1 }).lean<Pick<Read, '_id'>[]>();
      lists.keepOnly(new Set(left.map(({ _id }) => _id.toString())));
      removals = now.removals;
    }
    readUntil = begun;
    if (wide) wideAt = begun;
    shown = now.settled ? now : null;
  }

  async function current(): Promise<CardLists> {
    // A query that begins later waits for a reading that begins later as well.
    const before = reading;
    if (before !== null) await before.catch(() => undefined);
    const now = await version.now();
    if (shown !== null && now.settled && now.number === shown.number) return lists;
    reading ??= read(now).finally(() => (reading = null));
    await reading;
    return lists;
  }

  return {
    forget: (id) => {
      lists.forget(id);
    },
    find: async (query, skip, limit) => (await current()).find(query, skip, limit),
    programmes: async (visibility) => (await current()).programmes(visibility),
  };
}
