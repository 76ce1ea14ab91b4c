import { isDocument, normalize, type Doc } from './bson.js';
import { buildIndex } from './build-index.js';
import { checkNotExplained } from './driver-options.js';
import type { Engine } from './engine.js';
import { dropIndex, indexExists, listIndexes, readIndexSpec } from './indexes.js';

/** What a collection can do with its indexes, with the official driver's method names. */
export class CollectionIndexes {
  constructor(
    protected readonly engine: Engine,
    readonly collectionName: string,
  ) {}

  async createIndex(key: unknown, options?: Doc): Promise<string> {
    const spec = readIndexSpec(key, checkNotExplained(options));
    return buildIndex(this.engine, this.collectionName, spec);
  }

  /** All of them or, when one cannot be built, none of the new ones. */
  async createIndexes(specs: readonly Doc[], options?: Doc): Promise<string[]> {
    checkNotExplained(options);
    const fresh: string[] = [];
    const names: string[] = [];
    for (const spec of specs.map(({ key, ...rest }) => readIndexSpec(key, rest))) {
      const there = await this.engine.read(() => indexExists(this.engine, this.collectionName, spec));
      try {
        names.push(await buildIndex(this.engine, this.collectionName, spec));
      } catch (error) {
        for (const name of fresh) await this.dropIndex(name);
        throw error;
      }
      if (!there) fresh.push(spec.name);
    }
    return names;
  }

  async dropIndex(wanted: unknown): Promise<Doc> {
    const name: unknown = isDocument(wanted) ? normalize(wanted) : wanted;
    await this.engine.write(() => dropIndex(this.engine, this.collectionName, name));
    return { ok: 1 };
  }

  async dropIndexes(): Promise<boolean> {
    await this.engine.write(() => dropIndex(this.engine, this.collectionName, '*'));
    return true;
  }

  async indexes(): Promise<Doc[]> {
    return this.engine.read(() => listIndexes(this.engine, this.collectionName));
  }

  listIndexes(): { toArray(): Promise<Doc[]> } {
    return { toArray: () => this.indexes() };
  }

  async indexExists(names: string | string[]): Promise<boolean> {
    const known = await this.indexes();
    return [names].flat().every((wanted) => known.some(({ name }) => name === wanted));
  }

  async indexInformation(): Promise<Doc> {
    const indexes = await this.indexes();
    return Object.fromEntries(indexes.map(({ name, key }) => [name as string, Object.entries(key as Doc)]));
  }
}
