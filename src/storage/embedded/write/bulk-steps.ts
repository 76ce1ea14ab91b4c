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

export interface BulkPlan {
  readonly steps: BulkStep[];
  readonly insertedIds: BulkAccount['insertedIds'];
}

export function insertSteps(engine: Engine, collection: string, docs: readonly Doc[]): BulkPlan {
  if (!Array.isArray(docs)) throw badValue('Argument "docs" must be an array of documents');
  return bulkSteps(
    engine,
    collection,
    docs.map((document: Doc) => ({ insertOne: { document } })),
    {},
  );
}

/** Reads a bulk write: all of it, before the first step is done. */
export function bulkSteps(engine: Engine, collection: string, operations: unknown, options: Doc): BulkPlan {
  if (!Array.isArray(operations)) throw badValue('Argument "operations" must be an array of documents');
  const insertedIds: BulkAccount['insertedIds'] = [];
  const steps = (operations as unknown[]).map((model, index): BulkStep => {
    const [entry, ...more] = isDocument(model) ? Object.entries(model) : [];
    if (!entry || more.length > 0 || !isDocument(entry[1])) {
      throw badValue(
        'bulkWrite only supports insertOne, updateOne, updateMany, replaceOne, deleteOne, deleteMany',
      );
    }
    const [name, spec] = entry;
    if (name === 'insertOne') {
      const { id, bytes } = prepareInsert((spec.document ?? spec) as Doc);
      insertedIds.push({ index, _id: id });
      return step(spec, insertOperation(engine, collection, bytes), () => ({ counts: { nInserted: 1 } }));
    }
    return changeStep(engine, collection, name, { ...options, ...spec });
  });
  return { steps, insertedIds };
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
