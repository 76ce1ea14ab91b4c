import type { Model } from 'mongoose';
import { follow } from '../follow.js';
import type { DirectoryVersionStore } from '../version.store.js';
import { createCardLists, type FoundIds } from './card-lists.js';
import type { Visibility } from './card.js';
import type { Row } from './cards.model.js';
import type { CardQuery } from './cards.store.js';

type Read = Pick<Row, 'sortKey' | 'search' | 'visibility' | 'associationIds' | 'programmes' | 'subjects'> & {
  readonly _id: { toString(): string };
};

const PROJECTION = {
  ...{ sortKey: 1, search: 1, visibility: 1, associationIds: 1, programmes: 1, subjects: 1 },
} as const;

export interface CardIndex {
  /** Ids of the cards that a query finds, in the order of a Russian list, and how many there are. */
  find(query: CardQuery, skip: number, limit: number): Promise<FoundIds>;
  /** Titles of the programmes of the teaching staff that has one of the visibilities. */
  programmes(visibility: readonly Visibility[]): Promise<ReadonlySet<string>>;
  /** Ids of the cards that have one of the visibilities; the same set until a card changes. */
  idsOf(visibility: readonly Visibility[]): Promise<ReadonlySet<string>>;
  /** A card is gone. */
  forget(id: string): void;
}

/**
 * Keeps in memory what lists and the search ask of cards (ADR 11). Whether a reader may see a card is decided by the
 * card as it is read from the database afterwards.
 */
export function createCardIndex(model: Pick<Model<Row>, 'find'>, version: DirectoryVersionStore): CardIndex {
  const lists = createCardLists();
  const bringUpToDate = follow(
    {
      async readChanges(since) {
        const filter = since === null ? {} : { updatedAt: { $gt: since } };
        for (const { _id, subjects, ...row } of await model.find(filter).select(PROJECTION).lean<Read[]>()) {
          const { sortKey, search, visibility, associationIds, programmes = [] } = row;
          const teaches = subjects.length > 0 || programmes.length > 0;
          lists.put({ id: _id.toString(), sortKey, search, visibility, associationIds, programmes, teaches });
        }
      },
      async forgetRemoved() {
        const left = await model.find({}).select({ _id: 1 }).lean<Pick<Read, '_id'>[]>();
        lists.keepOnly(new Set(left.map(({ _id }) => _id.toString())));
      },
    },
    version,
  );
  const current = async () => {
    await bringUpToDate();
    return lists;
  };

  return {
    forget: (id) => {
      lists.forget(id);
    },
    find: async (query, skip, limit) => (await current()).find(query, skip, limit),
    programmes: async (visibility) => (await current()).programmes(visibility),
    idsOf: async (visibility) => (await current()).idsOf(visibility),
  };
}
