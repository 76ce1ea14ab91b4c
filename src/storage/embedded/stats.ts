import type { Engine } from './engine.js';
import { turn } from './retry.js';

export interface IndexStats {
  readonly name: string;
  /** Not counted on MongoDB. */
  readonly entries?: number;
  readonly bytes: number;
}

export interface CollectionStats {
  readonly name: string;
  readonly documents: number;
  /** On the disk, documents alone. */
  readonly bytes: number;
  readonly indexes: readonly IndexStats[];
}

export interface FileStats {
  readonly bytes: number;
  /** Of `bytes`, what deleted documents left behind; new ones take its place. */
  readonly freeBytes: number;
  readonly collections: readonly CollectionStats[];
}

/** Walks the pages of every table, so it takes as long as the file is large; one table at a time. */
export async function fileStats(engine: Engine): Promise<FileStats> {
  const pageSize = await engine.read(() => Number(engine.db.value('PRAGMA page_size')));
  const { pages, free } = await engine.read(() => {
    engine.catalog.refresh();
    return {
      pages: Number(engine.db.value('PRAGMA page_count')),
      free: Number(engine.db.value('PRAGMA freelist_count')),
    };
  });
  const collections: CollectionStats[] = [];
  for (const { name, table, indexes } of engine.catalog.collections.values()) {
    const known: IndexStats[] = [];
    for (const index of indexes) {
      known.push({
        name: index.spec.name,
        entries: await countRows(engine, index.table),
        bytes: await bytesOf(engine, index.table),
      });
    }
    collections.push({
      name,
      documents: await countRows(engine, table),
      bytes: await bytesOf(engine, table),
      indexes: known,
    });
  }
  collections.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { bytes: pages * pageSize, freeBytes: free * pageSize, collections };
}

async function countRows(engine: Engine, table: string): Promise<number> {
  await turn();
  return engine.read(() => Number(engine.db.value(`SELECT count(*) FROM ${table}`)));
}

async function bytesOf(engine: Engine, table: string): Promise<number> {
  await turn();
  return engine.read(() =>
    Number(engine.db.statement('SELECT sum(pgsize) FROM dbstat WHERE name = ?').get([table])?.[0] ?? 0),
  );
}
