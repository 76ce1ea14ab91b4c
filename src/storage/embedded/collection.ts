import { mongo } from 'mongoose';
import type { Doc } from './bson.js';
import { readCollation } from './collation.js';
import {
  checkNotExplained,
  checkOptions,
  decodeOptions,
  maxTime,
  type DriverOptions,
} from './driver-options.js';
import { isServerError, unsupported } from './errors.js';
import {
  AggregationCursor,
  FindCursor,
  FindSource,
  type AggregateDriverOptions,
  type FindOptions,
} from './find-cursor.js';
import { CollectionIndexes } from './collection-indexes.js';
import { compileFoundProjection } from './projection.js';
import { readFilter, type Filter } from './query/filter.js';
import { countDocuments } from './read/count.js';
import { distinctValues } from './read/distinct.js';
import { locate } from './read/locate.js';
import { readCount, readSort } from './read/options.js';
import { compileReplacement, compileUpdate, type Update } from './update/update.js';
import { turn } from './retry.js';
import { BulkReader, insertsOf } from './write/bulk-steps.js';
import { runBulk } from './write/bulk.js';
import { findAndModify, type FindAndModifyOptions } from './write/find-and-modify.js';
import {
  deleteManyOperation,
  deleteOneOperation,
  insertOperation,
  prepareInsert,
  updateManyOperation,
  updateOneOperation,
  type UpdateResult,
} from './write/modify.js';
import { perform, type TargetRequest } from './write/target.js';

export interface WriteOptions extends DriverOptions {
  upsert?: unknown;
  arrayFilters?: unknown;
  collation?: unknown;
  hint?: unknown;
  sort?: unknown;
  ordered?: unknown;
}

/** A collection with the official driver's method names, for Mongoose. */
export class EmbeddedCollection extends CollectionIndexes {
  get namespace(): string {
    return this.engine.namespace(this.collectionName);
  }

  get dbName(): string {
    return this.engine.name;
  }

  find(filter: unknown = {}, options?: FindOptions): FindCursor {
    return new FindCursor(this.engine, this.collectionName, filter, checkOptions(options));
  }

  async findOne(filter: unknown = {}, given?: FindOptions): Promise<Doc | null> {
    const options = checkOptions(given);
    if (options.explain)
      return new FindCursor(this.engine, this.collectionName, filter, { ...options, limit: 1 }).explain();
    const read = this.#filter(filter, options);
    const decode = decodeOptions(options);
    const request = { collection: this.collectionName, filter: read, hint: options.hint };
    const located = options.skip
      ? undefined
      : await this.engine.read(() => locate(this.engine, { ...request, ...(decode && { decode }) }));
    if (located !== undefined) {
      const project = compileFoundProjection(options.projection, read, this.engine.clock.now());
      return located && project ? project(located) : (located?.doc ?? null);
    }
    const source = new FindSource(this.engine, this.collectionName, read, { ...options, limit: 1 });
    const [doc] = (await source.next()) ?? [];
    return doc ?? null;
  }

  aggregate(pipeline: unknown = [], options?: AggregateDriverOptions): AggregationCursor {
    return new AggregationCursor(this.engine, this.collectionName, pipeline, checkOptions(options));
  }

  async countDocuments(filter: unknown = {}, given?: FindOptions): Promise<number> {
    const options = checkNotExplained(given);
    return countDocuments(
      this.engine,
      {
        collection: this.collectionName,
        filter: this.#filter(filter, options),
        skip: readCount('skip', options.skip),
        limit: readCount('limit', options.limit),
        hint: options.hint,
      },
      maxTime(options),
    );
  }

  count(filter: unknown = {}, options?: FindOptions): Promise<number> {
    return this.countDocuments(filter, options);
  }

  estimatedDocumentCount(options?: FindOptions): Promise<number> {
    return this.countDocuments({}, { maxTimeMS: options?.maxTimeMS });
  }

  async distinct(key: string, filter: unknown = {}, given?: FindOptions): Promise<unknown[]> {
    const options = checkNotExplained(given);
    return distinctValues(
      this.engine,
      this.collectionName,
      key,
      this.#filter(filter, options),
      maxTime(options),
    );
  }

  async insertOne(doc: Doc, options?: WriteOptions): Promise<Doc> {
    checkNotExplained(options);
    const { id, bytes } = prepareInsert(doc);
    try {
      await perform(this.engine, insertOperation(this.engine, this.collectionName, bytes));
    } catch (error) {
      if (isServerError(error)) error.index ??= 0;
      throw error;
    }
    return { acknowledged: true, insertedId: id };
  }

  async insertMany(docs: Doc[], given?: WriteOptions): Promise<Doc> {
    const options = checkNotExplained(given);
    const result = await this.#bulk(insertsOf(docs), {}, options.ordered !== false);
    return { acknowledged: true, insertedCount: result.insertedCount, insertedIds: result.insertedIds };
  }

