import { EmbeddedStorage } from '../embedded/open.js';
import type { CollectionStats, FileStats } from '../embedded/stats.js';
import type { Storage } from '../index.js';
import { databaseOf } from './records.js';

export type { CollectionStats };

export interface StorageStats extends Omit<FileStats, 'freeBytes'> {
  readonly engine: Storage['engine'];
  readonly freeBytes?: number;
}

/** Reports the numbers and sizes of documents and index entries. */
export async function statsOf(storage: Storage): Promise<StorageStats> {
  if (storage instanceof EmbeddedStorage) return { engine: storage.engine, ...(await storage.stats()) };
  const collections: CollectionStats[] = [];
  const db = databaseOf(storage);
  for (const { name, type } of await db.listCollections().toArray()) {
    if (type !== 'collection' || name.startsWith('system.')) continue;
    const stats = await db.command({ collStats: name });
    const sizes = (stats.indexSizes ?? {}) as Record<string, number>;
    collections.push({
      name,
      documents: Number(stats.count ?? 0),
      bytes: Number(stats.storageSize ?? 0),
      indexes: Object.entries(sizes)
        .filter(([index]) => index !== '_id_')
        // MongoDB does not count entries.
        .map(([index, bytes]) => ({ name: index, bytes })),
    });
  }
  collections.sort((a, b) => (a.name < b.name ? -1 : 1));
  const bytes = collections.reduce(
    (sum, collection) =>
      sum + collection.bytes + collection.indexes.reduce((total, index) => total + index.bytes, 0),
    0,
  );
  return { engine: storage.engine, bytes, collections };
}
