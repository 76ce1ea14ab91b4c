import { decode, type Doc } from '../bson.js';
import { decodeOptions, type DriverOptions } from '../driver-options.js';
import { deleteDocument } from '../documents.js';
import type { Engine } from '../engine.js';
import { compileFoundProjection } from '../projection.js';
import { LazyFound } from '../read/found.js';
import type { Update } from '../update/update.js';
import { modify, upsert, type Modified } from './modify.js';
import { onOne, perform, type TargetRequest } from './target.js';

export interface FindAndModifyOptions extends DriverOptions {
  upsert?: unknown;
  /** 'before' (the default) or 'after'. */
  returnDocument?: unknown;
  returnOriginal?: unknown;
  projection?: unknown;
  sort?: unknown;
  hint?: unknown;
  collation?: unknown;
  arrayFilters?: unknown;
  includeResultMetadata?: unknown;
}

/**
 * Finds one document and changes it in one atomic step.
 * @param update undefined to delete it
 * @returns the document, or with `includeResultMetadata` the server's whole answer
 */
export async function findAndModify(
  engine: Engine,
  request: TargetRequest,
  update: Update | undefined,
  options: FindAndModifyOptions,
): Promise<Doc | null> {
  const project = compileFoundProjection(options.projection, request.filter);
  const upserts = options.upsert === true && update !== undefined;
  const { collection, filter } = request;
  const modified = await perform(
    engine,
    onOne(engine, request, (found): Modified | undefined => {
      if (!found) return upserts ? upsert(engine, collection, filter, update) : undefined;
      if (update) return modify(engine, collection, found, update);
      deleteDocument(engine, engine.collectionForWrite(collection), found.seq, found.doc);
      return { before: found.bytes, after: found.bytes, changed: true };
    }),
  );
  const after = options.returnDocument === 'after' || options.returnOriginal === false;
  const bytes = modified && (after ? modified.after : modified.before);
  const found = bytes && new LazyFound(0, bytes, false, decodeOptions(options));
  const value = found && project ? project(found) : (found?.doc ?? null);
  if (options.includeResultMetadata !== true) return value;
  const inserted = modified !== undefined && modified.before === undefined;
  return {
    value,
    lastErrorObject: {
      n: modified ? 1 : 0,
      ...(update && { updatedExisting: modified !== undefined && !inserted }),
      ...(inserted && { upserted: decode(modified.after)._id }),
    },
    ok: 1,
  };
}