  async bulkWrite(operations: unknown, given?: WriteOptions): Promise<mongo.BulkWriteResult> {
    const options = checkNotExplained(given);
    return this.#bulk(operations, options, options.ordered !== false);
  }

  async #bulk(operations: unknown, options: Doc, ordered: boolean): Promise<mongo.BulkWriteResult> {
    const reader = new BulkReader(this.engine, this.collectionName, operations, options);
    while (!reader.readSome()) await turn();
    return runBulk(this.engine, reader.steps, ordered, reader.insertedIds);
  }

  async updateOne(filter: unknown, update: unknown, given?: WriteOptions): Promise<UpdateResult> {
    const options = checkNotExplained(given);
    const request = this.#target(filter, options);
    return this.#updateOne(request, this.#update(update, request.filter, options), options);
  }

  async replaceOne(filter: unknown, replacement: unknown, given?: WriteOptions): Promise<UpdateResult> {
    const options = checkNotExplained(given);
    return this.#updateOne(this.#target(filter, options), compileReplacement(replacement), options);
  }

  #updateOne(request: TargetRequest, update: Update, options: WriteOptions): Promise<UpdateResult> {
    return perform(this.engine, updateOneOperation(this.engine, request, update, options.upsert === true));
  }

  async updateMany(filter: unknown, update: unknown, given?: WriteOptions): Promise<UpdateResult> {
    const options = checkNotExplained(given);
    const request = this.#target(filter, options);
    const operation = updateManyOperation(
      this.engine,
      request,
      this.#update(update, request.filter, options),
      options.upsert === true,
    );
    const { error, ...result } = await perform(this.engine, operation);
    if (error !== undefined) throw error as Error;
    return result;
  }

  async deleteOne(filter: unknown = {}, given?: WriteOptions): Promise<Doc> {
    const request = this.#target(filter, checkNotExplained(given));
    const deleted = await perform(this.engine, deleteOneOperation(this.engine, request));
    return { acknowledged: true, deletedCount: deleted ? 1 : 0 };
  }

  async deleteMany(filter: unknown = {}, given?: WriteOptions): Promise<Doc> {
    const request = this.#target(filter, checkNotExplained(given));
    const { found, error } = await perform(this.engine, deleteManyOperation(this.engine, request));
    if (error !== undefined) throw error as Error;
    return { acknowledged: true, deletedCount: found };
  }

  async findOneAndUpdate(
    filter: unknown,
    update: unknown,
    given?: FindAndModifyOptions,
  ): Promise<Doc | null> {
    const options = checkNotExplained(given);
    const request = this.#target(filter, options);
    return findAndModify(this.engine, request, this.#update(update, request.filter, options), options);
  }

  async findOneAndReplace(
    filter: unknown,
    replacement: unknown,
    given?: FindAndModifyOptions,
  ): Promise<Doc | null> {
    const options = checkNotExplained(given);
    return findAndModify(
      this.engine,
      this.#target(filter, options),
      compileReplacement(replacement),
      options,
    );
  }

  async findOneAndDelete(filter: unknown, given?: FindAndModifyOptions): Promise<Doc | null> {
    const options = checkNotExplained(given);
    return findAndModify(this.engine, this.#target(filter, options), undefined, options);
  }

  #filter(filter: unknown, options: { collation?: unknown }): Filter {
    return readFilter(filter, { collation: readCollation(options.collation), now: this.engine.clock.now() });
  }

  #target(filter: unknown, options: WriteOptions): TargetRequest {
    return {
      collection: this.collectionName,
      filter: this.#filter(filter, options),
      sort: readSort(options.sort),
      hint: options.hint,
    };
  }

  #update(update: unknown, filter: Filter, { arrayFilters }: WriteOptions): Update {
    return compileUpdate(update, filter, { arrayFilters, now: this.engine.clock.now() });
  }

  /** Returns whether there was something to drop. */
  async drop(): Promise<boolean> {
    return this.engine.write(() => {
      const info = this.engine.catalog.find(this.collectionName);
      if (info) this.engine.dropCollection(info);
      return info !== undefined;
    });
  }

  options(): Promise<Doc> {
    return Promise.resolve({});
  }

  isCapped(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** The rest of the driver's methods say by name that they are missing. */
for (const name of Object.getOwnPropertyNames(mongo.Collection.prototype)) {
  if (name in EmbeddedCollection.prototype) continue;
  Object.defineProperty(EmbeddedCollection.prototype, name, {
    configurable: true,
    writable: true,
    value: () => {
      throw name === 'watch'
        ? unsupported('change streams (watch)')
        : unsupported(`the collection method ${name}`);
    },
  });
}
