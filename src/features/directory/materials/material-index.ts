import type { Model, Types } from 'mongoose';
import { follow } from '../follow.js';
import type { DirectoryVersionStore } from '../version.store.js';
import { createMaterialLists, type MaterialEntry, type MaterialLists } from './material-lists.js';

/** A stored material. */
export interface MaterialIndexRow extends Omit<MaterialEntry, 'id'> {
  /** When it was written, by the clock of the machine; absent on one that is older than the field. */
  readonly changedAt?: Date;
}

type Read = Omit<MaterialEntry, 'id'> & { readonly _id: Types.ObjectId };

const PROJECTION = {
  ...{ key: 1, cardId: 1, audience: 1, topic: 1, updatedAt: 1, searchTerms: 1 },
} as const;

export interface MaterialIndex {
  current(): Promise<Pick<MaterialLists, 'find' | 'topics' | 'keys'>>;
  /** A material is gone. */
  forget(id: string): void;
}

/**
 * Keeps in memory what lists and the search ask of materials (ADR 11). Whether a reader may see one is decided by the
 * material and its card as they are read from the database afterwards.
 */
export function createMaterialIndex<Row extends MaterialIndexRow>(
  model: Pick<Model<Row>, 'find'>,
  version: DirectoryVersionStore,
): MaterialIndex {
  const lists = createMaterialLists();
  const bringUpToDate = follow(
    {
      async readChanges(since) {
        const filter = since === null ? {} : { changedAt: { $gt: since } };
        for (const { _id, ...row } of await model.find(filter).select(PROJECTION).lean<Read[]>())
          lists.put({ ...row, id: _id.toString() });
      },
      async forgetRemoved() {
        const left = await model.find({}).select({ _id: 1 }).lean<Pick<Read, '_id'>[]>();
        lists.keepOnly(new Set(left.map(({ _id }) => _id.toString())));
      },
    },
    version,
  );
  return {
    async current() {
      await bringUpToDate();
      return lists;
    },
    forget: (id) => {
      lists.forget(id);
    },
  };
}
