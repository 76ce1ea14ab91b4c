import { isDocument, type Doc } from '../bson.js';
import { readCollation } from '../collation.js';
import { checkOptions } from '../driver-options.js';
import type { Engine } from '../engine.js';
import { badValue } from '../errors.js';
import { readFilter } from '../query/filter.js';
import { readSort } from '../read/options.js';
import { compileReplacement, compileUpdate } from '../update/update.js';
import type { BulkAccount, BulkChange, BulkStep } from './bulk.js';
import {
  deleteManyOperation,
  deleteOneOperation,
  insertOperation,
  prepareInsert,
  updateManyOperation,
  updateOneOperation,
  type UpdateManyOutcome,
} from './modify.js';
import { TOO_FAR, type TargetRequest, type WriteOperation } from './target.js';

/** Operations read before the event loop may turn. */
export const READ_AT_ONCE = 1000;

/** Reads a bulk write: all of it, before the first step is done. */
export class BulkReader {
  readonly steps: BulkStep[] = [];
  readonly insertedIds: BulkAccount['insertedIds'] = [];
  readonly #operations: readonly unknown[];

  constructor(
    private readonly engine: Engine,
    private readonly collection: string,
    operations: unknown,
    private readonly options: Doc,
  ) {
    if (!Array.isArray(operations)) throw badValue('Argument "operations" must be an array of documents');
    this.#operations = operations as unknown[];
  }

  /** @returns whether all are read @throws what is wrong with an operation */
  readSome(): boolean {
    const end = Math.min(this.steps.length + READ_AT_ONCE, this.#operations.length);
    while (this.steps.length < end) this.steps.push(this.#read(this.#operations[this.steps.length]));
    return end === this.#operations.length;
  }

  #read(model: unknown): BulkStep {
    const { engine, collection } = this;
    const [entry, ...more] = isDocument(model) ? Object.entries(model) : [];
    if (!entry || more.length > 0 || !isDocument(entry[1])) {
      throw badValue(
        'bulkWrite only supports insertOne, updateOne, updateMany, replaceOne, deleteOne, deleteMany',
      );
    }
    const [name, spec] = entry;
    if (name === 'insertOne') {
      const { id, bytes } = prepareInsert((spec.document ?? spec) as Doc);
      this.insertedIds.push({ index: this.steps.length, _id: id });
      return step(spec, insertOperation(engine, collection, bytes), () => ({ counts: { nInserted: 1 } }));
    }
    return changeStep(engine, collection, name, { ...this.options, ...spec });
  }
}

/** What `insertMany` does, as a bulk. */
export function insertsOf(docs: readonly Doc[]): Doc[] {
  if (!Array.isArray(docs)) throw badValue('Argument "docs" must be an array of documents');
  return docs.map((document: Doc) => ({ insertOne: { document } }));
}

function changeStep(engine: Engine, collection: string, name: string, spec: Doc): BulkStep {
  checkOptions(spec);
  const now = engine.clock.now();
  const request: TargetRequest = {
    collection,
    filter: readFilter(spec.filter, { collation: readCollation(spec.collation), now }),
    sort: readSort(spec.sort),
    hint: spec.hint,
  };
  const update = () => compileUpdate(spec.update, request.filter, { arrayFilters: spec.arrayFilters, now });
  const upserts = spec.upsert === true;
  switch (name) {
    case 'updateOne':
      return step(spec, updateOneOperation(engine, request, update(), upserts), changeOf);
    case 'replaceOne':
      return step(
        spec,
        updateOneOperation(engine, request, compileReplacement(spec.replacement), upserts),
        changeOf,
      );
    case 'updateMany':
      return step(spec, updateManyOperation(engine, request, update(), upserts), changeOf);
    case 'deleteOne':
      return step(spec, deleteOneOperation(engine, request), (found) => ({
        counts: { nRemoved: found ? 1 : 0 },
      }));
    case 'deleteMany':
      return step(spec, deleteManyOperation(engine, request), ({ found, error }) => ({
        counts: { nRemoved: found },
        error,
      }));
    default:
      throw badValue(`bulkWrite does not know the operation ${name}`);
  }
}

const changeOf = (result: UpdateManyOutcome): BulkChange => ({
  counts: { nMatched: result.matchedCount, nModified: result.modifiedCount },
  ...(result.upsertedCount > 0 && { upsertedId: result.upsertedId }),
  error: result.error,
});

function step<T>(source: unknown, operation: WriteOperation<T>, read: (result: T) => BulkChange): BulkStep {
  return {
    source,
    operation: {
      now: () => {
        const outcome = operation.now();
        return outcome === TOO_FAR ? TOO_FAR : read(outcome);
      },
      later: async () => read(await operation.later()),
    },
  };
}
